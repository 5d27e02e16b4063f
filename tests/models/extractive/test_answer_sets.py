"""Sets of answers: fitted at their coverage on questions apart, told with what they promise."""

from dataclasses import replace

import numpy as np
import pytest

from sonde.models.extractive.answer_sets import (
    SET_COVERAGE,
    Setting,
    fit_rules,
    rule_of,
    setting_of,
)
from sonde.models.extractive.belief import belief_of
from sonde.models.extractive.passages import Source
from sonde.models.extractive.reading import read
from sonde.models.extractive.scorer import default_weights, read_weights, save_weights

PAGE = Source(evidence_id="e1", title="Trieste", text="The Trieste was launched on 26 August 1953.")
OTHER = Source(evidence_id="e2", title="Kaiko", text="Kaiko was launched in 1993 in Yokosuka.")


@pytest.mark.parametrize(
    ("sources", "setting"),
    [
        ((PAGE,), Setting.ONE_PAGE),
        ((PAGE, OTHER), Setting.ONE_SEARCH),
        ((PAGE, replace(OTHER, hop=1)), Setting.FOLLOWED),
        ((), Setting.ONE_SEARCH),
    ],
)
def test_how_the_passages_were_come_by_is_seen(
    sources: tuple[Source, ...], setting: Setting
) -> None:
    assert setting_of(sources) is setting


def test_the_least_probability_is_the_one_of_the_exact_rank() -> None:
    chances = [place / 100 for place in range(1, 100)]  # the rank is floor(0.2 * 100) = 20
    rules = fit_rules([(Setting.ONE_PAGE, chance) for chance in chances])
    assert rules[Setting.ONE_PAGE].tolist() == pytest.approx([0.20, 99])


def test_sets_hold_the_right_answer_as_often_as_they_say() -> None:
    rng = np.random.default_rng(3)
    covered: list[float] = []
    for _ in range(40):
        drawn = rng.beta(1, 3, 400)
        least = float(fit_rules([(Setting.ONE_SEARCH, p) for p in drawn[:200]])[1][0])
        covered.append(float((drawn[200:] >= least).mean()))
    assert float(np.mean(covered)) == pytest.approx(SET_COVERAGE, abs=0.02)


def test_too_few_questions_or_answers_that_are_no_candidates_promise_nothing() -> None:
    few = fit_rules([(Setting.ONE_PAGE, 0.5)] * 39)
    unseen = fit_rules([(Setting.ONE_PAGE, 0.5)] * 60 + [(Setting.ONE_PAGE, 0.0)] * 40)
    assert rule_of({"set_out": few}, (PAGE,)) is None
    assert rule_of({"set_out": unseen}, (PAGE,)) is None
    assert rule_of({}, (PAGE,)) is None


def test_a_reading_tells_its_rule_and_the_belief_its_members() -> None:
    rules = fit_rules([(Setting.ONE_PAGE, 0.01)] * 2_655)
    weights = default_weights()
    weights = replace(weights, arrays={**weights.arrays, "set_out": rules})
    weights = read_weights(save_weights(weights))
    belief = belief_of(read("When was the Trieste launched?", (PAGE,), weights))
    rule, members = belief.set_rule, belief.members()
    assert rule is not None
    assert members is not None
    assert (rule.fitted_on, rule.coverage) == (2_655, 0.8)
    assert members[0].text == "26 August 1953"
    assert len(members) == sum(each.probability >= rule.least for each in belief.candidates)


def test_a_verdict_and_a_list_have_no_such_set() -> None:
    closed = read("Was the Trieste launched before the Kaiko?", (PAGE, OTHER), default_weights())
    crew = Source(
        evidence_id="e3",
        title="The Alert",
        text="The crew of the Alert were these:\n\n- Ada Berg, captain\n- Bo Lund, mate\n",
    )
    several = read("Who were the crew of the Alert?", (crew,), default_weights())
    assert closed.set_rule is None
    assert several.set_rule is None
