"""The gate between equals, and where B truly loses what it calls detectable; seeded."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sonde.benchmarks.statistics.paired import PairedRuns
from sonde.benchmarks.statistics.power import mcnemar_detectable

REPETITIONS = 200
TASKS, DISCORDANCE = 165, 0.2


def _alarms(loss: float, *, seed: int) -> float:
    rng = np.random.default_rng(seed)
    hits = 0
    for _ in range(REPETITIONS):
        a, b = _pair(rng, loss)
        lab = PairedRuns([a, b], clusters=range(TASKS), rng=rng, draws=20)
        hits += lab.compare(0, 1).p_worse <= 0.05
    return hits / REPETITIONS


def _pair(rng: np.random.Generator, loss: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    a_only = (DISCORDANCE + loss) / 2
    chances = [a_only, DISCORDANCE - a_only, 0.5, 0.5 - DISCORDANCE]
    kinds = rng.choice(4, size=TASKS, p=chances)
    a, b = np.isin(kinds, (0, 2)), np.isin(kinds, (1, 2))
    return a.astype(np.float64)[:, None], b.astype(np.float64)[:, None]


def test_equals_alarm_no_more_often_than_nominal() -> None:
    # 5 % and three standard errors of 200 repetitions; the exact test stays below 5 %
    assert _alarms(0.0, seed=1) <= 0.05 + 3 * (0.05 * 0.95 / REPETITIONS) ** 0.5


def test_the_detectable_loss_is_caught_at_the_power_that_it_states() -> None:
    loss = mcnemar_detectable(tasks=TASKS, discordance=DISCORDANCE)
    assert loss is not None
    assert _alarms(loss, seed=2) == pytest.approx(0.8, abs=3 * (0.16 / REPETITIONS) ** 0.5)
