"""Rounds are made to fit the budget, or the run is refused before it starts."""

import pytest

from sonde.agents.settings import DEFAULT_ROUNDS, PromptNeeds, RunSettings, fit_to_budget
from sonde.costs.budget import Budget
from sonde.records.errors import SetupError

_NEEDS = PromptNeeds(overhead_tokens=700, margin=1.25)


def test_rounds_are_always_limited() -> None:
    assert fit_to_budget(RunSettings(), needs=PromptNeeds()).budget.rounds == DEFAULT_ROUNDS
    given = RunSettings(budget=Budget(rounds=5))
    assert fit_to_budget(given, needs=PromptNeeds()).budget.rounds == 5


@pytest.mark.parametrize("tokens", [3_100, 5_000, 20_000, 100_000])
def test_a_round_and_the_answer_fit_a_token_limit(tokens: int) -> None:
    fitted = fit_to_budget(RunSettings(budget=Budget(tokens=tokens)), needs=_NEEDS)
    assert _NEEDS.worst_tokens(fitted.workspace_tokens, fitted.output_tokens) <= tokens
    assert fitted.workspace_tokens >= 700 + 256


def test_a_limit_below_one_round_names_the_least_that_works() -> None:
    with pytest.raises(SetupError, match=r"Budget\(tokens=3030\)") as caught:
        fit_to_budget(RunSettings(budget=Budget(tokens=3_029)), needs=_NEEDS)
    assert "too small" in str(caught.value)
    fit_to_budget(RunSettings(budget=Budget(tokens=3_030)), needs=_NEEDS)
