"""One limit over many runs."""

import asyncio

import pytest

from sonde.costs.purse import Purse, Sum
from sonde.records.errors import BudgetExceeded
from sonde.records.events import (
    ModelCalled,
    ModelCallStarted,
    ModelRetried,
    ToolCalled,
    ToolReturned,
)
from sonde.records.stopping import Limit
from sonde.records.tooling import Purchase
from sonde.records.usage import Usage


def _started(call_id: str, *, tokens: int, usd: float | None) -> ModelCallStarted:
    return ModelCallStarted(at=0, call_id=call_id, model="m", worst_tokens=tokens, worst_usd=usd)


def _called(call_id: str, usage: Usage, *, usd: float | None) -> ModelCalled:
    return ModelCalled(at=1, call_id=call_id, model="m", usage=usage, cost_usd=usd, wall_s=1)


def _ask(
    purse: Purse, *, tokens: int = 1, usd: float | None = None, is_final: bool = False
) -> None:
    asyncio.run(purse.admit(tokens=tokens, usd=usd, is_final=is_final))


def test_a_call_waits_for_the_worst_case_of_another_to_turn_out_smaller() -> None:
    purse = Purse(tokens=100, clock=lambda: 0.0)
    account = purse.account()
    account.hear(_started("c1", tokens=60, usd=None))
    order: list[str] = []

    async def other() -> None:
        await purse.admit(tokens=50, usd=None)
        order.append("admitted")

    async def both() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(other())
            await asyncio.sleep(0)
            order.append("ended")
            account.hear(_called("c1", Usage(uncached_input=10, output=5), usd=None))

    asyncio.run(both())
    assert order == ["ended", "admitted"]
    assert not purse.has_refused


def test_a_call_that_no_end_of_another_makes_room_for_is_refused() -> None:
    purse = Purse(tokens=100, clock=lambda: 0.0, before=Sum(tokens=60))
    purse.account().hear(_started("c1", tokens=40, usd=None))
    with pytest.raises(BudgetExceeded, match="60 of 100 tokens") as refused:
        _ask(purse, tokens=50)
    assert refused.value.limit is Limit.TOKENS
    assert purse.has_refused


def test_what_stays_unknown_counts_at_its_worst_for_good() -> None:
    purse = Purse(usd=1.0, clock=lambda: 0.0)
    account = purse.account()
    account.hear(_started("c1", tokens=10, usd=0.5))
    account.hear(
        ModelRetried(
            at=1, call_id="c1", attempt=1, error="429", wait_s=0, usage=Usage.zero(), cost_usd=0.0
        )
    )
    account.hear(_called("c1", Usage.unknown(), usd=None))
    account.hear(_started("c2", tokens=5, usd=0.25))
    account.close()
    assert purse.at_most == Sum(tokens=15, usd=0.75)
    with pytest.raises(BudgetExceeded, match="of all runs"):
        _ask(purse, usd=0.4)
    _ask(purse, usd=0.25)


def test_a_call_without_a_known_price_is_refused_under_a_limit_in_dollars() -> None:
    with pytest.raises(BudgetExceeded, match="an unknown amount"):
        _ask(Purse(usd=1.0, clock=lambda: 0.0))


def test_the_time_of_all_runs_ends_the_search_and_not_the_answer() -> None:
    now = [0.0]
    purse = Purse(seconds=10.0, clock=lambda: now[0])
    _ask(purse)
    now[0] = 11.0
    with pytest.raises(BudgetExceeded, match="time of all runs"):
        _ask(purse)
    _ask(purse, is_final=True)


def _bought(usd: float | None, *, worst_usd: float | None = 0.0) -> tuple[ToolCalled, ToolReturned]:
    """Return the events of a tool that buys something in round 2."""
    bought = Purchase(seller="shop", cost_usd=usd, usage=Usage(uncached_input=7, output=3))
    return (
        ToolCalled(at=0, round=2, tool="buy", arguments={}, worst_usd=worst_usd),
        ToolReturned(at=1, round=2, tool="buy", result_id="r", purchases=(bought,), cost_usd=usd),
    )


def test_what_a_tool_buys_is_reserved_at_its_worst_and_booked_once_it_is_back() -> None:
    purse = Purse(usd=1.0, clock=lambda: 0.0)
    account = purse.account()
    called, returned = _bought(0.1, worst_usd=0.4)
    account.hear(called)
    assert purse.at_most == Sum(usd=0.4)
    account.hear(returned)
    account.close()
    assert purse.at_most == Sum(tokens=10, usd=0.1)


def test_a_tool_that_buys_without_notice_is_booked_all_the_same() -> None:
    purse = Purse(usd=1.0, clock=lambda: 0.0, before=Sum(usd=0.8))
    for event in _bought(0.3):
        purse.account().hear(event)
    with pytest.raises(BudgetExceeded, match=r"\$1.1000 of \$1.0000"):
        _ask(purse, usd=0.0)


def test_a_purchase_of_unknown_price_stays_at_its_worst() -> None:
    purse = Purse(usd=1.0, clock=lambda: 0.0)
    account = purse.account()
    for event in _bought(None, worst_usd=0.4):
        account.hear(event)
    assert purse.at_most.usd == 0.4
