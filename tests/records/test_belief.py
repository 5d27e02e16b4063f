"""A belief sums to one and a claim has a probability, or is refused."""

import pytest

from sonde.records.belief import AnswerBelief, Candidate, SetRule
from sonde.records.claims import Claim


def test_a_belief_names_its_top() -> None:
    belief = AnswerBelief(
        candidates=(Candidate(text="1960", probability=0.7),), none_of_these=0.3, source="reader"
    )
    assert belief.top is not None
    assert belief.top.text == "1960"
    assert AnswerBelief(candidates=(), none_of_these=1.0, source="reader").top is None


@pytest.mark.parametrize("probability", [0.5, 1.2, -0.1, float("nan"), float("inf")])
def test_a_belief_that_does_not_sum_to_one_is_refused(probability: float) -> None:
    with pytest.raises(ValueError, match="belief"):
        AnswerBelief(
            candidates=(Candidate(text="x", probability=probability),),
            none_of_these=0.1,
            source="reader",
        )


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
def test_a_claim_is_held_with_a_probability(confidence: float) -> None:
    with pytest.raises(ValueError, match="'a-0-1' must lie between 0 and 1"):
        Claim(id="a-0-1", subject="s", value="x", confidence=confidence, agent="a", round=0)


@pytest.mark.parametrize(("least", "texts"), [(0.2, ["1960", "1961"]), (0.9, ["1960"])])
def test_a_set_by_rule_holds_what_is_likely_enough_and_the_likeliest_at_least(
    least: float, texts: list[str]
) -> None:
    rule = SetRule(least=least, coverage=0.8, fitted_on=100, population="such questions")
    belief = AnswerBelief(
        candidates=(
            Candidate(text="1960", probability=0.5),
            Candidate(text="1961", probability=0.2),
            Candidate(text="1962", probability=0.1),
        ),
        none_of_these=0.2,
        source="reader",
        set_rule=rule,
    )
    assert [each.text for each in belief.members() or ()] == texts


def test_without_a_rule_there_is_no_such_set() -> None:
    assert AnswerBelief(candidates=(), none_of_these=1.0, source="reader").members() is None
