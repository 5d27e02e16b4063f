"""Paired tests against statsmodels and scipy."""

# The oracles are untyped:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as mcnemar_of_statsmodels
from statsmodels.stats.multitest import multipletests

from sonde.benchmarks.statistics.paired import PairedRuns, holm, mcnemar, sign_flip_exact


def _runs(*scores: object, seed: int = 0, clusters: list[int] | None = None) -> PairedRuns:
    tables: list[NDArray[np.float64]] = []
    for each in scores:
        table = np.array(each, dtype=np.float64)
        tables.append(table.reshape(len(table), -1))
    names = clusters or list(range(len(tables[0])))
    return PairedRuns(tables, clusters=names, rng=np.random.default_rng(seed))


@pytest.mark.parametrize(("a_only", "b_only"), [(0, 0), (1, 0), (5, 5), (3, 14), (40, 21), (0, 9)])
def test_mcnemar_is_that_of_statsmodels_and_scipy(a_only: int, b_only: int) -> None:
    table = [[30, a_only], [b_only, 12]]
    found = mcnemar(a_only, b_only)
    if a_only + b_only:
        assert found.two_sided == pytest.approx(
            mcnemar_of_statsmodels(table, exact=True).pvalue, abs=1e-9
        )
        worse = stats.binomtest(a_only, a_only + b_only, alternative="greater").pvalue
        assert found.worse == pytest.approx(worse, abs=1e-9)
    else:
        assert found == (1.0, 1.0)


def test_holm_is_that_of_statsmodels() -> None:
    rng = np.random.default_rng(1)
    for size in (1, 2, 7, 45):
        values = rng.uniform(size=size) ** 3
        expected = multipletests(values, method="holm")[1]
        assert holm(values.tolist()) == pytest.approx(expected, abs=1e-9)
    assert holm([]) == []


def test_the_exact_sign_flip_is_that_of_scipy() -> None:
    differences = np.random.default_rng(2).normal(0.4, 1, size=9)
    for alternative, at in (("two-sided", 0), ("less", 1)):
        expected = stats.permutation_test(
            (differences,),
            np.mean,
            permutation_type="samples",
            n_resamples=10_000,  # more than the 512 flips: it counts them all
            alternative=alternative,
        ).pvalue
        assert sign_flip_exact(differences)[at] == pytest.approx(expected, abs=1e-9)


def test_the_sampled_sign_flip_agrees_with_the_normal_limit() -> None:
    rng = np.random.default_rng(3)
    a = rng.uniform(size=(300, 2))
    b = np.clip(a + rng.normal(0.01, 0.12, size=(300, 2)), 0, 1)
    found = _runs(a, b).compare(0, 1)
    d = b.mean(axis=1) - a.mean(axis=1)
    z = d.sum() / np.sqrt((d**2).sum())
    assert found.method == "sign-flip permutation"
    assert found.p_two_sided == pytest.approx(2 * stats.norm.sf(abs(z)), abs=0.02)
    assert found.p_worse == pytest.approx(stats.norm.cdf(z), abs=0.02)


def test_one_attempt_a_task_gets_the_exact_test_of_mcnemar() -> None:
    a, b = [1] * 8 + [0] * 4, [1] * 5 + [0] * 6 + [1]
    found = _runs(a, b).compare(0, 1)
    assert (found.a_only, found.b_only, found.tasks) == (3, 1, 12)
    assert found.method == "exact McNemar"
    assert found.p_two_sided == mcnemar(3, 1).two_sided
    assert found.gain == pytest.approx(-2 / 12)
    assert found.interval.low < found.gain < found.interval.high


def test_clusters_are_flipped_whole() -> None:
    a, b = [1] * 12 + [0] * 12, [0] * 24
    alone = _runs(a, b).compare(0, 1)
    together = _runs(a, b, clusters=[0] * 12 + list(range(1, 13))).compare(0, 1)
    assert alone.p_worse == pytest.approx(2**-12)
    assert together.method == "sign-flip permutation"
    assert together.p_worse == 0.5


def test_equals_differ_in_nothing() -> None:
    scores = np.full((20, 3), 0.5)
    found = _runs(scores, scores).compare(0, 1)
    assert (found.gain, found.p_two_sided, found.p_worse) == (0.0, 1.0, 1.0)


def test_swapping_the_runs_swaps_the_signs() -> None:
    rng = np.random.default_rng(4)
    lab = _runs(rng.integers(0, 2, 60), rng.integers(0, 2, 60))
    there, back = lab.compare(0, 1), lab.compare(1, 0)
    assert there.gain == -back.gain
    assert (there.a_only, there.b_only) == (back.b_only, back.a_only)
    assert there.p_two_sided == back.p_two_sided
