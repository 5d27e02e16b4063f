"""Twenty questions on Animals with Attributes 2: exact trees, noise and over-confidence."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sonde.policies.belief import Belief
from sonde.policies.conformal import LengthThresholds
from sonde.policies.conformal_pursuit import ConformalPursuit, EmptySets
from sonde.policies.factored_belief import FactoredBelief
from sonde.policies.query_policy import InformationGain, QueryPolicy
from sonde.policies.rehearsal import (
    GameScores,
    by_chance,
    by_gain,
    by_set_size,
    draw_answers,
    rehearse,
)
from sonde.policies.slots import Slot
from sonde.policies.table import Table
from sonde.policies.table_belief import TableBelief
from sonde.policies.temperature import TemperatureByLength

_ROUNDS = 20


def _depths(belief: Belief, policy: QueryPolicy) -> list[int]:
    """Return the questions that each hypothesis takes in the tree of a policy."""
    if belief.probs.max() > 1 - 1e-9:
        return [len(belief.asked)]
    query = policy.score(belief, range(len(belief.queries))).choice
    assert query is not None
    return [
        depth
        for answer, chance in enumerate(belief.predictive(query))
        if chance > 0
        for depth in _depths(belief.update(query, answer), policy)
    ]


def _random_thresholds(
    table: Table, seed: int, *, exponent: float = 1.0, episodes: int = 100
) -> tuple[float, ...]:
    """Return C-IP's thresholds from histories with queries drawn uniformly."""
    rng = np.random.default_rng(seed)
    truths = rng.integers(len(table.hypotheses), size=episodes)
    answers = draw_answers(table, truths, rng)
    games = rehearse(table, by_chance(rng), answers, rounds=_ROUNDS + 1, exponents=(exponent,))
    return LengthThresholds.fit(games.true_probs(truths), alpha=0.1).values


def _accuracy(
    table: Table, score: GameScores, *, games: int = 10, exponents: tuple[float, ...] = (1.0,)
) -> NDArray[np.float64]:
    """Return the accuracy after 0 to 20 questions, with so many games for each animal."""
    truths = np.repeat(np.arange(len(table.hypotheses)), games)
    answers = draw_answers(table, truths, np.random.default_rng(17))
    played = rehearse(table, score, answers, rounds=_ROUNDS, exponents=exponents)
    return played.is_right(truths).mean(axis=0)


def test_gain_needs_no_more_questions_than_huffman_s_code(
    awa2_20: NDArray[np.float64], awa2_50: NDArray[np.float64]
) -> None:
    twenty = _depths(TableBelief.start(Table.binary(awa2_20)), InformationGain())
    fifty = _depths(TableBelief.start(Table.binary(awa2_50)), InformationGain())
    assert (len(twenty), np.mean(twenty), max(twenty)) == (20, pytest.approx(4.4), 5)
    assert (len(fifty), np.mean(fifty), max(fifty)) == (50, pytest.approx(5.72), 6)


@pytest.mark.parametrize("seed", [0, 1])
def test_pursuit_with_full_empty_sets_needs_as_few(
    awa2_20: NDArray[np.float64], awa2_50: NDArray[np.float64], seed: int
) -> None:
    for matrix, best in ((awa2_20, 4.4), (awa2_50, 5.72)):
        table = Table.binary(matrix)
        policy = ConformalPursuit(thresholds=_random_thresholds(table, seed))
        assert np.mean(_depths(TableBelief.start(table), policy)) == pytest.approx(best)


def test_the_literal_form_of_pursuit_collapses(awa2_20: NDArray[np.float64]) -> None:
    """It asks what empties its sets, and names fewer than three in four after 20 questions."""
    table = Table.binary(awa2_20, noise=1e-6)
    thresholds = _random_thresholds(table, 0)
    found: dict[EmptySets, float] = {
        empty: _accuracy(
            table, by_set_size(ConformalPursuit(thresholds=thresholds, empty=empty)), games=1
        )[_ROUNDS]
        for empty in ("literal", "full")
    }
    assert found["literal"] < 0.75
    assert found["full"] == 1


def test_accuracy_with_one_answer_in_ten_wrong(awa2_50: NDArray[np.float64]) -> None:
    table = Table.binary(awa2_50, noise=0.1)
    by_information = _accuracy(table, by_gain)
    assert by_information[10] >= 0.74
    assert by_information[20] >= 0.94
    at_random = _accuracy(table, by_chance(np.random.default_rng(0)), games=40)
    assert at_random[10] == pytest.approx(0.41, abs=0.03)


def test_over_confident_reports_mislead_gain_until_a_temperature_is_fitted(
    awa2_50: NDArray[np.float64],
) -> None:
    table = Table.binary(awa2_50, noise=0.1)
    assert _accuracy(table, by_gain, exponents=(3.0,))[20] <= 0.62
    heats = _on_policy_temperatures(table, exponent=3.0)
    mended = tuple(3.0 / heat for heat in heats.temperatures)
    assert _accuracy(table, by_gain, exponents=mended)[20] >= 0.94


def test_pursuit_suffers_less_from_over_confidence(awa2_50: NDArray[np.float64]) -> None:
    table = Table.binary(awa2_50, noise=0.1)
    policy = ConformalPursuit(thresholds=_random_thresholds(table, 0, exponent=3.0))
    accuracy = _accuracy(table, by_set_size(policy), exponents=(3.0,), games=4)
    assert accuracy[20] >= 0.78


def _on_policy_temperatures(table: Table, *, exponent: float) -> TemperatureByLength:
    """Return temperatures from 200 episodes that information gain itself has played."""
    rng = np.random.default_rng(4)
    truths = rng.integers(len(table.hypotheses), size=200)
    answers = draw_answers(table, truths, rng)
    games = rehearse(table, by_gain, answers, rounds=_ROUNDS, exponents=(exponent,))
    return TemperatureByLength.fit(exponent * games.log_weights, truths)


def test_sets_of_each_length_cover_as_promised_on_the_policy_s_own_histories(
    awa2_50: NDArray[np.float64],
) -> None:
    """Mean of ten calibrations and tests of 500 episodes each, ties drawn for."""
    table = Table.binary(awa2_50, noise=0.1)
    coverage = np.mean([_coverage(table, seed) for seed in range(10)], axis=0)
    assert coverage == pytest.approx(np.full(_ROUNDS + 1, 0.9), abs=0.03)


def _coverage(table: Table, seed: int) -> list[float]:
    rng = np.random.default_rng(seed)
    scores: list[NDArray[np.float64]] = []
    for _ in range(2):
        truths = rng.integers(len(table.hypotheses), size=500)
        games = rehearse(table, by_gain, draw_answers(table, truths, rng), rounds=_ROUNDS)
        scores.append(games.true_probs(truths))
    thresholds = LengthThresholds.fit(scores[0], alpha=0.1)
    return [
        float(thresholds.at(length).contains(scores[1][:, length], tie_rng=rng).mean())
        for length in range(_ROUNDS + 1)
    ]


def test_independent_slots_count_the_same_uncertainty_many_times(
    awa2_50: NDArray[np.float64],
) -> None:
    slots = [Slot(name=str(number), values=("no", "yes")) for number in range(85)]
    free = FactoredBelief.start(slots, priors=[[1 - p, p] for p in awa2_50.mean(axis=0)])
    joint = TableBelief.start(Table.binary(awa2_50))
    assert free.entropy / np.log(2) == pytest.approx(63.5, abs=0.05)
    assert joint.entropy / np.log(2) == pytest.approx(5.64, abs=0.01)
    order = np.argsort(-InformationGain().score(free, range(85)).values, kind="stable")
    assert _mean_until_alone(awa2_50, order) == pytest.approx(8.76, abs=0.1)


def _mean_until_alone(matrix: NDArray[np.float64], order: NDArray[np.int64]) -> float:
    """Return how many questions in a fixed order tell a row from all others, on average."""
    counts: list[int] = []
    for row in matrix:
        is_same = np.equal(matrix[:, order], row[order]).astype(np.int64)
        alike: list[int] = np.cumprod(is_same, axis=1).sum(axis=0).tolist()
        counts.append(alike.index(1) + 1)
    return float(np.mean(counts))
