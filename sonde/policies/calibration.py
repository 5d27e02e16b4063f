"""A calibration: what a frozen setup did in fresh episodes, and what that lets it promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .certificate import Certificate, Setup, stop_certificate
from .conformal import SetThreshold, check_units
from .distributions import Floats
from .learn_then_test import (
    CONFIDENCES,
    Population,
    Refusal,
    learn_then_test,
    stop_lengths,
)
from .temperature import TemperatureByLength

Part = Literal["stop", "set"]
"""What an episode is for: proving the stop, or the set at the stop. Never both: the stop is chosen
from its episodes, so a set calibrated on the same ones would promise too much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One fresh episode of the frozen setup; one entry a decision, in order.

    Raises:
        ValueError: It has no decision, its rows have different lengths, or a number is no
            probability.
    """

    task: str
    """What was asked; each task once."""
    part: Part
    """What it is for."""
    confidences: tuple[float, ...]
    """Highest probability at each decision."""
    is_right: tuple[bool, ...]
    """Whether the likeliest answer was the truth at each decision."""
    true_probs: tuple[float, ...]
    """Probability of the truth; where no candidate was the truth, that of none of these."""

    def __post_init__(self) -> None:
        lengths = {len(self.confidences), len(self.is_right), len(self.true_probs)}
        if len(lengths) != 1 or 0 in lengths:
            raise ValueError(f"episode {self.task!r} needs rows of one length, not {lengths}")
        if not all(0 <= each <= 1 + 1e-9 for each in (*self.confidences, *self.true_probs)):
            raise ValueError(f"episode {self.task!r} holds a number that is no probability")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What was learned of one setup, and the episodes that prove it.

    Raises:
        ValueError: A task stands there twice, delta does not lie between 0 and 1, the confidences
            to test are none or do not fall, or a threshold is no probability.
    """

    setup: Setup
    """What it was made for; the temperatures and thresholds in use are part of its words."""
    suite: str
    """Name of the suite that the episodes came from."""
    suite_sha256: str
    """Digest of that suite."""
    delta: float
    """Chance that a promise about the stop is broken."""
    population: Population
    """Of which runs the error is promised."""
    temperature: TemperatureByLength | None = None
    """Correction of the reports by the number of decisions before; None: they stand."""
    grid: tuple[float, ...] = CONFIDENCES
    """Stopping confidences to test, strictest first; fixed before the episodes were played."""
    set_thresholds: tuple[float, ...] = ()
    """Thresholds that C-IP selects by; they promise nothing."""
    episodes: tuple[Episode, ...] = ()
    """Fresh episodes, played after all else was fixed."""

    def __post_init__(self) -> None:
        check_units([each.task for each in self.episodes])
        if not 0 < self.delta < 1:
            raise ValueError(f"delta must lie between 0 and 1, not {self.delta}")
        if not self.grid or list(self.grid) != sorted(self.grid, reverse=True):
            raise ValueError("the grid must hold confidences from strict to loose")
        if not all(0 <= each <= 1 for each in self.set_thresholds):
            raise ValueError(f"thresholds must lie between 0 and 1, not {self.set_thresholds}")

    def stop(self, *, alpha: float) -> Certificate | Refusal:
        """Return the proved stopping confidence at an error level, or why there is none."""
        confidences, right, _ = self._rows("stop")
        if not len(confidences):
            return Refusal(
                reason="there are no episodes to prove a stop from",
                alpha=alpha,
                delta=self.delta,
                n=0,
            )
        found = learn_then_test(
            confidences,
            right,
            alpha=alpha,
            delta=self.delta,
            population=self.population,
            grid=self.grid,
        )
        return stop_certificate(found, setup=self.setup)

    def terminal_set(self, *, alpha: float) -> Certificate | Refusal:
        """Return the least probability of a member of the set at the stop, or why there is none."""
        confidences, _, truths = self._rows("set")
        n = len(confidences)
        if not n:
            return _no_set("there are no episodes to calibrate a set on", alpha=alpha, n=0)
        lengths = self._stop_lengths(confidences, alpha=alpha)
        threshold = SetThreshold.fit(truths[np.arange(n), lengths], alpha=alpha)
        if threshold.note is not None:
            return _no_set(threshold.note, alpha=alpha, n=n)
        if threshold.value <= 0:
            reason = (
                f"the truth had no probability in more than {alpha:.3g} of {n} episodes, so only "
                "the set of everything would cover it"
            )
            return _no_set(reason, alpha=alpha, n=n)
        return Certificate(
            kind="terminal set",
            alpha=alpha,
            delta=None,
            n=n,
            threshold=threshold.value,
            setup=self.setup,
        )

    def final_confidences(self, *, alpha: float) -> Floats:
        """Return the confidence with which each episode ends under the proved stop."""
        confidences, _, _ = self._rows(None)
        if not len(confidences):
            return np.empty(0)
        return confidences[
            np.arange(len(confidences)), self._stop_lengths(confidences, alpha=alpha)
        ]

    def _stop_lengths(self, confidences: Floats, *, alpha: float) -> NDArray[np.int64]:
        stop = self.stop(alpha=alpha)
        if isinstance(stop, Refusal):
            return np.full(len(confidences), confidences.shape[1] - 1)
        return stop_lengths(confidences, stop.threshold)

    def _rows(self, part: Part | None) -> tuple[Floats, NDArray[np.bool_], Floats]:
        """Return the rows of one part, each episode drawn out to the longest by its last entry."""
        chosen = [each for each in self.episodes if part is None or each.part == part]
        longest = max((len(each.confidences) for each in self.episodes), default=1)
        return (
            np.array([_drawn_out(each.confidences, longest) for each in chosen], dtype=np.float64),
            np.array([_drawn_out(each.is_right, longest) for each in chosen], dtype=np.bool_),
            np.array([_drawn_out(each.true_probs, longest) for each in chosen], dtype=np.float64),
        )


def _drawn_out(row: Sequence[float] | Sequence[bool], length: int) -> list[float | bool]:
    return [*row, *[row[-1]] * (length - len(row))]


def _no_set(reason: str, *, alpha: float, n: int) -> Refusal:
    return Refusal(reason=reason, alpha=alpha, delta=0.0, n=n)
