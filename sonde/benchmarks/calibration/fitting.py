"""What is fitted before anything is proved: temperatures, thresholds, confidences to test."""

from collections.abc import Sequence

import numpy as np

from ...policies.distributions import Floats, logarithms
from ...policies.learn_then_test import CONFIDENCES
from ...policies.temperature import TemperatureByLength
from .playing import Played

_GRID = 60


def temperature_of(played: Sequence[Played]) -> TemperatureByLength | None:
    """Return temperatures by decision, each episode drawn out to the longest by its last look.

    Episodes without a belief tell nothing of them; None where no episode has one.
    """
    seen = [each.looks for each in played if each.looks]
    if not seen:
        return None
    longest = max(map(len, seen))
    widest = max(len(look.probabilities) for looks in seen for look in looks)
    chances = np.zeros((len(seen), longest, widest))
    sizes = np.zeros((len(seen), longest), dtype=np.int64)
    for row, looks in enumerate(seen):
        for column in range(longest):
            found = looks[min(column, len(looks) - 1)].probabilities
            chances[row, column, : len(found)], sizes[row, column] = found, len(found)
    truths = np.zeros(len(seen), dtype=np.int64)
    return TemperatureByLength.fit(logarithms(chances), truths, sizes=sizes)


def true_probs_of(played: Sequence[Played]) -> Floats:
    """Return the probability of the truth: episodes x decisions, drawn out to the longest."""
    rows = [each.episode("set").true_probs for each in played]
    longest = max(map(len, rows))
    return np.array([[row[min(i, len(row) - 1)] for i in range(longest)] for row in rows])


def confidence_grid(confidences: Sequence[float]) -> tuple[float, ...]:
    """Return the stopping confidences to test, strictest first: quantiles of these.

    A chain of tests starts at six places of the grid. Over quantiles each place is reached by a
    share of the runs, so each has something to prove with; the episodes that the quantiles come
    from prove nothing themselves. Each level lies a hair under its quantile, so that a run which
    ends at the very same confidence reaches it.
    """
    held = [each for each in confidences if each > 0]
    if not held:
        return CONFIDENCES
    levels: Floats = np.quantile(held, np.linspace(0, 1, _GRID))
    under = np.maximum(np.floor(levels * 1e6 - 0.5), 1) / 1e6
    return tuple(sorted(set(under.tolist()), reverse=True))


def _corrected(played: Played, temperature: TemperatureByLength | None) -> float:
    """Return the highest confidence of an episode, as the temperature corrects it."""
    best = 0.0
    for length, look in enumerate(played.looks):
        if look.confidence > 0:
            chances = look.probabilities  # the likeliest of them is the candidate that is held
            if temperature is not None:
                chances = temperature.apply(chances, length=length).tolist()
            best = max(best, max(chances))
    return best


def grid_of(played: Sequence[Played], temperature: TemperatureByLength | None) -> tuple[float, ...]:
    """Return the confidences to test, from where these episodes end once corrected."""
    return confidence_grid([_corrected(each, temperature) for each in played])
