"""Limits are asked before each call, and the answer is always affordable."""

import pytest

from sonde.costs.budget import Budget, Guard, WorstCase
from sonde.costs.ledger import Ledger
from sonde.records.errors import BudgetExceeded, SetupError
from sonde.records.events import ModelCalled, ModelCallStarted
from sonde.records.stopping import Limit
from sonde.records.usage import Usage

_CALL = WorstCase(tokens=100, usd=0.10)


class _Clock:
    """Time that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _guard(budget: Budget, ledger: Ledger | None = None, clock: _Clock | None = None) -> Guard:
    return Guard(budget, ledger or Ledger(), reserve=_CALL, clock=clock or _Clock())


def _book(ledger: Ledger, number: int, *, tokens: int = 50, usd: float | None = 0.05) -> None:
    ledger.book(ModelCallStarted(at=0, call_id=f"c{number}", model="m", worst_tokens=100))
    usage = Usage(uncached_input=tokens, output=0)
    ledger.book(
        ModelCalled(at=0, call_id=f"c{number}", model="m", usage=usage, cost_usd=usd, wall_s=0)
    )


def test_without_limits_everything_is_allowed() -> None:
    guard = _guard(Budget())
    guard.check_call(WorstCase(tokens=10**9, usd=None))
    guard.check_round(10**6)
    assert guard.seconds_left() is None
    assert guard.left() == dict.fromkeys(Limit)


def test_a_call_must_leave_the_answer_its_reserve() -> None:
    guard = _guard(Budget(tokens=199))
    with pytest.raises(BudgetExceeded, match="kept for the answer") as caught:
        guard.check_call(_CALL)
    assert caught.value.limit is Limit.TOKENS
    guard.check_call(_CALL, is_final=True)


@pytest.mark.parametrize(
    ("budget", "limit"),
    [
        (Budget(tokens=249), Limit.TOKENS),
        (Budget(usd=0.249), Limit.USD),
        (Budget(calls=2), Limit.CALLS),
    ],
)
def test_each_limit_counts_what_is_used(budget: Budget, limit: Limit) -> None:
    ledger = Ledger()
    guard = _guard(budget, ledger)
    guard.check_call(_CALL)
    _book(ledger, 1)
    with pytest.raises(BudgetExceeded) as caught:
        guard.check_call(_CALL)
    assert caught.value.limit is limit
    guard.check_call(_CALL, is_final=True)


def test_rounds_and_time_end_the_search() -> None:
    clock = _Clock()
    guard = _guard(Budget(rounds=2, seconds=10), clock=clock)
    guard.check_round(1)
    with pytest.raises(BudgetExceeded, match="all 2 rounds"):
        guard.check_round(2)
    clock.now = 8.5
    with pytest.raises(BudgetExceeded) as caught:
        guard.check_round(1)
    assert caught.value.limit is Limit.SECONDS
    guard.check_call(_CALL, is_final=True)
    assert guard.seconds_left(is_final=True) == pytest.approx(1.5)


def test_time_of_earlier_sittings_counts() -> None:
    guard = Guard(Budget(seconds=10), Ledger(), reserve=_CALL, clock=_Clock(), seconds_before=9.0)
    assert guard.seconds_left() == 0.0
    assert guard.elapsed_s == pytest.approx(9.0)


def test_an_unknown_price_stops_at_a_dollar_limit() -> None:
    guard = _guard(Budget(usd=100.0))
    with pytest.raises(BudgetExceeded, match="an unknown amount"):
        guard.check_call(WorstCase(tokens=1, usd=None))


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_a_limit_that_is_no_limit_is_refused(value: float) -> None:
    with pytest.raises(SetupError, match="budget usd"):
        Budget(usd=value)
