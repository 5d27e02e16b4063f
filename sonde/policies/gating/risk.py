"""The fail-open threshold by conformal risk control: what a gate may cost in accuracy."""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv

from ..distributions import Floats

NEVER_SURE = 1.0
"""A threshold that no confidence passes, by the rule `confidence < tau or tau is 1`."""
_ROUNDING = 1e-9


class TooFewTasks(ValueError):
    """The promise cannot be made with so few calibration tasks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailOpen:
    """Under which confidence of the decider a team goes back to telling everything that is new."""

    tau: float
    """Confidences under this escalate; at 1 every run does."""
    alpha: float
    """Share of tasks that may be lost against the open team, in expectation."""
    n: int
    """Calibration tasks."""
    losses: int
    """Calibration tasks that count as lost at this threshold."""

    @property
    def is_kept(self) -> bool:
        """Whether the promise holds; not where full communication alone loses too much."""
        return self.losses <= allowed_losses(self.n, alpha=self.alpha)

    @property
    def loss_bound(self) -> float:
        """Upper end of the Clopper-Pearson interval of the loss, at 95%, one-sided."""
        return clopper_pearson_upper(self.losses, self.n)


def fail_open_threshold(
    is_lost: ArrayLike,
    is_lost_after: ArrayLike,
    confidence: ArrayLike,
    *,
    alpha: float,
    step: float = 0.05,
) -> FailOpen:
    """Return the smallest tau with (losses + 1) / (n + 1) <= alpha.

    A loss is a task that the open team got right and the gated team got wrong after full
    communication, or at tau or above without it: conformal risk control (Angelopoulos et al.,
    arXiv 2208.02814, eq. 4) for a loss in {0, 1} that falls as tau rises. It is never less than
    what is lost in truth: a run that full communication would spoil counts even if it stays.
    Where full communication alone loses too much, tau is 1 and the losses are over what is
    allowed (`is_kept` is false).

    Args:
        is_lost: Whether the open team was right and the gated one wrong after the gated rounds,
            one per task.
        is_lost_after: The same, after full communication.
        confidence: The decider's confidence after the gated rounds; NaN where it abstained, which
            always escalates.
        alpha: Share of tasks that may be lost.
        step: Thresholds are multiples of this; 0 takes the exact one.

    Raises:
        TooFewTasks: n < 1/alpha - 1; the message names the smallest alpha possible.
        ValueError: `alpha` is not between 0 and 1, or the lengths differ.
    """
    lost = np.asarray(is_lost, dtype=np.bool_)
    after = np.asarray(is_lost_after, dtype=np.bool_)
    sure: Floats = np.asarray(confidence, dtype=np.float64)
    if not lost.shape == after.shape == sure.shape or lost.ndim != 1:
        raise ValueError("needs one loss, one after full communication, one confidence a task")
    n = len(lost)
    allowed = allowed_losses(n, alpha=alpha)
    for tau in _thresholds(sure[lost & np.isfinite(sure)], step):
        left = int((after | (lost & ~escalates(sure, tau))).sum())
        if left <= allowed:
            return FailOpen(tau=tau, alpha=alpha, n=n, losses=left)
    return FailOpen(tau=NEVER_SURE, alpha=alpha, n=n, losses=int(after.sum()))


def escalates(confidence: Floats, tau: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    """Return which confidences are too low; NaN, an abstention, always is, and at tau 1 all are."""
    if tau >= NEVER_SURE:
        return np.ones(np.shape(confidence), dtype=np.bool_)
    return ~(confidence >= tau)


def allowed_losses(n: int, *, alpha: float) -> int:
    """Return the most losses k with (k + 1) / (n + 1) <= alpha.

    >>> allowed_losses(300, alpha=0.02), allowed_losses(49, alpha=0.02)
    (5, 0)

    Raises:
        TooFewTasks: Not even none is few enough.
        ValueError: `alpha` is not between 0 and 1.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}")
    allowed = floor(alpha * (n + 1) + _ROUNDING) - 1
    if allowed < 0:
        least = ceil(1 / alpha - 1 - _ROUNDING)
        smallest = f"{ceil(1e4 / (n + 1)) / 1e4:.4g}" if n else "none"
        raise TooFewTasks(
            f"{n} calibration tasks are too few for alpha {alpha:g}, which needs {least}; "
            f"the smallest alpha that {n} can promise is {smallest}"
        )
    return allowed


def clopper_pearson_upper(losses: int, n: int, *, confidence: float = 0.95) -> float:
    """Return the one-sided upper bound of a share, exact for binomial counts; 1 without data."""
    if losses >= n:
        return 1.0
    return float(betaincinv(losses + 1, n - losses, confidence))


def clopper_pearson_lower(losses: int, n: int, *, confidence: float = 0.95) -> float:
    """Return the one-sided lower bound of a share; 0 without a loss."""
    if losses == 0:
        return 0.0
    return float(betaincinv(losses, n - losses + 1, 1 - confidence))


def _thresholds(lost: Floats, step: float) -> list[float]:
    """Return thresholds to try, rising: none at all first."""
    if step > 0:
        return [round(i * step, 10) for i in range(round(1 / step))]
    return [0.0, *(float(np.nextafter(each, 2.0)) for each in np.sort(lost))]
