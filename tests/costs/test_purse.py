"""One limit over many runs."""

import pytest

from sonde.costs.purse import Purse, Sum
from sonde.records.errors import BudgetExceeded
from sonde.records.events import ModelCalled, ModelCallStarted, ModelRetried
from sonde.records.stopping import Limit
from sonde.records.usage import Usage


def _started(call_id: str, *, tokens: int, usd: float | None) -> ModelCallStarted:
    return ModelCallStarted(at=0, call_id=call_id, model="m", worst_tokens=tokens, worst_usd=usd)


def _called(call_id: str, usage: Usage, *, usd: float | None) -> ModelCalled:
    return ModelCalled(at=1, call_id=call_id, model="m", usage=usage, cost_usd=usd, wall_s=1)


def test_a_call_counts_at_its_worst_until_it_ends() -> None:
    purse = Purse(tokens=100, clock=lambda: 0.0)
    one, other = purse.account(), purse.account()
    one.hear(_started("c1", tokens=60, usd=None))
    with pytest.raises(BudgetExceeded, match="60 of 100 tokens") as refused:
        purse.check(tokens=50, usd=None)
    assert refused.value.limit is Limit.TOKENS
    one.hear(_called("c1", Usage(uncached_input=10, output=5), usd=None))
    purse.check(tokens=50, usd=None)
    other.hear(_started("c1", tokens=50, usd=None))
    assert purse.at_most.tokens == 15 + 50


def test_what_stays_unknown_counts_at_its_worst_for_good() -> None:
    purse = Purse(usd=1.0, clock=lambda: 0.0)
    account = purse.account()
    account.hear(_started("c1", tokens=10, usd=0.7))
    account.hear(
        ModelRetried(
            at=1, call_id="c1", attempt=1, error="429", wait_s=0, usage=Usage.zero(), cost_usd=0.0
        )
    )
    account.hear(_called("c1", Usage.unknown(), usd=None))
    assert purse.at_most == Sum(tokens=10, usd=0.7)
    with pytest.raises(BudgetExceeded, match="of all runs"):
        purse.check(tokens=1, usd=0.4)
    purse.check(tokens=1, usd=0.3)


def test_a_call_without_a_known_price_is_refused_under_a_limit_in_dollars() -> None:
    with pytest.raises(BudgetExceeded):
        Purse(usd=1.0, clock=lambda: 0.0).check(tokens=1, usd=None)


def test_the_time_of_all_runs_ends_the_search_and_not_the_answer() -> None:
    now = [0.0]
    purse = Purse(seconds=10.0, clock=lambda: now[0])
    purse.check(tokens=1, usd=None)
    now[0] = 11.0
    with pytest.raises(BudgetExceeded, match="time of all runs"):
        purse.check(tokens=1, usd=None)
    purse.check(tokens=1, usd=None, is_final=True)


def test_what_was_used_before_counts() -> None:
    purse = Purse(tokens=100, clock=lambda: 0.0, before=Sum(tokens=90, usd=None))
    with pytest.raises(BudgetExceeded):
        purse.check(tokens=11, usd=None)
