"""Experimental design by exact expected information gain: discounting and the death process.

Run: python scripts/policies_designs.py [--games N]

Takes about a minute on one core.
"""

import argparse

import numpy as np
from numpy.typing import NDArray
from policy_tables import print_table
from threadpoolctl import threadpool_limits

from sonde.policies.designs import Experiment, death_process, hyperbolic_discounting
from sonde.policies.distributions import entropies, entropy
from sonde.policies.rehearsal import (
    GameScores,
    by_chance,
    by_entropy,
    by_gain,
    draw_answers,
    rehearse,
)

_ROUNDS = 10


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="Experimental design.")
    parser.add_argument("--games", type=int, default=300)
    games = parser.parse_args().games
    with threadpool_limits(limits=1):
        death = death_process(rates=200, times=100)
        gains = death_process().belief().gains(range(200)).values
        best = int(gains.argmax())
        print(f"death process: best first count at time {(best + 1) / 100:.2f}, "
              f"gain {gains[best]:.4f} nats")  # fmt: skip
        for name, experiment, target in (
            ("Hyperbolic discounting", hyperbolic_discounting(), "log k"),
            ("Death process", death, "rate"),
        ):
            rows = _rows(experiment, games)
            columns = ["designs chosen by", "nats learned", "standard error",
                       f"root mean square error of {target}"]  # fmt: skip
            print_table(f"{name}, {_ROUNDS} designs, {games} games", columns, rows)


def _rows(experiment: Experiment, games: int) -> list[tuple[object, ...]]:
    rng = np.random.default_rng(0)
    truths = rng.choice(len(experiment.prior), p=experiment.prior, size=games)
    answers = draw_answers(experiment.table, truths, rng, times=_ROUNDS)
    scores: dict[str, GameScores] = {
        "gain": by_gain,
        "maximum entropy": by_entropy,
        "chance": by_chance(rng),
    }
    return [(name, *_outcome(experiment, score, truths, answers)) for name, score in scores.items()]


def _outcome(
    experiment: Experiment,
    score: GameScores,
    truths: NDArray[np.int64],
    answers: NDArray[np.int64],
) -> tuple[float, float, float]:
    played = rehearse(experiment.table, score, answers, rounds=_ROUNDS, prior=experiment.prior)
    last = played.probs[:, -1]
    learned = entropy(experiment.prior) - entropies(last)
    target = experiment.parameters[:, 0]
    error = float(np.sqrt(((last @ target - target[truths]) ** 2).mean()))
    return float(learned.mean()), float(learned.std() / np.sqrt(len(learned))), error


if __name__ == "__main__":
    main()
