"""The journal of a worker: each attempt, and every call that it makes, as a line at once.

A line is one of
    {"type": "attempt.started", "at": ..., "attempt": ID, "task_id": ..., ...}
    {"type": "event", "attempt": ID, "event": {...}}          what happened in it
    {"type": "event", "attempt": ID, "member": ..., "event": {...}}    what a team's member did
    {"type": "attempt.finished", "at": ..., "attempt": ID, "of": {...}}
and holds everything that is ever told of the run: the warehouse and the report read nothing else.
"""

import json
import os
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter, ValidationError

from ...memory.journal import Journal, event_json, parse_event
from ...records.attempt import Attempt
from ...records.errors import SetupError
from ...records.events import AnswerDelta, BudgetTold, Event, RoundStarted, RunStarted, RunStopped
from ...records.json_types import JsonObject
from .member_calls import MemberRun
from .places import journal_paths
from .spec import AttemptSpec, Key

_LEFT_OUT = (
    RoundStarted,
    BudgetTold,
    AnswerDelta,
    RunStopped,
)  # told elsewhere, or not needed
_STARTED, _FINISHED, _EVENT = (
    b'{"type":"attempt.started"',
    b'{"type":"attempt.finished"',
    b'{"type":"event"',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """An attempt that was begun."""

    at: float
    """Seconds since the epoch."""
    spec: AttemptSpec
    """What it is an attempt at."""
    suite_sha256: str
    """Content of the suite."""
    worker: str
    """The worker that began it."""


class BenchJournal:
    """The journal of one worker, open for appending."""

    def __init__(
        self, path: Path, *, worker: str, suite_sha256: str, clock: Callable[[], float]
    ) -> None:
        """Open or create it.

        Args:
            path: Its file.
            worker: Name of the worker.
            suite_sha256: Content of the suite.
            clock: Seconds since the epoch.

        Raises:
            SetupError: The file cannot be written.
        """
        self._journal = Journal(path)
        self._worker = worker
        self._suite = suite_sha256
        self._clock = clock

    def start(self, spec: AttemptSpec) -> None:
        """Write that an attempt begins."""
        line = {
            "type": "attempt.started",
            "at": self._clock(),
            "attempt": spec.attempt_id,
            "worker": self._worker,
            "pid": os.getpid(),
            "suite_sha256": self._suite,
            **spec.key._asdict(),
            "retry": spec.retry,
        }
        self._journal.append_line(
            json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()
        )

    def tell_members(
        self,
        spec: AttemptSpec,
        members: Sequence[MemberRun],
        *,
        told: Container[bytes] = frozenset(),
    ) -> None:
        """Write what the members of a team did in an attempt, under their names.

        Args:
            spec: The attempt.
            members: What they did.
            told: Lines that stand in a journal already, and are not written again.
        """
        for run in members:
            name = json.dumps(run.member)
            head = f'{{"type":"event","attempt":"{spec.attempt_id}","member":{name},"event":'
            lines = (head.encode() + event_json(event) + b"}" for event in run.events)
            for line in lines:
                if line not in told:
                    self._journal.append_line(line)

    def hear(self, spec: AttemptSpec, event: Event) -> None:
        """Write what happened in an attempt."""
        if isinstance(event, RunStarted):  # its id finds the run again; the task stands elsewhere
            event = replace(event, question="", settings={})
        if not isinstance(event, _LEFT_OUT):
            head = f'{{"type":"event","attempt":"{spec.attempt_id}","event":'.encode()
            self._journal.append_line(head + event_json(event) + b"}")

    def finish(self, spec: AttemptSpec, attempt: Attempt) -> None:
        """Write what came of an attempt."""
        head = (
            f'{{"type":"attempt.finished","at":{self._clock()!r},'
            f'"attempt":"{spec.attempt_id}","of":'
        )
        self._journal.append_line(head.encode() + _attempts().dump_json(attempt) + b"}")

    def revise(self, attempt_id: str, attempt: Attempt, *, revision: int) -> None:
        """Write what is told anew of an attempt; the highest revision holds."""
        head = (
            f'{{"type":"attempt.finished","at":{self._clock()!r},'
            f'"attempt":"{attempt_id}","revision":{revision},"of":'
        )
        self._journal.append_line(head.encode() + _attempts().dump_json(attempt) + b"}")

    def close(self) -> None:
        """Close the file."""
        self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class BenchLog:
    """What the journals of a run tell, read once."""

    def __init__(self) -> None:
        self.started: dict[str, Started] = {}
        """Attempts that were begun, by id."""
        self.finished: dict[str, Attempt] = {}
        """Attempts that ended, by id."""
        self._events: dict[str, list[bytes]] = {}
        self._revisions: dict[str, int] = {}

    def revision(self, attempt_id: str) -> int:
        """Return how often an attempt was told anew."""
        return self._revisions.get(attempt_id, 0)

    @property
    def in_flight(self) -> dict[str, Started]:
        """Attempts that were begun and did not end."""
        return {each: of for each, of in self.started.items() if each not in self.finished}

    def events(self, attempt_id: str) -> list[Event]:
        """Return what happened in an attempt that did not end, but for what its members did."""
        own = (line for line in self._events.get(attempt_id, ()) if not _is_of_member(line))
        found = (_event(line) for line in own)
        return [event for event in found if event is not None]

    def member_lines(self, attempt_id: str) -> frozenset[bytes]:
        """Return the lines on members of an attempt that did not end."""
        lines = self._events.get(attempt_id, ())
        return frozenset(line.rstrip(b"\n") for line in lines if _is_of_member(line))

    def add(self, path: Path) -> None:
        """Take in a journal; half-written lines are passed over.

        Raises:
            SetupError: It cannot be read.
        """
        try:
            with path.open("rb") as file:
                for line in file:
                    self._note(line)
        except OSError as err:
            raise SetupError(f"cannot read the journal {path}: {err.strerror or err}") from err

    def _note(self, line: bytes) -> None:
        if line.startswith(_EVENT):
            attempt = line[27 : line.find(b'"', 27)].decode()
            if attempt not in self.finished:
                self._events.setdefault(attempt, []).append(line)
        elif line.startswith(_STARTED):
            found = _read(line)
            if found is not None:
                self.started[str(found["attempt"])] = _started(found)
        elif line.startswith(_FINISHED):
            found = _read_finished(line)
            if found is not None:
                self._finish(found)

    def _finish(self, found: "_Finished") -> None:
        """Keep the record of an attempt; that it was given up for lost does not undo its end."""
        known = self.finished.get(found.attempt)
        told = self.revision(found.attempt)
        is_better = found.revision == told and known is not None and known.status == "abandoned"
        if known is None or found.revision > told or is_better:
            self.finished[found.attempt] = found.of
            self._revisions[found.attempt] = found.revision
        self._events.pop(found.attempt, None)


@dataclass(frozen=True, slots=True)
class _Finished:
    attempt: str
    of: Attempt
    revision: int = 0


def read_log(folder: Path) -> BenchLog:
    """Read all journals of a run's folder.

    Raises:
        SetupError: One cannot be read.
    """
    log = BenchLog()
    for path in journal_paths(folder):
        log.add(path)
    return log


def _started(found: JsonObject) -> Started:
    key = Key(str(found["agent_sha256"]), str(found["task_id"]), int(str(found["epoch"])))
    return Started(
        at=float(str(found["at"])),
        spec=AttemptSpec(key, int(str(found["retry"]))),
        suite_sha256=str(found["suite_sha256"]),
        worker=str(found["worker"]),
    )


def _is_of_member(line: bytes) -> bool:
    return b'","member":' in line[: line.find(b'"event":{')]


def _event(line: bytes) -> Event | None:
    start = line.find(b'"event":{')
    return None if start < 0 else parse_event(line[start + 8 : line.rfind(b"}")])


def _read(line: bytes) -> JsonObject | None:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _read_finished(line: bytes) -> _Finished | None:
    try:
        return _finished().validate_json(line)
    except ValidationError:
        return None


@cache
def _attempts() -> TypeAdapter[Attempt]:
    return TypeAdapter(Attempt)


@cache
def _finished() -> TypeAdapter[_Finished]:
    return TypeAdapter(_Finished)
