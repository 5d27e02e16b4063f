"""Exact Bayes over a table, its gains, and what happens when answers contradict each other."""

from math import log

import numpy as np
import pytest
from numpy.typing import NDArray

from sonde.policies.belief import gains_by_updates, posteriors
from sonde.policies.table import Table
from sonde.policies.table_belief import FALLBACK_NOISE, TableBelief


def _random_table(rng: np.random.Generator, answers: int, hypotheses: int, queries: int) -> Table:
    raw = rng.dirichlet(np.full(answers, 0.5), size=(hypotheses, queries))
    return Table(likelihood=np.moveaxis(raw, 2, 0))


def _gain_by_tensor(prior: NDArray[np.float64], table: Table) -> NDArray[np.float64]:
    """Return the gains by way of every posterior of every query."""
    joint = prior[None, :, None] * table.likelihood
    chances = joint.sum(axis=1)
    after = joint / chances[:, None, :]
    logs = np.log(np.where(after > 0, after, 1))
    left = -(after * logs).sum(axis=1)
    before = -(prior * np.log(np.where(prior > 0, prior, 1))).sum()
    return before - (chances * left).sum(axis=0)


def test_a_hand_worked_update() -> None:
    belief = TableBelief.start(Table.binary([[0.9], [0.3]]), prior=[0.25, 0.75])
    assert belief.predictive(0) == pytest.approx([0.55, 0.45])
    after = belief.update(0, 1)
    assert after.probs == pytest.approx([0.5, 0.5])
    assert after.entropy == pytest.approx(log(2))
    assert after.asked == [0]
    assert belief.probs == pytest.approx([0.25, 0.75])  # the old belief stays


def test_the_order_of_answers_does_not_matter() -> None:
    belief = TableBelief.start(_random_table(np.random.default_rng(1), 3, 9, 4))
    one = belief.update(0, 2).update(1, 0).update(3, 1)
    other = belief.update(3, 1).update(0, 2).update(1, 0)
    assert one.probs == pytest.approx(other.probs)


def test_a_thousand_answers_do_not_underflow() -> None:
    belief = TableBelief.start(Table.binary([[0.6], [0.4]]))
    for answer in [1, 0] * 500:
        belief = belief.update(0, answer)
    assert belief.probs == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("answers", [2, 3, 5])
def test_gain_by_products_equals_the_posterior_tensor(answers: int) -> None:
    rng = np.random.default_rng(answers)
    for _ in range(20):
        table = _random_table(rng, answers, 30, 17)
        prior = rng.dirichlet(np.full(30, 0.3))
        belief = TableBelief.start(table, prior=prior)
        found = belief.gains(range(17)).values
        assert np.abs(found - _gain_by_tensor(prior, table)).max() < 1e-9


def test_gain_of_reports_equals_one_update_an_answer() -> None:
    rng = np.random.default_rng(5)
    table = _random_table(rng, 3, 12, 6)
    belief = TableBelief.start(table, exponents=(1.0, 3.0, 0.4)).update(2, 1)
    slow = gains_by_updates(belief, range(6)).values
    assert belief.gains(range(6)).values == pytest.approx(slow, abs=1e-12)


def test_gain_is_zero_when_the_answer_is_certain() -> None:
    belief = TableBelief.start(Table.binary([[1, 1, 0.5], [1, 0, 0.5]]))
    assert belief.gains(range(3)).values == pytest.approx([0, log(2), 0])


def test_single_precision_tables_agree_to_six_digits() -> None:
    matrix = np.random.default_rng(2).beta(0.5, 0.5, size=(200, 40))
    wide = TableBelief.start(Table.binary(matrix)).gains(range(40)).values
    slim = TableBelief.start(Table.binary(matrix.astype(np.float32))).gains(range(40)).values
    assert slim == pytest.approx(wide, abs=2e-6)


def test_posteriors_are_the_probabilities_after_each_answer() -> None:
    belief = TableBelief.start(_random_table(np.random.default_rng(3), 3, 8, 2))
    after = posteriors(belief, 1)
    for answer in range(3):
        assert after[answer] == pytest.approx(belief.update(1, answer).probs)


def test_the_posterior_of_an_impossible_answer_stays_what_it_was() -> None:
    belief = TableBelief.start(Table.binary([[1], [1]]), prior=[0.3, 0.7])
    assert belief.posteriors(0)[0] == pytest.approx([0.3, 0.7])


def test_an_exponent_makes_reports_sharper_and_a_temperature_undoes_it() -> None:
    belief = TableBelief.start(Table.binary([[0.8], [0.4]]), exponents=(3.0,))
    sharp = belief.update(0, 1)
    assert sharp.probs[0] == pytest.approx(8 / 9)
    assert sharp.tempered([3.0]).probs[0] == pytest.approx(2 / 3)
    assert sharp.tempered([1.0, 1.5]).exponents == (3.0, 2.0)


def test_contradictory_answers_fall_back_on_noise_and_say_so() -> None:
    table = Table.binary([[1, 1, 1], [1, 0, 0], [0, 0, 1]])
    belief = TableBelief.start(table).update(0, 0)
    assert belief.note is None
    after = belief.update(1, 1)
    assert after.note is not None
    assert "contradict each other at answer 2 ('1')" in after.note
    # Row 0 fits one of the two answers, row 1 none, row 2 one: noise once, twice, once.
    noise = FALLBACK_NOISE
    weights = np.array([noise * (1 - noise), noise * noise, (1 - noise) * noise])
    assert after.probs == pytest.approx(weights / weights.sum())
    assert after.update(2, 1).note == after.note


def test_a_hypothesis_that_the_prior_rules_out_stays_out_after_a_contradiction() -> None:
    belief = TableBelief.start(Table.binary([[1], [0]]), prior=[1, 0])
    assert belief.update(0, 0).probs == pytest.approx([1, 0])


@pytest.mark.parametrize(("query", "answer"), [(2, 0), (-1, 0), (0, 2), (0, -1)])
def test_an_unknown_query_or_answer_is_refused(query: int, answer: int) -> None:
    belief = TableBelief.start(Table.binary([[1, 0]]))
    with pytest.raises(ValueError, match="is unknown"):
        belief.update(query, answer)


def test_an_unknown_query_has_no_gain() -> None:
    with pytest.raises(ValueError, match="query 7 is unknown"):
        TableBelief.start(Table.binary([[1, 0]])).gains([0, 7])


def test_a_prior_over_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="3 entries for 2 hypotheses"):
        TableBelief.start(Table.binary([[1], [0]]), prior=[0.2, 0.3, 0.5])
    with pytest.raises(ValueError, match=r"prior must sum to 1, not 0\.9"):
        TableBelief.start(Table.binary([[1], [0]]), prior=[0.2, 0.7])


@pytest.mark.parametrize("heat", [0.0, -1.0])
def test_a_temperature_must_be_above_zero(heat: float) -> None:
    with pytest.raises(ValueError, match="temperatures must be above 0"):
        TableBelief.start(Table.binary([[1], [0]])).tempered([1.0, heat])
