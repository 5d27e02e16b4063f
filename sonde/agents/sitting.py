"""A sitting of a run: it is opened anew, or taken up where it was broken off."""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from ..costs.budget import Guard, WorstCase
from ..costs.day_ledger import DayAccount
from ..costs.ledger import Ledger
from ..costs.purse import Purse
from ..memory.evidence import EvidenceStore
from ..memory.home import RunFolder
from ..memory.journal import Journal, JournalContents, read_journal
from ..memory.run_lock import RunLock
from ..records.errors import SetupError
from ..records.events import RunResumed, RunStarted
from .checkpoints import checkpoint_tables
from .record import RunRecord, replay
from .run import Listener, Run
from .settings import RunSettings

_SETTINGS = TypeAdapter(RunSettings)


def open_run(
    folder: RunFolder,
    *,
    question: str | None,
    settings: RunSettings,
    reserve: WorstCase,
    count_tokens: Callable[[str], int],
    is_taken_up: bool = True,
    listeners: Sequence[Listener] = (),
    clock: Callable[[], float] = time.monotonic,
    purse: Purse | None = None,
    day: DayAccount | None = None,
) -> Run:
    """Open a new run, or one that was broken off.

    Args:
        folder: The run's folder.
        question: What is asked; None to go on with a stored run.
        settings: How the run is to be made.
        reserve: Worst case of the final answer, kept for it.
        count_tokens: What counts tokens.
        is_taken_up: Whether a stored run is to go on; else it is opened to be read.
        listeners: Who hears of events.
        clock: Seconds, from any zero.
        purse: A limit that the run shares with others.
        day: The limit of the day, which it shares with all processes.

    Raises:
        SetupError: The folder cannot be used, holds no run or not all of it, or another process
            works on it.
    """
    with ExitStack() as held:  # a run that cannot be opened is let go of
        lock = RunLock(folder)
        held.callback(lock.close)
        past = _Past() if question is not None else _past_of(folder)
        record, ledger = past.record, past.ledger
        store = EvidenceStore(folder.evidence, more_tables=checkpoint_tables())
        held.callback(store.close)
        if is_taken_up:
            _check_whole(folder, record, store)
        journal = Journal(folder.journal)
        held.pop_all()
    run = Run(
        folder=folder,
        question=question or (record.started.question if record.started else ""),
        store=store,
        journal=journal,
        ledger=ledger,
        record=record,
        guard=Guard(
            settings.budget,
            ledger,
            reserve=reserve,
            clock=clock,
            seconds_before=record.seconds,
            purse=purse,
            day=day,
        ),
        count_tokens=count_tokens,
        listeners=[*([day.hear] if day else []), *listeners],
        lock=lock,
        day=day,
    )
    if past.contents is None:
        run.emit(
            RunStarted(
                at=run.now(),
                run_id=folder.run_id,
                question=run.question,
                settings=settings.as_json(),
            )
        )
    elif is_taken_up:
        _tell_resumed(run, past.lost_calls, past.contents, settings)
    return run


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What came of a run before this sitting: of a new one nothing."""

    record: RunRecord = field(default_factory=RunRecord)
    """What it has done."""
    ledger: Ledger = field(default_factory=Ledger)
    """What it has taken."""
    lost_calls: int = 0
    """Model calls that were under way when it broke off."""
    contents: JournalContents | None = None
    """Its journal; None for a new run."""


def _past_of(folder: RunFolder) -> _Past:
    """Return what the journal of a stored run tells.

    Raises:
        SetupError: It cannot be read, or has no start.
    """
    contents = read_journal(folder.journal)
    record, ledger = replay(contents.events), Ledger()
    if record.started is None:
        raise SetupError(f"run {folder.run_id} holds no readable start; it cannot be resumed")
    for event in contents.events:
        ledger.book(event)
    lost = ledger.close_sitting()
    return _Past(record=record, ledger=ledger, lost_calls=lost, contents=contents)


def _check_whole(folder: RunFolder, record: RunRecord, store: EvidenceStore) -> None:
    """Refuse a run whose store lacks what its journal tells of: a power cut can do that."""
    told = [*record.decisions.values(), *record.results.values()]
    gone = store.missing(told)
    if gone:
        raise SetupError(
            f"run {folder.run_id} cannot go on: {folder.evidence} lacks {len(gone)} of {len(told)} "
            "texts that its journal tells of; ask the question again"
        )


def _tell_resumed(
    run: Run, lost_calls: int, contents: JournalContents, settings: RunSettings
) -> None:
    torn_bytes, unreadable = contents.torn_bytes, contents.unreadable_lines
    run.emit(
        RunResumed(
            at=run.now(),
            lost_bytes=torn_bytes,
            calls_in_flight=lost_calls,
            settings=settings.as_json(),
        )
    )
    if lost_calls:
        calls, their = "1 model call was", "its"
        if lost_calls > 1:
            calls, their = f"{lost_calls} model calls were", "their"
        run.warn(f"{calls} under way when the run broke off: {their} tokens and price are unknown")
    if torn_bytes:
        run.warn(f"the journal's last line was half-written ({torn_bytes} bytes) and is ignored")
    if unreadable:
        run.warn(
            f"{unreadable} line(s) of the journal cannot be read and are ignored: what they may "
            "have cost is not on the bill"
        )


def settings_of(record: RunRecord) -> RunSettings:
    """Return the settings of a stored run's latest sitting.

    Raises:
        SetupError: The run has no readable start, or this version cannot read its settings.
    """
    if record.started is None:
        raise SetupError("the run holds no readable start; ask the question again")
    try:
        return _SETTINGS.validate_json(json.dumps(record.settings))
    except ValidationError as err:
        raise SetupError(
            f"the settings of run {record.started.run_id} cannot be read by this version; "
            "ask the question again"
        ) from err
