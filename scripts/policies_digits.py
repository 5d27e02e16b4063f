"""Handwritten digits, a pixel a question: accuracy of each policy, and of each correction.

Run: python scripts/policies_digits.py [--seeds N]

Takes about a minute on one core. Real pictures answer; the belief is naive Bayes.
"""

import argparse

import numpy as np
from numpy.typing import NDArray
from policy_tables import Digits, print_table, split_digits
from threadpoolctl import threadpool_limits

from sonde.policies.conformal import LengthThresholds
from sonde.policies.conformal_pursuit import ConformalPursuit
from sonde.policies.platt import Platt
from sonde.policies.rehearsal import (
    GameScores,
    Rehearsal,
    by_chance,
    by_entropy,
    by_gain,
    by_set_size,
    by_uneven_entropy,
    rehearse,
)
from sonde.policies.temperature import (
    Calibrator,
    Identity,
    TemperatureByLength,
    expected_calibration_error,
)

_ROUNDS = 20
_STOP = 10
"""Length at which corrections are compared."""


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description="Digits, a pixel a question.")
    parser.add_argument("--seeds", type=int, default=4)
    seeds = parser.parse_args().seeds
    with threadpool_limits(limits=1):
        splits = [split_digits(seed) for seed in range(seeds)]
        _print_accuracies(splits)
        _print_corrections(splits)


def _print_accuracies(splits: list[Digits]) -> None:
    curves: dict[str, list[NDArray[np.float64]]] = {}
    for seed, split in enumerate(splits):
        rng = np.random.default_rng(seed)
        for name, score in _scores(split, rng).items():
            games = _play(split, split.test, score)
            curves.setdefault(name, []).append(games.is_right(split.test_truths).mean(axis=0))
        heats = _temperatures(split)
        games = _play(split, split.test, by_gain, tuple(1 / heat for heat in heats.temperatures))
        right = games.is_right(split.test_truths).mean(axis=0)
        curves.setdefault("gain, temperature by length", []).append(right)
    rows = [
        (name, *(float(np.mean(found, axis=0)[each]) for each in (5, 10, 20)),
         float(np.mean(found, axis=0)[1:].mean()))
        for name, found in curves.items()
    ]  # fmt: skip
    columns = ["policy", "after 5", "after 10", "after 20", "mean of 1 to 20"]
    print_table(f"Digits: accuracy ({len(splits)} splits)", columns, rows)


def _scores(split: Digits, rng: np.random.Generator) -> dict[str, GameScores]:
    random = _play(split, split.calibration, by_chance(rng), rounds=_ROUNDS + 1)
    levels = LengthThresholds.fit(random.true_probs(split.calibration_truths), alpha=0.1).values
    return {
        "random": by_chance(rng),
        "maximum entropy": by_entropy,
        "UoT reward, one step": by_uneven_entropy(0.4),
        "gain": by_gain,
        "C-IP": by_set_size(ConformalPursuit(thresholds=levels)),
    }


def _print_corrections(splits: list[Digits]) -> None:
    """Compare reported confidence with what is right after ten pixels, by correction."""
    found: dict[str, list[tuple[float, float, float]]] = {}
    for seed, split in enumerate(splits):
        own = _play(split, split.calibration, by_gain)
        random = _play(split, split.calibration, by_chance(np.random.default_rng(seed)))
        truths = split.calibration_truths
        test = _play(split, split.test, by_gain)
        corrections: dict[str, Calibrator] = {
            "none": Identity(),
            "temperature, random histories": TemperatureByLength.fit(random.log_weights, truths),
            "temperature, the policy's own": TemperatureByLength.fit(own.log_weights, truths),
            "Platt, the policy's own": Platt.fit(own.probs[:, _STOP], truths),
        }
        for name, correction in corrections.items():
            mended = correction.apply(test.probs[:, _STOP], length=_STOP)
            right = mended.argmax(axis=1) == split.test_truths
            top = mended.max(axis=1)
            error = expected_calibration_error(top, right)
            found.setdefault(name, []).append((float(top.mean()), float(right.mean()), error))
    rows = [(name, *(float(each) for each in np.mean(pairs, axis=0)))
            for name, pairs in found.items()]  # fmt: skip
    columns = ["correction", "confidence", "right", "calibration error"]
    print_table(f"Digits: confidence after {_STOP} pixels", columns, rows)


def _temperatures(split: Digits) -> TemperatureByLength:
    games = _play(split, split.calibration, by_gain)
    return TemperatureByLength.fit(games.log_weights, split.calibration_truths)


def _play(
    split: Digits,
    pixels: NDArray[np.int64],
    score: GameScores,
    exponents: tuple[float, ...] = (1.0,),
    *,
    rounds: int = _ROUNDS,
) -> Rehearsal:
    return rehearse(
        split.table, score, pixels, rounds=rounds, prior=split.prior, exponents=exponents
    )


if __name__ == "__main__":
    main()
