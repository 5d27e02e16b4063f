"""Finite distributions as arrays: checks, entropies and scaling, all in nats."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
"""Numbers of double precision."""
TableFloats = NDArray[np.float64 | np.float32]
"""Numbers of a likelihood table, which may be stored in single precision."""

_TOLERANCE = 1e-6


def checked_distribution(values: ArrayLike, *, name: str) -> Floats:
    """Return the values as a distribution that sums to one exactly.

    Raises:
        ValueError: There are none, one is negative or not a number, or the sum is not one.
    """
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 1 or found.size == 0:
        raise ValueError(f"{name} needs at least one entry in one row, not shape {found.shape}")
    if not np.isfinite(found).all() or (found < 0).any():
        bad = int(np.flatnonzero(~np.isfinite(found) | (found < 0))[0])
        raise ValueError(f"{name} needs finite entries of 0 or more; entry {bad} is {found[bad]}")
    total = float(found.sum())
    if abs(total - 1) > _TOLERANCE:
        raise ValueError(f"{name} must sum to 1, not {total:.6g}; scale it first")
    return found / total


def entropy_terms(probabilities: TableFloats) -> Floats:
    """Return -p log p of each entry, and 0 at 0."""
    from scipy.special import entr  # here: it takes 12 MB, and most runs weigh nothing

    return entr(probabilities)


def entropies(probabilities: TableFloats, *, axis: int = -1) -> Floats:
    """Return the Shannon entropies in nats along one axis."""
    return entropy_terms(probabilities).sum(axis=axis)


def entropy(probabilities: Floats) -> float:
    """Return the Shannon entropy of one distribution in nats."""
    return float(entropy_terms(probabilities).sum())


def scaled_exponentials(log_weights: Floats) -> Floats:
    """Return exp(log_weights) along the last axis with the largest entry scaled to one."""
    top = log_weights.max(axis=-1, keepdims=True)
    return np.exp(log_weights - top)


def normalised(log_weights: Floats) -> Floats:
    """Return the distribution along the last axis whose logarithms these are up to a constant."""
    weights = scaled_exponentials(log_weights)
    return weights / weights.sum(axis=-1, keepdims=True)


def logarithms(probabilities: ArrayLike) -> Floats:
    """Return natural logarithms; the logarithm of zero is minus infinity, without a warning."""
    with np.errstate(divide="ignore"):
        return np.log(np.asarray(probabilities, dtype=np.float64))
