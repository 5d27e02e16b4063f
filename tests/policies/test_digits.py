"""Handwritten digits, a pixel a question: naive Bayes is over-confident there by nature.

Real pictures answer, so nothing is drawn from the model that the beliefs use.
"""

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from sonde.policies.conformal import LengthThresholds, SetThreshold
from sonde.policies.learn_then_test import Refusal, learn_then_test, stop_lengths
from sonde.policies.rehearsal import GameScores, Rehearsal, by_chance, by_entropy, by_gain, rehearse
from sonde.policies.table import Table

load_digits = pytest.importorskip("sklearn.datasets", reason="needs scikit-learn").load_digits

_ROUNDS = 20
_ALPHA = 0.1


class Pictures(NamedTuple):
    """Binarised pictures and the digits that they show."""

    pixels: NDArray[np.int64]
    truths: NDArray[np.int64]


class Split(NamedTuple):
    """A naive Bayes table, and pictures to calibrate and to test on."""

    table: Table
    prior: NDArray[np.float64]
    calibration: Pictures
    test: Pictures

    def play(self, pictures: Pictures, score: GameScores = by_gain) -> Rehearsal:
        """Ask for twenty pixels of each picture."""
        return rehearse(self.table, score, pictures.pixels, rounds=_ROUNDS, prior=self.prior)


class Trial(NamedTuple):
    """Calibration and test episodes of one split, by information gain."""

    calibration: Rehearsal
    calibration_truths: NDArray[np.int64]
    test: Rehearsal
    test_truths: NDArray[np.int64]


def _split(seed: int, *, train: int = 900, calibration: int = 450) -> Split:
    pixels, labels = load_digits(return_X_y=True)
    dark = (pixels >= 8).astype(np.int64)
    order = np.random.default_rng(seed).permutation(len(labels))
    first, second, third = np.split(order, [train, train + calibration])
    groups = [dark[first][labels[first] == digit] for digit in range(10)]
    return Split(
        table=Table.binary(np.stack([(g.sum(axis=0) + 1) / (len(g) + 2) for g in groups])),
        prior=np.array([len(g) / train for g in groups]),
        calibration=Pictures(dark[second], labels[second]),
        test=Pictures(dark[third], labels[third]),
    )


@pytest.fixture(scope="module")
def trials() -> list[Trial]:
    """Thirty splits: 900 pictures to learn from, 450 to calibrate on, 447 to test on."""
    splits = [_split(seed) for seed in range(30)]
    return [
        Trial(
            split.play(split.calibration),
            split.calibration.truths,
            split.play(split.test),
            split.test.truths,
        )
        for split in splits
    ]


def _at(values: NDArray[np.generic], lengths: NDArray[np.int64]) -> NDArray[np.generic]:
    return values[np.arange(len(lengths)), lengths]


def test_gain_learns_more_from_twenty_pixels_than_entropy_or_chance() -> None:
    means: dict[str, float] = {}
    for name in ("gain", "entropy", "chance"):
        scores = {"gain": by_gain, "entropy": by_entropy}
        found: list[float] = []
        for seed in range(3):
            split = _split(seed)
            score = scores.get(name) or by_chance(np.random.default_rng(seed))
            right = split.play(split.test, score).is_right(split.test.truths)
            found.append(float(right[:, 1:].mean()))
        means[name] = float(np.mean(found))
    assert means["gain"] >= 0.73
    assert means["entropy"] <= 0.67
    assert means["chance"] <= 0.49


def test_sets_at_the_stop_cover_as_promised(trials: list[Trial]) -> None:
    coverage: list[float] = []
    for trial in trials:
        stops = stop_lengths(trial.calibration.confidences, 0.9)
        scores = _at(trial.calibration.true_probs(trial.calibration_truths), stops)
        threshold = SetThreshold.fit(scores, alpha=_ALPHA)
        fresh = stop_lengths(trial.test.confidences, 0.9)
        kept = threshold.contains(_at(trial.test.true_probs(trial.test_truths), fresh))
        coverage.append(float(kept.mean()))
    assert np.mean(coverage) == pytest.approx(0.90, abs=0.015)


def test_stopping_when_the_set_is_a_single_digit_breaks_its_promise(trials: list[Trial]) -> None:
    accuracy: list[float] = []
    for trial in trials:
        true_probs = trial.calibration.true_probs(trial.calibration_truths)
        levels = LengthThresholds.fit(true_probs, alpha=_ALPHA).values
        sizes = (trial.test.probs >= np.array(levels)[:, None]).sum(axis=2)
        stops = stop_lengths(-sizes.astype(np.float64), -1.0)
        accuracy.append(float(_at(trial.test.is_right(trial.test_truths), stops).mean()))
    assert np.mean(accuracy) < 0.85
    assert sum(each < 1 - _ALPHA for each in accuracy) == 30


def test_a_proved_stop_keeps_its_error_and_one_that_cannot_be_is_refused(
    trials: list[Trial],
) -> None:
    broken = 0
    for trial in trials:
        right = trial.calibration.is_right(trial.calibration_truths)
        confidences = trial.calibration.confidences
        tight = learn_then_test(confidences, right, alpha=0.1, delta=0.1)
        assert isinstance(tight, Refusal)
        found = learn_then_test(confidences, right, alpha=0.2, delta=0.1)
        assert not isinstance(found, Refusal)
        stops = stop_lengths(trial.test.confidences, found.value)
        broken += _at(trial.test.is_right(trial.test_truths), stops).mean() < 0.8
    assert broken <= 6


def test_sets_of_each_length_cover_as_promised_on_the_policy_s_own_histories() -> None:
    """Mean of ten splits with 500 pictures to calibrate on and 500 to test on."""
    coverage: list[list[float]] = []
    for seed in range(10):
        split = _split(seed, train=797, calibration=500)
        rng = np.random.default_rng(seed)
        scores = split.play(split.calibration).true_probs(split.calibration.truths)
        thresholds = LengthThresholds.fit(scores, alpha=_ALPHA)
        fresh = split.play(split.test).true_probs(split.test.truths)
        coverage.append(
            [
                float(thresholds.at(length).contains(fresh[:, length], tie_rng=rng).mean())
                for length in range(_ROUNDS + 1)
            ]
        )
    assert np.mean(coverage, axis=0) == pytest.approx(np.full(_ROUNDS + 1, 0.9), abs=0.03)
