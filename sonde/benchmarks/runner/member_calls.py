"""What the members of a team did within an attempt, read from the journals of their own runs.

A team's run tells only that a member worked; each call stands in a journal of the member's, in the
folder of the team's run. The benchmark's journal takes them over, under the member's name.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ...memory.home import Home, RunFolder
from ...memory.journal import read_journal
from ...records.events import (
    Event,
    ModelCalled,
    ModelCallStarted,
    ModelRetried,
    RunStarted,
    ToolReturned,
)

_CALLS = (ModelCallStarted, ModelCalled, ModelRetried)
_MEMBERS = "members"


class MemberRun(NamedTuple):
    """One call of a member: the run of the agent behind it."""

    run_id: str
    """Its run."""
    member: str
    """Name of the member."""
    events: tuple[Event, ...]
    """Its calls of models and tools; no call of another member has the id of one of these."""


def member_runs(events: Sequence[Event], home: Path) -> tuple[MemberRun, ...]:
    """Return what the members did; nothing where no team ran.

    Args:
        events: What happened in the attempt.
        home: Where the agents' runs stand.

    Raises:
        SetupError: A member's journal cannot be read.
    """
    started = next((event for event in events if isinstance(event, RunStarted)), None)
    if started is None:
        return ()
    folder = Home(home).runs / started.run_id / _MEMBERS
    runs = [RunFolder(path) for path in sorted(folder.glob(f"{started.run_id}-*"))]
    return tuple(
        MemberRun(
            run_id=run.run_id,
            member=_member_of(run.run_id, started.run_id),
            events=_told(run, _call_prefix(run.run_id, started.run_id)),
        )
        for run in runs
        if run.journal.is_file()
    )


def _call_prefix(run_id: str, team_id: str) -> str:
    """Return what tells a member's call of one round from all others of the team: `ann-1`."""
    return run_id.removeprefix(f"{team_id}-")


def _member_of(run_id: str, team_id: str) -> str:
    return _call_prefix(run_id, team_id).rpartition("-")[0]


def _told(run: RunFolder, prefix: str) -> tuple[Event, ...]:
    """Return the calls of a member's run, each under an id that no other member's call has."""
    found: list[Event] = []
    for event in read_journal(run.journal).events:
        if isinstance(event, _CALLS):
            found.append(replace(event, call_id=f"{prefix}:{event.call_id}"))
        elif isinstance(event, ToolReturned):
            found.append(event)
    return tuple(found)
