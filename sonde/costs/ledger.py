"""The ledger: every model call, tool call and token of a run, each booked once."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from ..records.events import (
    DecisionMade,
    Event,
    ModelCalled,
    ModelCallStarted,
    ModelRetried,
    ToolReturned,
)
from ..records.unknown import add_known
from ..records.usage import Usage

Part = TypeVar("Part", int, float)


class Ledger:
    """Running totals of one run, booked from its events.

    A call is known by its id: booking the same event again changes nothing, so that a resumed run
    can read its journal from the start. A call that was started and never came back counts, and
    makes tokens and cost unknown.
    """

    def __init__(self) -> None:
        self._started: dict[str, ModelCallStarted] = {}
        self._finished: dict[str, ModelCalled] = {}
        self._lost: set[str] = set()
        self._retried: dict[str, ModelRetried] = {}
        self._decisions: set[str] = set()
        self.tool_calls = 0
        self.cpu_s = 0.0
        self.passages_read = 0
        self._usage = Usage.zero()
        self._cost_usd: float | None = 0.0

    def book(self, event: Event) -> None:
        """Book one event; those without a price pass by."""
        if isinstance(event, ModelCallStarted):
            self._started[event.call_id] = event
        elif isinstance(event, ModelCalled):
            self._book_call(event)
        elif isinstance(event, ModelRetried):
            self._book_retry(event)
        elif isinstance(event, ToolReturned):
            self.tool_calls += 1
        elif isinstance(event, DecisionMade):
            self._decisions.add(f"{event.round}:{event.decision_id}")
            self.cpu_s += event.cpu_s
            self.passages_read += event.passages_read

    def close_sitting(self) -> int:
        """Give up the calls that are under way, and return how many there are.

        Called when a journal was read whose process is gone: what those calls cost is unknown.
        """
        lost = self._started.keys() - self._finished.keys() - self._lost
        self._lost |= lost
        return len(lost)

    @property
    def rounds(self) -> int:
        """Decisions made."""
        return len(self._decisions)

    @property
    def calls(self) -> int:
        """Model calls, failed and lost ones too."""
        return len(self._started.keys() | self._finished.keys())

    @property
    def usage(self) -> Usage:
        """Tokens of all calls; unknown once a call was lost."""
        return self._usage + Usage.unknown() if self._lost else self._usage

    @property
    def cost_usd(self) -> float | None:
        """Price of all calls; None where a part is unknown."""
        return None if self._lost else self._cost_usd

    @property
    def tokens_at_most(self) -> int:
        """The most tokens that can have been used: what is not known counts at its worst."""
        total = 0
        for call_id, tokens in self._taken(lambda booked: booked.usage.total):
            start = self._started.get(call_id)
            total += tokens if tokens is not None else start.worst_tokens if start else 0
        return total

    @property
    def usd_at_most(self) -> float | None:
        """The most dollars that can have been spent; None where no bound is known."""
        total: float | None = 0.0
        for call_id, cost in self._taken(lambda booked: booked.cost_usd):
            start = self._started.get(call_id)
            worst = start.worst_usd if start else None
            total = add_known(total, worst if cost is None else cost)
        return total

    def _taken(
        self, part: Callable[[ModelCalled | ModelRetried], Part | None]
    ) -> Iterator[tuple[str, Part | None]]:
        """Yield, for each call and each retried attempt, its id and what is known of it."""
        for call_id in dict.fromkeys([*self._started, *self._finished]):
            booked = self._finished.get(call_id)
            yield call_id, None if booked is None else part(booked)
        for retried in self._retried.values():
            yield retried.call_id, part(retried)

    def _book_retry(self, event: ModelRetried) -> None:
        if self._retried.setdefault(f"{event.call_id}:{event.attempt}", event) is event:
            self._usage += event.usage
            self._cost_usd = add_known(self._cost_usd, event.cost_usd)

    def _book_call(self, event: ModelCalled) -> None:
        if self._finished.setdefault(event.call_id, event) is event:
            self._usage += event.usage
            self._cost_usd = add_known(self._cost_usd, event.cost_usd)
