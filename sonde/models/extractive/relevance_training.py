"""Training of passage relevance: listwise, on which passages hold a right answer."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .candidates import answer_key
from .passages import WeighedPassage, weigh_passages
from .question import analyse_question
from .relevance import RELEVANCE_COLUMNS, relevance_columns
from .statistics import StemStatistics
from .tokens import FloatArray
from .training import Adam, Example, Settings

_BATCH = 32


class RankedList(NamedTuple):
    """What is measured on the things to be ranked, and which of them are right."""

    columns: FloatArray
    is_right: NDArray[np.bool_]


def train_relevance(
    examples: Iterable[Example], statistics: StemStatistics, *, epochs: int = 40, seed: int = 0
) -> FloatArray:
    """Return weights of `relevance_columns` that put passages with a right answer first."""
    lists = [found for e in examples if (found := _list_of(e, statistics)) is not None]
    return fit_ranking(lists, columns=RELEVANCE_COLUMNS, epochs=epochs, seed=seed)


def fit_ranking(
    lists: Sequence[RankedList], *, columns: int, epochs: int = 40, seed: int = 0
) -> FloatArray:
    """Return weights of the columns that put right things first."""
    parameters = {"out": np.zeros(columns, np.float32)}
    adam = Adam(parameters, Settings(rate=0.03, decay=1e-3))
    rng = np.random.default_rng(seed)
    steps = epochs * -(-len(lists) // _BATCH)
    for step in range(steps if lists else 0):
        slope = np.zeros(columns, np.float32)
        for place in rng.integers(0, len(lists), _BATCH):
            slope += _slope(lists[int(place)], parameters["out"]) / np.float32(_BATCH)
        adam.step(parameters, {"out": slope}, share_left=1 - step / steps)
    return parameters["out"]


def _list_of(example: Example, statistics: StemStatistics) -> RankedList | None:
    """Return one example; None where no passage or every passage holds the answer."""
    question = analyse_question(example.question, statistics)
    passages = weigh_passages(question, example.sources)
    is_right = np.array([holds_answer(passage, example.answers) for passage in passages])
    if not is_right.any() or is_right.all():
        return None
    return RankedList(columns=relevance_columns(question, passages), is_right=is_right)


def holds_answer(passage: WeighedPassage, answers: Sequence[str]) -> bool:
    """Return whether a passage or its title holds one of the answers."""
    text = f" {answer_key(passage.source.title)} {answer_key(passage.source.text)} "
    return any(f" {key} " in text for key in map(answer_key, answers) if key)


def _slope(example: RankedList, weights: FloatArray) -> FloatArray:
    scores = example.columns @ weights
    probs = np.exp(scores - scores.max())
    probs /= probs.sum()
    right = probs * example.is_right
    return example.columns.T @ (probs - right / max(float(right.sum()), 1e-9))
