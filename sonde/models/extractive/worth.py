"""Which passages come first once all are read: those that most likely hold the right answer."""

from collections.abc import Sequence

import numpy as np

from .answer import Answer
from .candidates import plain_key
from .passages import WeighedPassage
from .tokens import FloatArray

WORTH_COLUMNS = 5
_WEIGHED = 40
"""Answers that are looked for in each passage; the rest hold hardly any probability."""
_LEAST_RELEVANCE, _LEAST_SHARE = 1e-3, 0.02
"""What a passage counts for that seems irrelevant, or in which nothing was found."""


def worth_columns(
    passages: Sequence[WeighedPassage], mass: Sequence[float], answers: Sequence[Answer]
) -> FloatArray:
    """Return what passages are ordered by after reading, one row a passage.

    The chance that a passage holds the right answer is what its words are expected to hold of the
    belief: of each answer its probability, if the passage has it in any place. An answer that was
    read on one page so speaks for another that names it too, as the two pages of a chain do.

    Args:
        passages: The passages.
        mass: Probability of the spans of each.
        answers: Answers, likeliest first.
    """
    weighed = [answer for answer in answers[:_WEIGHED] if answer.key]
    total = sum(answer.probability for answer in weighed) or 1.0
    bodies = [f" {plain_key(f'{p.source.title} {p.source.text}')} " for p in passages]
    held = np.array(
        [sum(a.probability for a in weighed if f" {a.key} " in body) / total for body in bodies]
    )
    share = np.array(mass) / max(sum(mass), 1e-9)
    relevance = np.array([passage.relevance for passage in passages])
    columns = [
        np.log(relevance + _LEAST_RELEVANCE),
        np.log(share + _LEAST_SHARE),
        share,
        held,
        np.log(held + _LEAST_SHARE),
    ]
    return np.stack(columns, axis=1).astype(np.float32)
