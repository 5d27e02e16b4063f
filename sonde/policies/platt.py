"""Platt scaling: a logistic curve over the log odds of each reported probability."""

from dataclasses import dataclass
from math import log
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, log_expit

from .distributions import Floats

_LEAST = 1e-12
"""Probabilities are kept this far from 0 and 1, where the log odds end."""
_STEPS = 50
"""Newton steps at most; a handful is the rule."""
_RIDGE = 1e-6
"""Keeps a step finite where all reports are equal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platt:
    """One logistic curve for all entries of the support, then scaled to one.

    Platt (1999), one against the rest as in Zadrozny and Elkan (2002). The curve rises, so the
    order of the entries stays.
    """

    slope: float
    """Slope over the log odds: 1 leaves them as they are."""
    shift: float
    """Added log odds: 0 leaves them as they are."""
    n: int
    """Episodes that it was fitted on."""

    @classmethod
    def fit(cls, probabilities: ArrayLike, truths: NDArray[np.int64]) -> Self:
        """Return the curve of least log loss, with Platt's softened targets.

        Args:
            probabilities: Reports: episodes x support.
            truths: Index of the truth, one per episode.

        Raises:
            ValueError: There are no episodes, the shapes do not fit, an entry is no probability, or
                a truth lies outside the support.
        """
        reports = np.asarray(probabilities, dtype=np.float64)
        if reports.ndim != 2 or 0 in reports.shape or len(truths) != len(reports):
            raise ValueError(f"needs episodes x support, not {reports.shape}")
        if not (np.isfinite(reports).all() and (reports >= 0).all()):
            raise ValueError("a probability is negative or not a number")
        if truths.min() < 0 or truths.max() >= reports.shape[1]:
            raise ValueError(f"a truth lies outside the support of {reports.shape[1]}")
        is_true = np.zeros(reports.shape, dtype=np.bool_)
        is_true[np.arange(len(truths)), truths] = True
        hits, misses = int(is_true.sum()), int((~is_true).sum())
        targets = np.where(is_true, (hits + 1) / (hits + 2), 1 / (misses + 2)).ravel()
        slope, shift = _logistic(_log_odds(reports).ravel(), targets)
        return cls(slope=max(slope, _RIDGE), shift=shift, n=len(reports))

    def apply(self, probabilities: ArrayLike, *, length: int) -> Floats:
        """Return the corrected probabilities; the curve is the same at any length."""
        del length
        curve: Floats = expit(self.slope * _log_odds(np.asarray(probabilities)) + self.shift)
        return curve / curve.sum(axis=-1, keepdims=True)


def _log_odds(probabilities: Floats) -> Floats:
    kept = np.clip(probabilities.astype(np.float64), _LEAST, 1 - _LEAST)
    return np.log(kept) - np.log1p(-kept)


def _logistic(places: Floats, targets: Floats) -> tuple[float, float]:
    """Fit slope and shift by Newton's method, halving a step that does not help."""
    rows = np.stack([places, np.ones_like(places)])
    found = np.array([1.0, 0.0])
    loss = _log_loss(found @ rows, targets)
    for _ in range(_STEPS):
        curve: Floats = expit(found @ rows)
        pull = rows @ (targets - curve)
        bend = (rows * (curve * (1 - curve))) @ rows.T + _RIDGE * np.eye(2)
        step = np.linalg.solve(bend, pull)
        new = _log_loss((found + step) @ rows, targets)
        while new > loss and float(np.abs(step).max()) > _LEAST:
            step = step / 2
            new = _log_loss((found + step) @ rows, targets)
        found, gained, loss = found + step, loss - new, new
        if gained < _LEAST * log(len(places) + 2):
            break
    return float(found[0]), float(found[1])


def _log_loss(log_odds: Floats, targets: Floats) -> float:
    yes: Floats = log_expit(log_odds)
    no: Floats = log_expit(-log_odds)
    return -float((targets * yes + (1 - targets) * no).sum())
