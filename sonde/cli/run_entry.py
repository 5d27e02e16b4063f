"""One stored run at a glance, read from its journal."""

from dataclasses import dataclass, replace
from datetime import datetime

from ..agents.record import replay
from ..costs.ledger import Ledger
from ..memory.home import RunFolder
from ..memory.journal import read_journal
from ..memory.run_lock import is_locked
from ..records.errors import SetupError
from ..records.events import Event, RunInterrupted, RunStarted, RunStopped
from ..records.json_types import JsonValue
from ..records.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEntry:
    """A line of the list of runs."""

    run_id: str
    """Its id."""
    started_at: datetime | None
    """When it began, by this machine's clock; None where that cannot be read."""
    state: str
    """Its stop reason; or `running`, `interrupted`, `broken off`, `unreadable`."""
    question: str
    """What was asked."""
    answer: str | None
    """The answer; None where there is none."""
    cost_usd: float | None
    """Its price so far; None is unknown."""

    def as_json(self) -> dict[str, JsonValue]:
        """Return the entry as JSON."""
        return {
            "run_id": self.run_id,
            "started_at": self.started_at.isoformat() if self.started_at else None,
            "state": self.state,
            "question": self.question,
            "answer": self.answer,
            "cost_usd": self.cost_usd,
        }


def entry_of(folder: RunFolder) -> RunEntry:
    """Return a run's entry; a journal that cannot be read makes it `unreadable`."""
    try:
        events = read_journal(folder.journal).events
    except SetupError:
        events = ()
    started = next((each for each in events if isinstance(each, RunStarted)), None)
    result = result_in(events)
    return RunEntry(
        run_id=folder.run_id,
        started_at=datetime.fromtimestamp(started.at).astimezone() if started else None,
        state=_state(folder, events, result),
        question=started.question if started else "",
        answer=result.answer if result else None,
        cost_usd=result.cost_usd if result else _cost_so_far(events),
    )


def result_in(events: tuple[Event, ...]) -> Result | None:
    """Return the last result of a journal with its trail, or None where the run has not ended."""
    ends = [each.result for each in events if isinstance(each, RunStopped)]
    return replace(ends[-1], trail=replay(events).trail()) if ends else None


def _state(folder: RunFolder, events: tuple[Event, ...], result: Result | None) -> str:
    if is_locked(folder):
        return "running"
    if not events:
        return "unreadable"
    if result is not None:
        return str(result.stop_reason)
    return "interrupted" if isinstance(events[-1], RunInterrupted) else "broken off"


def _cost_so_far(events: tuple[Event, ...]) -> float | None:
    if not events:
        return None
    ledger = Ledger()
    for event in events:
        ledger.book(event)
    ledger.close_sitting()
    return ledger.cost_usd
