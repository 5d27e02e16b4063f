"""Fitting a gate to recorded runs: weighted logistic regression by Newton's method."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from ..distributions import Floats
from .learned import LearnedGate
from .links import FEATURES, Flags

POSITIVE_WEIGHT = 4.0
"""Weight of a message that the answer rested on: a message too many is cheaper than one missed."""
_STEPS = 60
_SMALL = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLesson:
    """Links of recorded runs, and which of them the right answer rested on."""

    features: Floats
    """(..., N, N, F): every link of every round of every run."""
    is_needed: Flags
    """(..., N, N): whether the message is in the lineage of a right answer."""
    roles: tuple[str, ...]
    """Role of each member."""

    def __post_init__(self) -> None:
        size = len(self.roles)
        if self.features.shape[-3:] != (size, size, len(FEATURES)):
            raise ValueError(
                f"needs links of {size} members by {len(FEATURES)} features, "
                f"not {self.features.shape[-3:]}"
            )
        if self.is_needed.shape != self.features.shape[:-1]:
            raise ValueError("needs one label a link")


def fit_gate(
    lesson: GateLesson, *, ridge: float = 1.0, bias_ridge: float = 1.0, name: str = "learned"
) -> LearnedGate:
    """Return the gate of least penalised log loss; it is unique, so it needs no seed.

    Args:
        lesson: Recorded links with labels.
        ridge: Weight of the squared feature weights against one labelled link.
        bias_ridge: The same for the role pairs' biases, which are many and rarely seen.
        name: The gate's name.

    Raises:
        ValueError: No link is needed, or none is not: there is nothing to learn.
    """
    size = len(lesson.roles)
    off = np.flatnonzero(~np.eye(size, dtype=np.bool_).ravel())
    x = lesson.features.reshape(-1, size * size, len(FEATURES))[:, off]
    y = lesson.is_needed.reshape(-1, size * size)[:, off]
    rows, pairs = x.reshape(-1, len(FEATURES)), np.tile(off, len(x))
    labels = y.ravel()
    is_sound = np.isfinite(rows).all(axis=1)
    rows, pairs, labels = rows[is_sound], pairs[is_sound], labels[is_sound]
    if labels.all() or not labels.any():
        raise ValueError(
            f"of {len(labels)} recorded links {int(labels.sum())} carried the answer: "
            "nothing can be learned; record runs that were answered correctly"
        )
    weights, biases = _newton(rows, pairs, labels, (size * size, ridge, bias_ridge))
    named = _by_role(biases.reshape(size, size), lesson.roles)
    return LearnedGate(
        weights=weights, biases=named, known_roles=frozenset(lesson.roles), name=name
    )


def _newton(
    rows: Floats,
    pairs: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    labels: Flags,
    setting: tuple[int, float, float],
) -> tuple[Floats, Floats]:
    """Newton's method over (weights, biases); the bias block of the curvature is diagonal."""
    n_pairs, ridge, bias_ridge = setting
    n_features = rows.shape[1]
    penalty = np.full(n_features, ridge)
    penalty[0] = _SMALL  # the constant is free
    w, b = np.zeros(n_features), np.zeros(n_pairs)
    weight = np.where(labels, POSITIVE_WEIGHT, 1.0)
    for _ in range(_STEPS):
        p: Floats = expit(rows @ w + b[pairs])
        pull = weight * (labels - p)
        bend = weight * p * (1 - p)
        slope_w = rows.T @ pull - penalty * w
        slope_b = np.bincount(pairs, pull, n_pairs) - bias_ridge * b
        scaled = rows * bend[:, None]
        cross = np.stack([np.bincount(pairs, col, n_pairs) for col in scaled.T])
        diagonal = np.bincount(pairs, bend, n_pairs) + bias_ridge
        block = rows.T @ scaled + np.diag(penalty) - (cross / diagonal) @ cross.T
        step_w = np.linalg.solve(block, slope_w - cross @ (slope_b / diagonal))
        step_b = (slope_b - cross.T @ step_w) / diagonal
        size = max(np.abs(step_w).max(), np.abs(step_b).max())
        damp = min(1.0, 2.0 / size) if size > 0 else 1.0
        w, b = w + damp * step_w, b + damp * step_b
        if size < 1e-9:
            break
    return w, b


def _by_role(biases: Floats, roles: Sequence[str]) -> dict[tuple[str, str], float]:
    """Return biases by pair of roles; members that share a role share the mean."""
    found: dict[tuple[str, str], list[float]] = {}
    for i, sender in enumerate(roles):
        for j, receiver in enumerate(roles):
            if i != j:
                found.setdefault((sender, receiver), []).append(float(biases[i, j]))
    return {pair: float(np.mean(values)) for pair, values in found.items()}
