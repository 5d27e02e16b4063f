"""What the reader expects of a search: as little as it knows."""

from math import log

import pytest

from sonde.models.extractive.forecast import Rate, SearchRates, forecasts_of
from sonde.policies.model_belief import ModelBelief
from sonde.records.belief import AnswerBelief, Candidate
from sonde.records.decision import Decision
from sonde.records.report import Report
from sonde.records.tooling import Action

ACTIONS = tuple(Action(tool="search", arguments={"queries": [word]}) for word in "abcdef")


def decision(none_of_these: float) -> Decision:
    rest = (1 - none_of_these) / 2
    return Decision(
        report=Report(),
        belief=AnswerBelief(
            candidates=(
                Candidate(text="x", probability=rest),
                Candidate(text="y", probability=rest),
            ),
            none_of_these=none_of_these,
            source="reader",
        ),
        actions=ACTIONS,
    )


def gains(none_of_these: float, rates: SearchRates | None = None) -> list[float]:
    made = decision(none_of_these)
    found = forecasts_of(made, ACTIONS, rates=rates) if rates else forecasts_of(made, ACTIONS)
    assert found is not None
    belief = made.belief
    assert belief is not None
    return ModelBelief.of_answers(belief, found.by_action).gains(range(6)).values.tolist()


def test_a_perfect_search_would_tell_none_of_these_from_the_rest() -> None:
    sure = SearchRates(none_right=(Rate(hits=10**9, of=10**9),), one_right=Rate(hits=0, of=10**9))
    assert gains(0.5, sure)[0] == pytest.approx(log(2), abs=1e-6)


def test_searches_differ_by_their_place_alone() -> None:
    found = gains(0.5)
    assert found[0] == pytest.approx(found[3])
    assert found[0] > found[4] == pytest.approx(found[5])


def test_a_search_promises_little_where_a_candidate_is_surely_right() -> None:
    assert gains(0.02)[0] < gains(0.5)[0] / 5


def test_each_forecast_tells_how_well_it_is_known() -> None:
    found = forecasts_of(decision(0.5), ACTIONS)
    assert found is not None
    assert all(0 < each.standard_error < 0.02 for each in found.by_action)
    assert found.calls == 0


def test_without_a_belief_there_is_no_forecast() -> None:
    assert forecasts_of(Decision(report=Report(), actions=ACTIONS), ACTIONS) is None
