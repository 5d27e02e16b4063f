"""Every call is booked once; what was lost is unknown."""

from sonde.costs.ledger import Ledger
from sonde.records.events import DecisionMade, Event, ModelCalled, ModelCallStarted, ToolReturned
from sonde.records.usage import Usage


def _started(call_id: str) -> Event:
    return ModelCallStarted(at=0, call_id=call_id, model="m", worst_tokens=500)


def _called(call_id: str, *, usd: float | None = 0.25, output: int | None = 5) -> Event:
    usage = Usage(uncached_input=10, cache_read=2, output=output)
    return ModelCalled(at=0, call_id=call_id, model="m", usage=usage, cost_usd=usd, wall_s=0)


def test_a_call_that_is_booked_twice_counts_once() -> None:
    ledger = Ledger()
    for event in [_started("c1"), _called("c1"), _started("c1"), _called("c1")]:
        ledger.book(event)
    assert ledger.calls == 1
    assert ledger.usage.total == 17
    assert ledger.cost_usd == 0.25


def test_one_unknown_price_makes_the_sum_unknown() -> None:
    ledger = Ledger()
    ledger.book(_called("c1"))
    ledger.book(_called("c2", usd=None))
    assert ledger.cost_usd is None
    assert ledger.usage.total == 34


def test_a_call_under_way_counts_at_its_worst_and_a_lost_one_is_unknown() -> None:
    ledger = Ledger()
    ledger.book(_called("c1"))
    ledger.book(_started("c2"))
    assert ledger.tokens_at_most == 517
    assert ledger.usage.total == 17
    assert ledger.close_sitting() == 1
    assert ledger.usage.total is None
    assert ledger.cost_usd is None
    assert ledger.tokens_at_most == 517
    assert ledger.close_sitting() == 0


def test_a_call_with_unknown_tokens_counts_at_its_worst() -> None:
    ledger = Ledger()
    ledger.book(_started("c1"))
    ledger.book(_called("c1", output=None))
    assert ledger.tokens_at_most == 500


def test_decisions_and_tools_are_counted() -> None:
    ledger = Ledger()
    decision = DecisionMade(
        at=0, round=1, decision_id="d", kind="act", report_tokens=3, cpu_s=0.5, passages_read=8
    )
    ledger.book(decision)
    ledger.book(ToolReturned(at=0, round=1, tool="t", result_id="r"))
    assert (ledger.rounds, ledger.tool_calls) == (1, 1)
    assert (ledger.cpu_s, ledger.passages_read) == (0.5, 8)
    assert ledger.cost_usd == 0.0
