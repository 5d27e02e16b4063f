"""What is fitted before anything is proved: temperatures, thresholds, confidences to test."""

from collections.abc import Sequence

import numpy as np

from ...policies.distributions import Floats, logarithms
from ...policies.learn_then_test import CONFIDENCES
from ...policies.temperature import TemperatureByLength
from .playing import Played

_GRID = 60


def temperature_of(played: Sequence[Played]) -> TemperatureByLength:
    """Return temperatures by decision, each episode drawn out to the longest by its last look."""
    longest = max(len(each.looks) for each in played)
    widest = max(len(look.probabilities) for each in played for look in each.looks)
    chances = np.zeros((len(played), longest, widest))
    for row, each in enumerate(played):
        for column in range(longest):
            look = each.looks[min(column, len(each.looks) - 1)]
            chances[row, column, : len(look.probabilities)] = look.probabilities
    return TemperatureByLength.fit(logarithms(chances), np.zeros(len(played), dtype=np.int64))


def true_probs_of(played: Sequence[Played]) -> Floats:
    """Return the probability of the truth: episodes x decisions, drawn out to the longest."""
    longest = max(len(each.looks) for each in played)
    rows = [
        [each.looks[min(i, len(each.looks) - 1)].probabilities[0] for i in range(longest)]
        for each in played
    ]
    return np.array(rows)


def confidence_grid(confidences: Sequence[float]) -> tuple[float, ...]:
    """Return the stopping confidences to test, strictest first: quantiles of these.

    A chain of tests starts at six places of the grid. Over quantiles each place is reached by a
    share of the runs, so each has something to prove with; the episodes that the quantiles come
    from prove nothing themselves.
    """
    held = [each for each in confidences if each > 0]
    if not held:
        return CONFIDENCES
    levels = np.quantile(held, np.linspace(0, 1, _GRID)).tolist()
    return tuple(sorted({round(level, 6) for level in levels}, reverse=True))


def _corrected(played: Played, temperature: TemperatureByLength) -> float:
    """Return the highest confidence of an episode, as the temperature corrects it."""
    best = 0.0
    for length, look in enumerate(played.looks):
        if look.confidence > 0:
            chances = temperature.apply(
                [look.confidence, *_without(look.probabilities, look.confidence)], length=length
            )
            best = max(best, float(chances[0]))
    return best


def _without(values: Sequence[float], one: float) -> list[float]:
    """Return the values less the first that is equal to one of them."""
    rest = list(values)
    rest.remove(min(rest, key=lambda each: abs(each - one)))
    return rest


def grid_of(played: Sequence[Played], temperature: TemperatureByLength) -> tuple[float, ...]:
    """Return the confidences to test, from where these episodes end once corrected."""
    return confidence_grid([_corrected(each, temperature) for each in played])
