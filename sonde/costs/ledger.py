"""The ledger: every model call, tool call and token of a run, each booked once."""

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


class Ledger:
    """Running totals of one run, booked from its events.

    A call is known by its id: booking the same event again changes nothing, so that a resumed run
    can read its journal from the start. A call that was started and never came back counts, and
    makes tokens and cost unknown.
    """

    def __init__(self) -> None:
        self._started: dict[str, int] = {}
        self._finished: dict[str, ModelCalled] = {}
        self._lost: set[str] = set()
        self._retried: set[str] = set()
        self._uncounted_retries: dict[str, int] = {}
        self._decisions: set[str] = set()
        self.tool_calls = 0
        self.cpu_s = 0.0
        self.passages_read = 0
        self._usage = Usage.zero()
        self._cost_usd: float | None = 0.0

    def book(self, event: Event) -> None:
        """Book one event; those without a price pass by."""
        if isinstance(event, ModelCallStarted):
            self._started[event.call_id] = event.worst_tokens
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
        """The most tokens that can have been used: lost and uncounted calls at their worst."""
        known = sum(call.usage.total or 0 for call in self._finished.values())
        uncounted = [
            worst
            for call_id, worst in self._started.items()
            if call_id not in self._finished or self._finished[call_id].usage.total is None
        ]
        return known + sum(uncounted) + sum(self._uncounted_retries.values())

    @property
    def usd_at_most(self) -> float | None:
        """The most dollars that can have been spent; None where no bound is known."""
        return self.cost_usd

    def _book_retry(self, event: ModelRetried) -> None:
        attempt = f"{event.call_id}:{event.attempt}"
        if attempt in self._retried:
            return
        self._retried.add(attempt)
        self._usage += event.usage
        if event.usage.total is None:
            self._cost_usd = None
            self._uncounted_retries[attempt] = self._started.get(event.call_id, 0)

    def _book_call(self, event: ModelCalled) -> None:
        if event.call_id in self._finished:
            return
        self._finished[event.call_id] = event
        self._usage += event.usage
        self._cost_usd = add_known(self._cost_usd, event.cost_usd)
