"""How often the gate of `sonde bench compare` alarms: on equals, and on its detectable loss.

Each repetition draws two runs anew and asks what `--gate` asks. Between equals the share of alarms
must not pass the nominal 5 %; where B truly loses what the gate calls detectable, it must alarm
four times in five. Bands are the central 99.9 % of a binomial of so many repetitions.

Usage: python scripts/report_gate.py [--repetitions 200] [--seed 0]
"""

import argparse
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sonde.benchmarks.bench_run import BenchRun
from sonde.benchmarks.report.contrasts import compare_runs
from sonde.benchmarks.statistics.power import (
    ALPHA,
    POWER,
    mcnemar_detectable,
    mcnemar_power,
    mean_detectable,
)
from sonde.records.attempt import Attempt

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, float], tuple[Floats, Floats]]
_DRAWS = 2_000  # of the permutation; its p is then known to half a per cent
_SUITE = "0" * 64


class Case(NamedTuple):
    """A kind of pair that is drawn again and again."""

    name: str
    """What it is."""
    draw: Draw
    """Draws the scores of A and B, tasks by epochs, given a true loss."""
    detectable: float
    """The loss that the gate calls detectable here."""
    expected: float
    """The power that it then states."""


def main() -> int:
    """Print the shares of alarms; 1 where one lies outside its band."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    is_wrong = False
    print(f"{given.repetitions} repetitions a cell, level {ALPHA:.0%}")
    heads = ("equals", "at most", "loss", "caught", "stated", "least")
    print(f"{'pairs':28}" + "".join(f"{head:>9}" for head in heads))
    for case in cases():
        alarms = alarm_rate(case, 0.0, repetitions=given.repetitions, seed=given.seed)
        caught = alarm_rate(case, case.detectable, repetitions=given.repetitions, seed=given.seed)
        most = band(ALPHA, given.repetitions)[1]
        least = band(case.expected, given.repetitions)[0]
        is_wrong |= alarms > most or caught < least
        shares = (alarms, most, case.detectable, caught, case.expected, least)
        print(f"{case.name:28}" + "".join(f"{share:9.1%}" for share in shares))
    return int(is_wrong)


def cases() -> list[Case]:
    """Return the kinds of pairs: binary at three sizes, repeated, and clustered."""
    return [
        *(_binary(tasks, share) for tasks, share in ((60, 0.3), (165, 0.2), (500, 0.2))),
        _repeated(tasks=100, epochs=3),
        _clustered(clusters=40, size=4),
    ]


def alarm_rate(case: Case, loss: float, *, repetitions: int, seed: int) -> float:
    """Return the share of repetitions in which the gate alarms."""
    rng = np.random.default_rng(seed)
    alarms = 0
    for number in range(repetitions):
        a, b = case.draw(rng, loss)
        is_clustered = case.name.startswith("clusters")
        runs = [as_run(name, table, is_clustered) for name, table in (("a", a), ("b", b))]
        alarms += compare_runs(*runs, seed=number, draws=_DRAWS).is_regression(ALPHA)
    return alarms / repetitions


def band(rate: float, repetitions: int) -> tuple[float, float]:
    """Return the central 99.9 % of the share of hits in so many repetitions."""
    draws = np.random.default_rng(1).binomial(repetitions, rate, size=200_000) / repetitions
    low, high = np.quantile(draws, [0.0005, 0.9995])
    return float(low), float(high)


def as_run(name: str, scores: Floats, is_clustered: bool) -> BenchRun:
    """Return a run with these scores, tasks by epochs."""
    attempts = tuple(
        Attempt(
            suite_sha256=_SUITE,
            task_id=f"t{task}",
            epoch=epoch,
            agent_sha256=name,
            status="scored",
            score=float(score),
            cluster=str(task // 4) if is_clustered else None,
            cost_usd=0.01,
        )
        for task, row in enumerate(scores)
        for epoch, score in enumerate(row, start=1)
    )
    return BenchRun(
        run_id=name,
        agent=name,
        agent_sha256=name,
        suite="drawn",
        suite_sha256=_SUITE,
        task_ids=tuple(f"t{task}" for task in range(len(scores))),
        epochs=scores.shape[1],
        attempts=attempts,
    )


def _binary(tasks: int, discordance: float) -> Case:
    def draw(rng: np.random.Generator, loss: float) -> tuple[Floats, Floats]:
        a_only = (discordance + loss) / 2
        both, neither = 0.6 * (1 - discordance), 0.4 * (1 - discordance)
        kinds = rng.choice(4, size=tasks, p=[a_only, discordance - a_only, both, neither])
        a, b = np.isin(kinds, (0, 2)), np.isin(kinds, (1, 2))
        return a.astype(float)[:, None], b.astype(float)[:, None]

    loss = mcnemar_detectable(tasks=tasks, discordance=discordance) or 1.0
    power = mcnemar_power(loss, tasks=tasks, discordance=discordance)
    return Case(f"{tasks} tasks, {discordance:.0%} discordant", draw, loss, power)


def _repeated(*, tasks: int, epochs: int) -> Case:
    def draw(rng: np.random.Generator, loss: float) -> tuple[Floats, Floats]:
        chance = np.repeat(rng.beta(2, 2, size=tasks)[:, None], epochs, axis=1)
        return _passes(rng, chance), _worsened(rng, _passes(rng, chance), loss)

    return Case(f"{tasks} tasks, {epochs} epochs", draw, _typical(draw, tasks), POWER)


def _clustered(*, clusters: int, size: int) -> Case:
    tasks = clusters * size

    def draw(rng: np.random.Generator, loss: float) -> tuple[Floats, Floats]:
        one, other = (np.repeat(rng.beta(2, 2, size=clusters), size)[:, None] for _ in "ab")
        return _passes(rng, one), _worsened(rng, _passes(rng, other), loss)

    loss = _typical(draw, tasks, clusters=np.repeat(np.arange(clusters), size).tolist())
    return Case(f"clusters: {clusters} of {size} tasks", draw, loss, POWER)


def _passes(rng: np.random.Generator, chance: Floats) -> Floats:
    return (rng.uniform(size=chance.shape) < chance).astype(float)


def _worsened(rng: np.random.Generator, scores: Floats, loss: float) -> Floats:
    """Return scores of which passes are lost at random: a true loss of just so much."""
    pass_rate = 0.5  # the mean of beta(2, 2)
    return scores * (rng.uniform(size=scores.shape) >= loss / pass_rate)


def _typical(draw: Draw, tasks: int, *, clusters: Sequence[int] | None = None) -> float:
    """Return the detectable loss that the gate states for such pairs, in the median."""
    rng, found = np.random.default_rng(99), list[float]()
    groups = np.array(clusters if clusters is not None else range(tasks))
    for _ in range(101):
        a, b = draw(rng, 0.1)
        differences = b.mean(axis=1) - a.mean(axis=1)
        sums = np.bincount(groups, weights=differences).astype(np.float64)
        found.append(mean_detectable(sums, tasks=tasks) or 1.0)
    return float(np.median(found))


if __name__ == "__main__":
    raise SystemExit(main())
