"""Rounds are made to fit the budget, or the run is refused before it starts."""

import pytest

from sonde.agents.settings import DEFAULT_ROUNDS, RunSettings, fit_to_budget
from sonde.costs.budget import Budget
from sonde.records.errors import SetupError


def test_rounds_are_always_limited() -> None:
    assert fit_to_budget(RunSettings(), overhead_tokens=0).budget.rounds == DEFAULT_ROUNDS
    given = RunSettings(budget=Budget(rounds=5))
    assert fit_to_budget(given, overhead_tokens=0).budget.rounds == 5


@pytest.mark.parametrize("tokens", [3_000, 5_000, 20_000, 100_000])
def test_a_round_and_the_answer_fit_a_token_limit(tokens: int) -> None:
    fitted = fit_to_budget(RunSettings(budget=Budget(tokens=tokens)), overhead_tokens=700)
    assert 2 * (fitted.workspace_tokens + fitted.output_tokens) <= tokens
    assert fitted.workspace_tokens >= 700 + 256


def test_a_limit_below_one_round_names_the_least_that_works() -> None:
    with pytest.raises(SetupError, match="--max-tokens 2424") as caught:
        fit_to_budget(RunSettings(budget=Budget(tokens=2_423)), overhead_tokens=700)
    assert "too small" in str(caught.value)
    fit_to_budget(RunSettings(budget=Budget(tokens=2_424)), overhead_tokens=700)
