"""Sets of answers that hold the right one in 80 of 100 cases: which candidates belong to one."""

from collections.abc import Mapping, Sequence
from enum import IntEnum

import numpy as np

from ...policies.conformal import SetThreshold
from ...records.belief import SetRule
from .passages import Source
from .tokens import FloatArray

SET_COVERAGE = 0.8
"""Share of sets that hold a right answer."""
_LEAST_QUESTIONS = 40
"""Questions below which nothing is promised."""


class Setting(IntEnum):
    """How an answer was come by; the order is part of the trained weights."""

    ONE_PAGE = 0
    ONE_SEARCH = 1
    FOLLOWED = 2


_POPULATIONS = {
    Setting.ONE_PAGE: "questions like those it was tried on, each read on its own page",
    Setting.ONE_SEARCH: "questions like those it was tried on, answered after one search",
    Setting.FOLLOWED: "questions like those it was tried on, answered after following names",
}


def setting_of(sources: Sequence[Source]) -> Setting:
    """Return how the passages at hand were come by."""
    if any(source.hop for source in sources):
        return Setting.FOLLOWED
    return Setting.ONE_PAGE if len(sources) == 1 else Setting.ONE_SEARCH


def fit_rules(trials: Sequence[tuple[Setting, float]]) -> FloatArray:
    """Return for each setting the least probability of a member, and the questions it rests on.

    Split conformal prediction with the score 1 - p. The probabilities must be those that a run
    would show, on questions that the scorer has not learned.

    Args:
        trials: For each question its setting, and the probability given to the right answer; 0
            where that was no candidate.
    """
    rules = np.zeros((len(Setting), 2), np.float32)
    for setting in Setting:
        known = [chance for each, chance in trials if each is setting]
        if len(known) >= _LEAST_QUESTIONS:
            rules[setting] = SetThreshold.fit(known, alpha=1 - SET_COVERAGE).value, len(known)
    return rules


def rule_of(arrays: Mapping[str, FloatArray], sources: Sequence[Source]) -> SetRule | None:
    """Return the rule for what was read; None where none was fitted, or it would keep all."""
    learned, setting = arrays.get("set_out"), setting_of(sources)
    if learned is None or learned[setting][0] <= 0:
        return None
    return SetRule(
        least=float(learned[setting][0]),
        coverage=SET_COVERAGE,
        fitted_on=int(learned[setting][1]),
        population=_POPULATIONS[setting],
    )
