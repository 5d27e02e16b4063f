"""Are promises kept? Coverage by length and at the stop, and the error of stop rules.

Run: python scripts/policies_coverage.py [--splits N]

Takes a minute or two on one core.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from policy_tables import print_table, read_animals, split_digits
from threadpoolctl import threadpool_limits

from sonde.policies.conformal import LengthThresholds, SetThreshold, conformal_rank
from sonde.policies.learn_then_test import Population, Refusal, learn_then_test, stop_lengths
from sonde.policies.rehearsal import Rehearsal, by_chance, by_gain, draw_answers, rehearse
from sonde.policies.table import Table
from sonde.policies.temperature import TemperatureByLength

_ROUNDS = 20
_CONFIDENCE = 0.9
_DELTA = 0.1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """Episodes to calibrate on and to test on."""

    calibration: Rehearsal
    calibration_truths: NDArray[np.int64]
    test: Rehearsal
    test_truths: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What a rule led to: questions, share right, what it claims, and of which share of runs."""

    length: float
    right: float
    claim: float
    share: float = 1.0


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description="Are promises kept?")
    parser.add_argument("--splits", type=int, default=30)
    splits = parser.parse_args().splits
    with threadpool_limits(limits=1):
        _print_ranks()
        animals = read_animals().all_50
        noisy = Table.binary(animals, noise=0.1)
        small = {
            "AwA2-50, 10 % noise": [_drawn(noisy, noisy, seed, sizes=(500, 500))
                                    for seed in range(10)],
            "digits": [_pictures(seed, train=797, calibration=500) for seed in range(10)],
        }  # fmt: skip
        _print_lengths(small)
        _print_off_policy(noisy)
        _print_endings("digits", [_pictures(seed) for seed in range(splits)])
        _print_endings(
            "AwA2-50, 10 % noise",
            [_drawn(noisy, noisy, seed, sizes=(300, 500)) for seed in range(splits)],
        )
        is_wrong = np.random.default_rng(123).random(animals.shape) < 0.1
        mistaken = Table.binary(np.where(is_wrong, 1 - animals, animals), noise=0.01)
        exact = Table.binary(animals)
        _print_endings(
            "AwA2-50, 10 % of the facts wrong",
            [_drawn(exact, mistaken, seed, sizes=(300, 500)) for seed in range(splits)],
        )


def _drawn(truth: Table, belief: Table, seed: int, *, sizes: tuple[int, int]) -> Trial:
    rng = np.random.default_rng(seed)
    truths = [rng.integers(len(truth.hypotheses), size=size) for size in sizes]
    games = [
        rehearse(belief, by_gain, draw_answers(truth, each, rng), rounds=_ROUNDS) for each in truths
    ]
    return Trial(
        calibration=games[0], calibration_truths=truths[0], test=games[1], test_truths=truths[1]
    )


def _pictures(seed: int, *, train: int = 900, calibration: int = 450) -> Trial:
    split = split_digits(seed, train=train, calibration=calibration)
    first, second = (
        rehearse(split.table, by_gain, pixels, rounds=_ROUNDS, prior=split.prior)
        for pixels in (split.calibration, split.test)
    )
    return Trial(
        calibration=first,
        calibration_truths=split.calibration_truths,
        test=second,
        test_truths=split.test_truths,
    )


def _print_ranks() -> None:
    """Coverage of the exact rank against numpy's quantile, over 20,000 draws."""
    rng = np.random.default_rng(0)
    rows: list[tuple[object, ...]] = []
    for n in (20, 36, 100):
        for alpha in (0.1, 0.2):
            scores = rng.random((20_000, n + 1))
            ordered = np.sort(scores[:, :n], axis=1)
            exact = ordered[:, conformal_rank(n, alpha=alpha) - 1]
            plain = -np.quantile(-ordered, 1 - alpha, axis=1, method="higher")
            fresh = scores[:, n]
            rows.append((n, alpha, np.mean(fresh >= exact).item(), np.mean(fresh >= plain).item()))
    columns = ["n", "alpha", "exact rank", "plain quantile"]
    print_table("Coverage by the way the threshold is ranked", columns, rows)


def _print_lengths(cases: dict[str, list[Trial]]) -> None:
    lengths = (1, 2, 3, 5, 8, 10, 15, 20)
    rows: list[tuple[object, ...]] = []
    for name, trials in cases.items():
        for ties in ("kept", "drawn for"):
            coverage = np.mean(
                [_length_coverage(trial, seed, draw=ties == "drawn for")
                 for seed, trial in enumerate(trials)], axis=0
            )  # fmt: skip
            worst = float(np.abs(coverage[1:] - 0.9).max())
            rows.append((name, ties, *(float(coverage[each]) for each in lengths), worst))
    columns = ["episodes", "ties", *(f"k={each}" for each in lengths), "farthest from .90"]
    print_table("Coverage at nominal .90, on-policy, 500 + 500 episodes, 10 seeds", columns, rows)


def _length_coverage(trial: Trial, seed: int, *, draw: bool) -> list[float]:
    rng = np.random.default_rng(seed) if draw else None
    scores = trial.calibration.true_probs(trial.calibration_truths)
    thresholds = LengthThresholds.fit(scores, alpha=0.1)
    fresh = trial.test.true_probs(trial.test_truths)
    return [
        float(thresholds.at(each).contains(fresh[:, each], tie_rng=rng).mean())
        for each in range(_ROUNDS + 1)
    ]


def _print_off_policy(table: Table) -> None:
    """What thresholds from random histories cover on the policy's own histories."""
    rows: list[tuple[object, ...]] = []
    sums = np.zeros(_ROUNDS + 1)
    for seed in range(10):
        trial = _drawn(table, table, seed, sizes=(1, 500))
        rng = np.random.default_rng(100 + seed)
        truths = rng.integers(len(table.hypotheses), size=500)
        random = rehearse(table, by_chance(rng), draw_answers(table, truths, rng), rounds=_ROUNDS)
        thresholds = LengthThresholds.fit(random.true_probs(truths), alpha=0.1)
        fresh = trial.test.true_probs(trial.test_truths)
        sums += [thresholds.at(k).contains(fresh[:, k]).mean() for k in range(_ROUNDS + 1)]
    lengths = (1, 2, 3, 5, 8, 10, 15, 20)
    rows.append(("AwA2-50, 10 % noise", *(float(sums[each] / 10) for each in lengths)))
    columns = ["episodes", *(f"k={each}" for each in lengths)]
    print_table("Coverage at nominal .90, thresholds from random histories", columns, rows)


Rule = Callable[[Trial, float], Ending | None]


def _print_endings(name: str, trials: list[Trial]) -> None:
    rules: dict[str, Rule] = {
        "raw confidence .9": _raw,
        "on-policy temperature, confidence .9": _tempered,
        "set of one at the length": _singleton,
        "Learn Then Test, all runs": lambda t, a: _proved(t, a, "all"),
        "Learn Then Test, runs that stop so": lambda t, a: _proved(t, a, "answered"),
        "terminal set at raw confidence .9": _terminal,
    }
    rows: list[tuple[object, ...]] = []
    for alpha in (0.1, 0.2):
        for rule_name, rule in rules.items():
            found = [rule(trial, alpha) for trial in trials]
            kept = [each for each in found if each is not None]
            if not kept:
                refused = f"{len(found)}/{len(found)}"
                rows.append((alpha, rule_name, "-", "-", "-", "-", "-", refused))
                continue
            rights = np.array([each.right for each in kept])
            claims = np.array([each.claim for each in kept])
            rows.append((
                alpha, rule_name, np.mean([each.length for each in kept]).item(),
                rights.mean().item(), claims.mean().item(),
                np.mean([each.share for each in kept]).item(),
                f"{int((rights < claims).sum())}/{len(kept)}",
                f"{len(found) - len(kept)}/{len(found)}",
            ))  # fmt: skip
    columns = ["alpha", "rule", "questions", "right or covered", "claimed", "of the runs",
               "below the claim", "refused"]  # fmt: skip
    print_table(f"Endings on {name}, {len(trials)} splits", columns, rows)


def _ending(trial: Trial, stops: NDArray[np.int64], claim: float) -> Ending:
    rows = np.arange(len(stops))
    right = trial.test.is_right(trial.test_truths)[rows, stops]
    return Ending(length=float(stops.mean()), right=float(right.mean()), claim=claim)


def _raw(trial: Trial, alpha: float) -> Ending:
    del alpha
    stops = stop_lengths(trial.test.confidences, _CONFIDENCE)
    claim = trial.test.confidences[np.arange(len(stops)), stops].mean()
    return _ending(trial, stops, float(claim))


def _tempered(trial: Trial, alpha: float) -> Ending:
    del alpha
    heats = TemperatureByLength.fit(trial.calibration.log_weights, trial.calibration_truths)
    mended = np.stack(
        [heats.apply(trial.test.probs[:, each], length=each) for each in range(_ROUNDS + 1)], axis=1
    )
    confidences = mended.max(axis=2)
    stops = stop_lengths(confidences, _CONFIDENCE)
    return _ending(trial, stops, float(confidences[np.arange(len(stops)), stops].mean()))


def _singleton(trial: Trial, alpha: float) -> Ending:
    scores = trial.calibration.true_probs(trial.calibration_truths)
    levels = np.array(LengthThresholds.fit(scores, alpha=alpha).values)
    sizes = (trial.test.probs >= levels[:, None]).sum(axis=2).astype(np.float64)
    return _ending(trial, stop_lengths(-sizes, -1.0), 1 - alpha)


def _proved(trial: Trial, alpha: float, population: Population) -> Ending | None:
    found = learn_then_test(
        trial.calibration.confidences,
        trial.calibration.is_right(trial.calibration_truths),
        alpha=alpha,
        delta=_DELTA,
        population=population,
    )
    if isinstance(found, Refusal):
        return None
    stops = stop_lengths(trial.test.confidences, found.value)
    rows = np.arange(len(stops))
    counted = np.ones(len(stops), dtype=np.bool_)
    if population == "answered":
        counted = np.greater_equal(trial.test.confidences[rows, stops], found.value)
    right = trial.test.is_right(trial.test_truths)[rows, stops][counted]
    return Ending(
        length=float(stops.mean()),
        right=float(right.mean()),
        claim=1 - alpha,
        share=float(counted.mean()),
    )


def _terminal(trial: Trial, alpha: float) -> Ending:
    stops = stop_lengths(trial.calibration.confidences, _CONFIDENCE)
    scores = trial.calibration.true_probs(trial.calibration_truths)
    threshold = SetThreshold.fit(scores[np.arange(len(stops)), stops], alpha=alpha)
    fresh = stop_lengths(trial.test.confidences, _CONFIDENCE)
    truths = trial.test.true_probs(trial.test_truths)[np.arange(len(fresh)), fresh]
    covered = float(threshold.contains(truths).mean())
    return Ending(length=float(fresh.mean()), right=covered, claim=1 - alpha)


if __name__ == "__main__":
    main()
