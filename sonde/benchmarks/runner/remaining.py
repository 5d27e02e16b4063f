"""What is left to be done of a run, and what a broken-off one leaves behind."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...costs.purse import Sum
from ...records.attempt import Attempt
from .bench_journal import BenchJournal, BenchLog, Started
from .manifest import Manifest
from .member_calls import MemberRun, member_runs
from .outcome import CUT, Frame, broken_off
from .spec import AttemptSpec, Key, Shard

_DONE = ("scored", "unscored")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """What a sitting begins with."""

    specs: tuple[AttemptSpec, ...]
    """Attempts that are to be made."""
    done: tuple[Attempt, ...]
    """Attempts that need not be made again: of several machines' at one task, the latest."""
    spent_before: tuple[Attempt, ...]
    """All attempts that were made before, those that are made again too."""
    total: int
    """Attempts of the run, or of its shard."""


def give_up_lost(
    log: BenchLog, journal: BenchJournal, manifest: Manifest, shard: Shard | None, *, home: Path
) -> int:
    """Write down as abandoned what was under way when its process died; return how many.

    Attempts of other shards are left alone.

    Args:
        log: What the journals tell.
        journal: Where it is written down.
        manifest: The run.
        shard: The part that is run here; None is all.
        home: Where the agents' runs stand.
    """
    known = {agent.sha256 for agent in manifest.agents}
    lost = 0
    for started in log.in_flight.values():
        key = started.spec.key
        if key.agent_sha256 not in known or (shard is not None and not shard.has(key)):
            continue
        give_up(log, journal, started, home=home)
        lost += 1
    return lost


def give_up(log: BenchLog, journal: BenchJournal, started: Started, *, home: Path) -> Attempt:
    """Write one attempt down as abandoned, with the tokens of its calls, and return its record.

    Args:
        log: What the journals tell; it knows the record from here on.
        journal: Where it is written down.
        started: The attempt.
        home: Where the agents' runs stand.
    """
    attempt_id = started.spec.attempt_id
    members = member_runs(log.events(attempt_id), home)
    record = left_under_way(log, started, members)
    journal.tell_members(started.spec, members, told=log.member_lines(attempt_id))
    journal.finish(started.spec, record)
    log.finished[attempt_id] = record
    return record


def left_under_way(log: BenchLog, started: Started, members: Sequence[MemberRun]) -> Attempt:
    """Return the record of an attempt whose process died, with what its calls took."""
    frame = Frame(spec=started.spec, suite_sha256=started.suite_sha256)
    events = log.events(started.spec.attempt_id)
    return broken_off(frame, events, status="abandoned", members=members)


def remaining(
    log: BenchLog,
    manifest: Manifest,
    shard: Shard | None,
    *,
    only: Container[Key] | None = None,
    first_retry: int = 0,
) -> Remaining:
    """Return what is to be made: everything that is missing, and what met an error or was lost.

    Args:
        log: What the journals tell.
        manifest: The run.
        shard: The part that is run here; None is all.
        only: The attempts that may be made now; None is all.
        first_retry: Least retry number.
    """
    keys = [
        key
        for key in manifest.keys
        if (shard is None or shard.has(key)) and (only is None or key in only)
    ]
    wanted = set(keys)
    tries = _tries(log)
    done: dict[Key, Attempt] = {}
    before: list[Attempt] = []
    for attempt_id, attempt in log.finished.items():
        key = key_of(attempt)
        if key not in wanted:
            continue
        before.append(attempt)
        if attempt.status in _DONE and CUT not in attempt.detail:
            done[key] = max(done.get(key, attempt), attempt, key=lambda each: each.retry)
        if attempt_id not in log.started:
            tries[key] += 1
    return Remaining(
        specs=tuple(
            AttemptSpec(key, max(tries[key], first_retry)) for key in keys if key not in done
        ),
        done=tuple(done.values()),
        spent_before=tuple(before),
        total=len(keys),
    )


def _tries(log: BenchLog) -> Counter[Key]:
    """Return the next retry number of each key: no two attempts have one id."""
    tries: Counter[Key] = Counter()
    for started in log.started.values():
        tries[started.spec.key] = max(tries[started.spec.key], started.spec.retry + 1)
    return tries


def key_of(attempt: Attempt) -> Key:
    """Return what an attempt is an attempt at."""
    return Key(attempt.agent_sha256, attempt.task_id, attempt.epoch)


def spent_at_most(attempts: Iterable[Attempt]) -> Sum:
    """Return the most that attempts can have taken."""
    total = Sum()
    for attempt in attempts:
        tokens = _number(attempt.detail.get("tokens_at_most"), attempt.usage.total)
        usd = _number(attempt.detail.get("usd_at_most"), attempt.cost_usd)
        total += Sum(tokens=int(tokens or 0), usd=usd)
    return total


def _number(worst: object, known: float | None) -> float | None:
    return known if known is not None else worst if isinstance(worst, int | float) else None
