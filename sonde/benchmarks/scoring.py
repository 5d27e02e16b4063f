"""Exact match and F1 of short answers, by HotpotQA's rule."""

import re
import string
from collections import Counter
from typing import NamedTuple

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = frozenset(string.punctuation)
_CLOSED = ("yes", "no", "noanswer")


class Overlap(NamedTuple):
    """How far the words of a prediction and of the truth agree."""

    f1: float
    """Harmonic mean of precision and recall."""
    precision: float
    """Share of the prediction's words that are in the truth."""
    recall: float
    """Share of the truth's words that are in the prediction."""


_NOTHING = Overlap(0.0, 0.0, 0.0)


def normalise(answer: str) -> str:
    """Return an answer in lower case, without punctuation, articles and double spaces."""
    bare = "".join(char for char in answer.lower() if char not in _PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def exact_match(prediction: str, truth: str) -> bool:
    """Return whether two answers are the same once normalised."""
    return normalise(prediction) == normalise(truth)


def overlap(prediction: str, truth: str) -> Overlap:
    """Return the word overlap of two answers.

    Yes, no and "noanswer" agree with nothing but themselves, as in HotpotQA's own script.
    """
    left, right = normalise(prediction), normalise(truth)
    if left != right and (left in _CLOSED or right in _CLOSED):
        return _NOTHING
    said, wanted = left.split(), right.split()
    common = sum((Counter(said) & Counter(wanted)).values())
    if common == 0:
        return _NOTHING
    precision, recall = common / len(said), common / len(wanted)
    return Overlap(2 * precision * recall / (precision + recall), precision, recall)


def f1(prediction: str, truth: str) -> float:
    """Return the F1 of two answers."""
    return overlap(prediction, truth).f1
