"""What a calibration can and cannot promise, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...policies.calibration import Calibration
from ...policies.learn_then_test import Refusal, stop_lengths
from ...policies.temperature import expected_calibration_error
from ...records.json_types import JsonValue

LEVELS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
"""Error levels that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What is promised at one error level."""

    alpha: float
    """The level."""
    confidence: float | None
    """Stop at this confidence; None where the stop is refused."""
    stop_reason: str
    """The promise of the stop, or why it is refused."""
    share_stopped: float | None
    """Share of the fresh episodes that reach the confidence."""
    least_probability: float | None
    """Least probability of a member of the set; None where the set is refused."""
    set_reason: str
    """The promise of the set, or why it is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Fresh episodes of like confidence."""

    low: float
    """Lowest confidence."""
    high: float
    """Highest confidence."""
    count: int
    """Episodes."""
    confidence: float
    """Their mean confidence."""
    accuracy: float
    """Share of them that are right."""


def promises_of(calibration: Calibration, levels: Sequence[float] = LEVELS) -> tuple[Promise, ...]:
    """Return what is promised at each level."""
    return tuple(_promise(calibration, alpha) for alpha in levels)


def as_json(promises: Sequence[Promise]) -> dict[str, JsonValue]:
    """Return promises as JSON, by level."""
    return {
        f"{each.alpha:g}": {
            "stop_at_confidence": each.confidence,
            "stop": each.stop_reason,
            "share_stopped": each.share_stopped,
            "set_keeps_probability": each.least_probability,
            "set": each.set_reason,
        }
        for each in promises
    }


def reliability(calibration: Calibration, *, bins: int = 10) -> tuple[Bin, ...]:
    """Return final confidence against accuracy, over bins of equal width that are not empty.

    Episodes that ended with no candidate likelier than "none of these" hold no confidence, and are
    left out.
    """
    pairs = _ends(calibration)
    found: list[Bin] = []
    for place in range(bins):
        low, high = place / bins, (place + 1) / bins
        inside = [pair for pair in pairs if low <= pair[0] < high or (pair[0] >= 1 and high == 1)]
        if inside:
            found.append(
                Bin(
                    low=low,
                    high=high,
                    count=len(inside),
                    confidence=sum(each for each, _ in inside) / len(inside),
                    accuracy=sum(is_right for _, is_right in inside) / len(inside),
                )
            )
    return tuple(found)


def calibration_error(calibration: Calibration) -> float | None:
    """Return the expected calibration error of the final confidences; None where there is none."""
    pairs = _ends(calibration)
    if not pairs:
        return None
    return expected_calibration_error([each for each, _ in pairs], [right for _, right in pairs])


def _ends(calibration: Calibration) -> list[tuple[float, bool]]:
    ends = ((each.confidences[-1], each.is_right[-1]) for each in calibration.episodes)
    return [(confidence, is_right) for confidence, is_right in ends if confidence > 0]


def _promise(calibration: Calibration, alpha: float) -> Promise:
    stop, members = calibration.stop(alpha=alpha), calibration.terminal_set(alpha=alpha)
    confidence = None if isinstance(stop, Refusal) else stop.threshold
    least = None if isinstance(members, Refusal) else members.threshold
    return Promise(
        alpha=alpha,
        confidence=confidence,
        stop_reason=stop.reason if isinstance(stop, Refusal) else _stop_words(alpha, calibration),
        share_stopped=None if confidence is None else _share(calibration, confidence),
        least_probability=least,
        set_reason=(
            members.reason
            if isinstance(members, Refusal)
            else f"sets at the stop miss the truth in at most {alpha:g} of runs (n = {members.n})"
        ),
    )


def _stop_words(alpha: float, calibration: Calibration) -> str:
    whose = "of all runs" if calibration.population == "all" else "of the runs that reach it"
    return f"wrong in at most {alpha:g} {whose}, with confidence {1 - calibration.delta:g}"


def _share(calibration: Calibration, confidence: float) -> float:
    longest = max(len(each.confidences) for each in calibration.episodes)
    rows = np.array(
        [
            [*each.confidences, *[each.confidences[-1]] * (longest - len(each.confidences))]
            for each in calibration.episodes
        ]
    )
    lengths = stop_lengths(rows, confidence)
    return float((rows[np.arange(len(rows)), lengths] >= confidence).mean())
