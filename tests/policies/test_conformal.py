"""Conformal thresholds: exact ranks, what they cover, and what they refuse."""

from math import nan

import numpy as np
import pytest
from crepes import ConformalClassifier

from sonde.policies.conformal import (
    LengthThresholds,
    SetThreshold,
    check_units,
    conformal_rank,
    least_episodes,
)


@pytest.mark.parametrize(
    ("n", "alpha", "rank"),
    [(36, 0.1, 3), (36, 0.2, 7), (100, 0.1, 10), (9, 0.1, 1), (8, 0.1, 0), (99, 0.29, 29)],
)
def test_the_rank_is_exact(n: int, alpha: float, rank: int) -> None:
    assert conformal_rank(n, alpha=alpha) == rank
    scores = np.random.default_rng(n).permutation(n) / n
    assert SetThreshold.fit(scores, alpha=alpha).value == (rank - 1) / n if rank else True


def test_the_threshold_at_36_episodes_is_the_third_smallest() -> None:
    scores = np.arange(36)[::-1] / 100
    found = SetThreshold.fit(scores, alpha=0.1)
    assert found.value == 0.02
    assert found.members([0.03, 0.01, 0.02]) == [0, 2]


@pytest.mark.parametrize(("alpha", "exact", "plain"), [(0.1, 0.9189, 0.8919), (0.2, 0.8108, 0.784)])
def test_the_exact_rank_covers_at_36_episodes_where_a_plain_quantile_does_not(
    alpha: float, exact: float, plain: float
) -> None:
    """With n scores and a fresh one all alike, a set above the r-th smallest covers 1 - r/(n+1)."""
    scores = np.random.default_rng(6).random((20_000, 37))
    calibration, fresh = np.sort(scores[:, :36], axis=1), scores[:, 36]
    thresholds = calibration[:, conformal_rank(36, alpha=alpha) - 1]
    assert np.mean(fresh >= thresholds) == pytest.approx(exact, abs=0.006)
    quantiles = -np.quantile(-calibration, 1 - alpha, axis=1, method="higher")
    assert np.mean(fresh >= quantiles) == pytest.approx(plain, abs=0.012)
    assert np.mean(fresh >= quantiles) < 1 - alpha


def test_too_few_episodes_keep_the_whole_support_and_say_so() -> None:
    found = SetThreshold.fit([0.9] * 8, alpha=0.1)
    assert found.is_vacuous
    assert found.value == 0
    assert found.members([0.0, 1.0]) == [1, 0]
    assert found.note == (
        "8 calibration episodes are too few for alpha 0.1: the set is the whole support until "
        "there are 9"
    )
    assert SetThreshold.fit([0.9] * 9, alpha=0.1).note is None
    assert SetThreshold.fit([], alpha=0.1).is_vacuous


def test_the_fewest_episodes_are_one_over_alpha_less_one() -> None:
    assert [least_episodes(alpha) for alpha in (0.5, 0.2, 0.1, 0.05, 0.01)] == [1, 4, 9, 19, 99]


def test_members_come_likeliest_first_and_an_empty_set_is_what_was_asked_for() -> None:
    threshold = SetThreshold(value=0.5, alpha=0.1, n=50)
    assert threshold.members([0.3, 0.1, 0.6]) == [2]
    assert threshold.members([0.3, 0.3, 0.4]) == []
    assert threshold.members([0.3, 0.3, 0.4], empty="top") == [2]
    assert threshold.members([0.3, 0.3, 0.4], empty="full") == [2, 0, 1]


def test_rounding_does_not_push_a_member_out() -> None:
    assert SetThreshold(value=0.3, alpha=0.1, n=50).members([0.1 + 0.2, 0.7]) == [1, 0]
    below = 0.3 * (1 - 1e-15)
    assert 0 in SetThreshold(value=0.3, alpha=0.1, n=50).members([below, 0.7])


def test_a_set_covers_within_its_binomial_band_whatever_the_belief() -> None:
    rng = np.random.default_rng(11)
    hits = total = 0
    for _ in range(200):
        beliefs = rng.dirichlet(np.full(6, 0.5), size=300)
        edges = np.cumsum(beliefs**2, axis=1)  # truths from a sharper belief than the stated one
        truths = (rng.random((300, 1)) * edges[:, -1:] >= edges).sum(axis=1)
        scores = beliefs[np.arange(300), truths]
        threshold = SetThreshold.fit(scores[:150], alpha=0.1).value
        hits += int((scores[150:] >= threshold).sum())
        total += 150
    assert hits / total == pytest.approx(1 - 15 / 151, abs=0.006)


def test_ties_cover_more_than_they_need_to_unless_they_are_drawn_for() -> None:
    rng = np.random.default_rng(3)
    levels, chances = np.array([0.1, 0.3, 0.9]), [0.05, 0.15, 0.8]
    kept: list[bool] = []
    drawn: list[bool] = []
    for _ in range(400):
        scores = rng.choice(levels, p=chances, size=120)
        found = SetThreshold.fit(scores[:100], alpha=0.1)
        kept += [0 in found.members([score]) for score in scores[100:]]
        drawn += [0 in found.members([score], tie_rng=rng) for score in scores[100:]]
    assert np.mean(kept) > 0.93
    assert np.mean(drawn) == pytest.approx(0.9, abs=0.01)


def test_plain_split_conformal_sets_agree_with_crepes() -> None:
    rng = np.random.default_rng(8)
    for n in (12, 36, 200):
        true_probs = rng.random(n)
        beliefs = rng.dirichlet(np.ones(5), size=60)
        for alpha in (0.05, 0.1, 0.2, 0.33):
            oracle = ConformalClassifier().fit(1 - true_probs)
            expected = oracle.predict_set(1 - beliefs, confidence=1 - alpha, smoothing=False)
            threshold = SetThreshold.fit(true_probs, alpha=alpha)
            for belief, row in zip(beliefs, expected, strict=True):
                assert sorted(threshold.members(belief)) == np.flatnonzero(row).tolist()


def test_each_length_has_a_threshold_of_its_own() -> None:
    columns = np.stack([np.arange(19) / 100, np.arange(19) / 50], axis=1)
    found = LengthThresholds.fit(columns, alpha=0.1)
    assert found.values == pytest.approx((0.01, 0.02))
    assert found.at(7).value == pytest.approx(0.02)


def test_a_unit_may_stand_in_a_calibration_once() -> None:
    check_units(["a", "b"])
    with pytest.raises(ValueError, match="'a' stands there more than once"):
        check_units(["a", "b", "a"])


@pytest.mark.parametrize("alpha", [0.0, 1.0, -1.0, nan])
def test_an_error_level_outside_its_range_is_refused(alpha: float) -> None:
    with pytest.raises(ValueError, match="alpha must lie between 0 and 1"):
        SetThreshold.fit([0.5], alpha=alpha)


def test_what_is_no_probability_of_a_truth_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        SetThreshold.fit([0.5, nan], alpha=0.1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        SetThreshold.fit([1.5], alpha=0.1)
    with pytest.raises(ValueError, match="one probability an episode"):
        SetThreshold.fit([[0.5]], alpha=0.1)
    with pytest.raises(ValueError, match="episodes x lengths"):
        LengthThresholds.fit([0.5], alpha=0.1)
