"""Drift: have the scores at run time left those of the calibration?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtri

from .distributions import Floats

STALE_PSI = 0.25
"""Population stability index from which a population counts as changed: the usual convention in
credit scoring (0.1 is watched, 0.25 acted on)."""
_BINS = 10
_SIGNIFICANCE = 0.05
"""Chance of calling an unchanged population changed."""
_HALF = 0.5
"""Added to every count, so that an empty bin has a logarithm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How far the run-time scores are from those at calibration."""

    psi: float
    """Population stability index, which is Jeffreys' divergence of the binned scores, in nats."""
    standard_error: float
    """Its standard error from both samples."""
    noise: float
    """What chance alone reaches in one of twenty comparisons of samples as small as these."""
    threshold: float
    """Index from which the certificate is stale."""
    calibration_n: int
    """Scores at calibration."""
    runtime_n: int
    """Scores at run time."""

    @property
    def is_stale(self) -> bool:
        """Whether the index is past its threshold and past what chance alone explains."""
        return self.psi >= self.threshold and self.psi > self.noise

    @property
    def reason(self) -> str:
        """What was found, in words."""
        found = f"stability index {self.psi:.3f} +- {self.standard_error:.3f}"
        against = f"{self.runtime_n} run-time scores against {self.calibration_n} of calibration"
        if self.is_stale:
            return f"{found} is past {self.threshold:.3g} ({against}); calibrate again"
        return f"{found} ({against}): no drift is proved"


def measure_drift(
    calibration: ArrayLike, runtime: ArrayLike, *, threshold: float = STALE_PSI, bins: int = _BINS
) -> Drift:
    """Return the population stability index of two samples of scores, with its standard error.

    PSI = sum (a - e) log(a / e) over bins that each hold an equal share of the calibration scores;
    as a sum of both Kullback-Leibler divergences it is Jeffreys' divergence, and the information
    value of the same bins. Where nothing has changed it is s = 1/n + 1/m times a chi-square of
    bins - 1, of variance 2 (bins - 1) s^2. Elsewhere the delta method holds; put in the observed
    shares and it is high by 4 (bins - 1) s^2, which is taken off again.

    Raises:
        ValueError: A sample is empty, a score is not a number, or there are fewer than two bins.
    """
    before, after = _checked(calibration, "calibration"), _checked(runtime, "run time")
    if bins < 2:
        raise ValueError(f"drift needs at least two bins, not {bins}")
    edges = np.unique(np.quantile(before, np.arange(1, bins) / bins))
    expected = _shares(before, edges)
    actual = _shares(after, edges)
    log_ratio = np.log(actual / expected)
    scale = 1 / len(before) + 1 / len(after)
    freedom = len(expected) - 1
    by_chance = 2 * freedom * scale**2
    by_slopes = _variance(actual, log_ratio + 1 - expected / actual) / len(after) + _variance(
        expected, 1 - log_ratio - actual / expected
    ) / len(before)
    variance = by_chance + max(0.0, by_slopes - 2 * by_chance)
    return Drift(
        psi=float(((actual - expected) * log_ratio).sum()),
        standard_error=float(np.sqrt(variance)),
        noise=scale * float(chdtri(freedom, _SIGNIFICANCE)),
        threshold=threshold,
        calibration_n=len(before),
        runtime_n=len(after),
    )


def _shares(scores: Floats, edges: Floats) -> Floats:
    """Return the share of each bin; a score on an edge belongs to the bin above it."""
    counts = np.bincount(np.searchsorted(edges, scores, side="right"), minlength=len(edges) + 1)
    smoothed = counts.astype(np.float64) + _HALF
    return smoothed / smoothed.sum()


def _variance(shares: Floats, slopes: Floats) -> float:
    return float((shares * slopes**2).sum() - (shares * slopes).sum() ** 2)


def _checked(scores: ArrayLike, name: str) -> Floats:
    found = np.asarray(scores, dtype=np.float64)
    if found.ndim != 1 or not found.size:
        raise ValueError(f"the scores at {name} must be at least one number, not {found.shape}")
    if not np.isfinite(found).all():
        raise ValueError(f"a score at {name} is not a number")
    return found
