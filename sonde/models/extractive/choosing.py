"""Which candidate to give: the one whose words are expected to agree most with the right ones."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .answer import Answer
from .candidates import Spans
from .listing import items_of

_WEIGHED = 40
"""Candidates that are weighed against each other; the rest hold hardly any probability."""
_TRUST_IN_OVERLAP = 0.5
_TRUST_IN_SENTENCE = 0.6
"""How far shared words count beside being right to the letter, and the power of a sentence's
probability; chosen on a development part."""


def overlap_of_words(first: Sequence[str], second: Sequence[str]) -> float:
    """Return the harmonic mean of the shares of words that two answers have in common (F1).

    >>> overlap_of_words(["don", "walsh"], ["walsh"])
    0.6666666666666666
    """
    common = sum(min(first.count(word), second.count(word)) for word in set(first))
    return 2 * common / (len(first) + len(second)) if common else 0.0


def chosen_of(
    answers: Sequence[Answer], spans: Spans | None, sentence_score: Sequence[float]
) -> Answer | None:
    """Return the answer to give; None where there is none.

    A verdict stands as it is. Of spans it is the one with the greatest expected agreement with
    the right answer, half by the letter and half by shared words: minimum Bayes risk, after
    Kumar and Byrne (2004). An answer counts for more where its sentence is the one to show. A
    question for several things gets them all, as one answer.
    """
    if not answers or answers[0].grounds or spans is None:
        return answers[0] if answers else None
    weighed = [answer for answer in answers[:_WEIGHED] if answer.places]
    best = _least_risk(weighed, _worth(weighed, spans, sentence_score)) if weighed else answers[0]
    if not spans.frame.question.is_list:
        return best
    items = items_of(answers, spans, sentence_score)
    if len(items.places) < 2:
        return best
    return replace(answers[0], text=items.text, key=items.key, places=items.places, is_list=True)


def _worth(weighed: Sequence[Answer], spans: Spans, sentence_score: Sequence[float]) -> list[float]:
    """Return the probability of each answer, times a power of that of its best sentence."""
    if not sentence_score:
        return [answer.probability for answer in weighed]
    scores = np.array(sentence_score, np.float64)
    chances = np.exp(scores - scores.max())
    chances = (chances / chances.sum()) ** _TRUST_IN_SENTENCE
    rows = spans.frame.row[spans.begin]
    return [
        answer.probability * float(chances[rows[list(answer.places)]].max()) for answer in weighed
    ]


def _least_risk(weighed: Sequence[Answer], worth: Sequence[float]) -> Answer:
    words = [answer.key.split() for answer in weighed]

    def agreement(index: int) -> float:
        shared = sum(
            other * overlap_of_words(words[index], held)
            for other, held in zip(worth, words, strict=True)
        )
        return (1 - _TRUST_IN_OVERLAP) * worth[index] + _TRUST_IN_OVERLAP * shared

    return weighed[max(range(len(weighed)), key=lambda index: (agreement(index), -index))]
