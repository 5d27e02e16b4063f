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
        self._open: dict[str, ModelCallStarted] = {}
        self._ids: set[str] = set()
        self._finished: set[str] = set()
        self._lost: set[str] = set()
        self._retried: set[str] = set()
        self._decisions: set[str] = set()
        self.tool_calls = 0
        self.cpu_s = 0.0
        self.passages_read = 0
        self._usage = Usage.zero()
        self._cost_usd: float | None = 0.0
        self.tool_cost_usd: float | None = 0.0
        self.tool_usage: Usage | None = None
        self._tokens_at_most = 0
        self._usd_at_most: float | None = 0.0

    def book(self, event: Event) -> None:
        """Book one event; those without a price pass by."""
        if isinstance(event, ModelCallStarted):
            if event.call_id not in self._ids:
                self._ids.add(event.call_id)
                self._open[event.call_id] = event
        elif isinstance(event, ModelCalled):
            self._book_call(event)
        elif isinstance(event, ModelRetried):
            self._book_retry(event)
        elif isinstance(event, ToolReturned):
            self._book_tool(event)
        elif isinstance(event, DecisionMade):
            if not event.is_forced:  # an answer that a limit forced is no further round
                self._decisions.add(f"{event.round}:{event.decision_id}")
            self.cpu_s += event.cpu_s
            self.passages_read += event.passages_read

    def close_sitting(self) -> int:
        """Give up the calls that are under way, and return how many there are.

        Called when a journal was read whose process is gone: what those calls cost is unknown.
        """
        lost = self._open.keys() - self._lost
        self._lost |= lost
        return len(lost)

    @property
    def rounds(self) -> int:
        """Decisions of the search; the answer that is asked for once it has ended is none."""
        return len(self._decisions)

    @property
    def calls(self) -> int:
        """Model calls, failed and lost ones too."""
        return len(self._ids)

    @property
    def usage(self) -> Usage:
        """Tokens of all calls and of what tools bought; unknown once a call was lost."""
        usage = self._usage + (self.tool_usage or Usage.zero())
        return usage + Usage.unknown() if self._lost else usage

    @property
    def cost_usd(self) -> float | None:
        """Price of all calls and of what tools bought; None where a part is unknown."""
        return None if self._lost else add_known(self._cost_usd, self.tool_cost_usd)

    @property
    def tokens_at_most(self) -> int:
        """The most tokens that can have been used: what is not known counts at its worst."""
        return self._tokens_at_most + sum(call.worst_tokens for call in self._open.values())

    @property
    def usd_at_most(self) -> float | None:
        """The most dollars that can have been spent; None where no bound is known."""
        open_calls = (call.worst_usd for call in self._open.values())
        return add_known(self._usd_at_most, self.tool_cost_usd, *open_calls)

    def _book_tool(self, event: ToolReturned) -> None:
        self.tool_calls += event.is_step
        self.tool_cost_usd = add_known(self.tool_cost_usd, event.cost_usd)
        for bought in event.purchases:
            if bought.usage is not None:
                self.tool_usage = (self.tool_usage or Usage.zero()) + bought.usage
                self._tokens_at_most += bought.usage.total or 0

    def _book_retry(self, event: ModelRetried) -> None:
        attempt = f"{event.call_id}:{event.attempt}"
        if attempt not in self._retried:
            self._retried.add(attempt)
            self._settle(event, self._open.get(event.call_id))

    def _book_call(self, event: ModelCalled) -> None:
        if event.call_id not in self._finished:
            self._finished.add(event.call_id)
            self._ids.add(event.call_id)
            self._settle(event, self._open.pop(event.call_id, None))

    def _settle(self, event: ModelCalled | ModelRetried, start: ModelCallStarted | None) -> None:
        """Add what was taken; where that is unknown, the bounds take the worst case."""
        self._usage += event.usage
        self._cost_usd = add_known(self._cost_usd, event.cost_usd)
        tokens, usd = event.usage.total, event.cost_usd
        if tokens is None:
            tokens = start.worst_tokens if start else 0
        if usd is None:
            usd = start.worst_usd if start else None
        self._tokens_at_most += tokens
        self._usd_at_most = add_known(self._usd_at_most, usd)
