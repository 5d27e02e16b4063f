"""Power and minimum detectable effect, counted out and simulated."""

# The oracles are untyped:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false

import numpy as np
import pytest
from scipy import stats

from sonde.benchmarks.statistics.paired import mcnemar
from sonde.benchmarks.statistics.power import (
    mcnemar_detectable,
    mcnemar_power,
    mean_detectable,
)


@pytest.mark.parametrize("sides", [1, 2])
def test_power_is_what_a_simulation_finds(sides: int) -> None:
    rng = np.random.default_rng(5)
    pairs = rng.multinomial(60, [0.25, 0.08, 0.67], size=4_000)
    found = [mcnemar(int(a), int(b)) for a, b, _ in pairs]
    hits = np.mean([(p.worse if sides == 1 else p.two_sided) <= 0.05 for p in found])
    power = mcnemar_power(0.17, tasks=60, discordance=0.33, sides=sides)
    assert power == pytest.approx(hits, abs=3 * np.sqrt(0.25 / 4_000))


def test_equals_alarm_no_more_often_than_the_level() -> None:
    for discordance in (0.05, 0.2, 0.6):
        assert mcnemar_power(0.0, tasks=165, discordance=discordance) <= 0.05


def test_the_detectable_loss_has_just_the_power_that_was_asked_for() -> None:
    loss = mcnemar_detectable(tasks=165, discordance=0.2)
    assert loss is not None
    assert mcnemar_power(loss, tasks=165, discordance=0.2) == pytest.approx(0.8, abs=1e-6)


def test_more_tasks_show_smaller_losses_and_few_show_none() -> None:
    few = mcnemar_detectable(tasks=50, discordance=0.2)
    many = mcnemar_detectable(tasks=500, discordance=0.2)
    assert few is not None and many is not None and many < few
    assert mcnemar_detectable(tasks=4, discordance=0.2) is None


def test_a_mean_is_detectable_by_the_normal_limit_of_the_sign_flips() -> None:
    differences = np.random.default_rng(3).normal(size=400)
    found = mean_detectable(differences, tasks=400)
    assert found is not None
    spread = differences.std(ddof=1)
    flips = 1.6448536 * np.sqrt((spread**2 + found**2) / 400)
    half_step = np.abs(differences).min() / 400
    assert found - half_step == pytest.approx(flips + 0.8416212 * spread / 20, abs=1e-5)
    usual = (1.6448536 + 0.8416212) * stats.sem(differences)
    assert usual < found < 1.02 * usual


def test_too_few_clusters_can_show_nothing() -> None:
    assert mean_detectable(np.array([0.3]), tasks=6) is None
    assert mean_detectable(np.array([0.3, -0.1]), tasks=6) is None


def test_runs_that_differ_nowhere_tell_nothing_of_what_could_be_seen() -> None:
    assert mean_detectable(np.zeros(90), tasks=90) is None
