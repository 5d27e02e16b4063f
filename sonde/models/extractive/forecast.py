"""What a search is expected to bring, as far as the reader can know.

A search puts a new answer on top of the belief, or it does not. How often it does, where no
candidate was right and where one was, was counted on HotpotQA questions over an open corpus by
`scripts/measure_forecasts.py`. The reader sees no index, so it cannot know whether a page exists;
and whether the pages of a query speak of a candidate tells nothing about that candidate (counted
too: 25% for right ones and 25% for wrong ones). So a search can only tell "none of these" from the
rest, and queries differ by their place in the reader's own order alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...policies.distributions import Floats, entropies, entropy
from ...policies.model_belief import Forecast
from ...records.decision import Decision
from ...records.tooling import Action
from ..reasoner import Forecasts
from .knowledge import queries_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share that was counted."""

    hits: int
    """How often it happened."""
    of: int
    """Out of how many."""

    @property
    def value(self) -> float:
        """The share, by the rule of succession."""
        return (self.hits + 1) / (self.of + 2)

    @property
    def standard_error(self) -> float:
        """Its standard error."""
        return float(np.sqrt(self.value * (1 - self.value) / (self.of + 2)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRates:
    """How often a search of one query puts a new answer on top."""

    none_right: tuple[Rate, ...]
    """Where no candidate was right, by the query's place; the last one holds from there on."""
    one_right: Rate
    """Where a candidate was right."""


DEFAULT_RATES = SearchRates(
    none_right=(*[Rate(hits=54, of=648)] * 4, Rate(hits=5, of=162)),
    one_right=Rate(hits=10, of=2186),
)
"""From 600 questions and their first five queries; the first four brought alike: 15, 14, 12 and 13
of 162."""


def forecasts_of(
    decision: Decision, actions: Sequence[Action], *, rates: SearchRates = DEFAULT_RATES
) -> Forecasts | None:
    """Return what each search would bring; None where there is no candidate to weigh."""
    belief = decision.belief
    if belief is None or not belief.candidates or belief.none_of_these <= 0:
        return None
    chances = np.array([*(each.probability for each in belief.candidates), belief.none_of_these])
    places = {action.key: place for place, action in enumerate(decision.actions)}
    return Forecasts(
        by_action=[_forecast(action, places[action.key], chances, rates) for action in actions],
        basis="how often such a search put a new answer on top",
    )


def _forecast(action: Action, place: int, chances: Floats, rates: SearchRates) -> Forecast:
    right = rates.none_right[min(place, len(rates.none_right) - 1)]
    table = _table(right, rates.one_right, len(chances))
    return Forecast(
        query=" ".join(queries_of(action)) or action.tool,
        likelihood=tuple(tuple(row) for row in table.tolist()),
        standard_error=_standard_error(right, rates.one_right, chances),
    )


def _table(none_right: Rate, one_right: Rate, width: int) -> Floats:
    """Return P(outcome | truth): a new answer on top, or not; a column a candidate, none last."""
    new = np.full(width, one_right.value)
    new[-1] = none_right.value
    return np.stack([new, 1 - new])


def _gain(none_right: Rate, one_right: Rate, chances: Floats) -> float:
    table = _table(none_right, one_right, len(chances))
    return entropy(table @ chances) - float(entropies(table, axis=0) @ chances)


def _standard_error(none_right: Rate, one_right: Rate, chances: Floats) -> float:
    """Return the standard error of the gain that comes of counting the rates, by differences."""
    base = _gain(none_right, one_right, chances)
    more, other = (replace(each, hits=each.hits + 1) for each in (none_right, one_right))
    slopes = (
        (_gain(more, one_right, chances) - base) / (more.value - none_right.value),
        (_gain(none_right, other, chances) - base) / (other.value - one_right.value),
    )
    errors = (none_right.standard_error, one_right.standard_error)
    parts = [slope * error for slope, error in zip(slopes, errors, strict=True)]
    return float(np.sqrt(sum(part**2 for part in parts)))
