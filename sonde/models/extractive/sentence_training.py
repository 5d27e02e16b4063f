"""Training of the choice of a sentence: listwise, on which sentences hold a right answer."""

from collections.abc import Iterable

import numpy as np

from .candidates import answer_key
from .reading import Reading, read
from .relevance_training import RankedList, fit_ranking
from .scorer import Weights
from .showing import SENTENCE_COLUMNS, sentence_columns
from .tokens import FloatArray
from .training import Example


def train_sentences(examples: Iterable[Example], weights: Weights) -> FloatArray:
    """Return weights of `sentence_columns`.

    The examples must be new to the weights: on what it has learned the scorer is too sure.
    """
    readings = ((e, read(e.question, e.sources, weights)) for e in examples)
    lists = [found for e, reading in readings if (found := _list_of(e, reading)) is not None]
    return fit_ranking(lists, columns=SENTENCE_COLUMNS)


def _list_of(example: Example, reading: Reading) -> RankedList | None:
    """Return one example; None where no sentence or every sentence holds the answer."""
    spans = reading.material.spans
    if spans is None:
        return None
    keys = [key for key in map(answer_key, example.answers) if key]
    held: list[bool] = []
    for row in spans.frame.rows:
        passage = spans.frame.passages[row.passage]
        span = passage.table.sentences[row.place]
        sentence = f" {answer_key(passage.source.text[span.start : span.end])} "
        held.append(any(f" {key} " in sentence for key in keys))
    is_right = np.array(held)
    if not is_right.any() or is_right.all():
        return None
    mass = np.array(reading.sentence_weight, np.float32)
    columns = sentence_columns(spans.frame, mass / max(float(mass.sum()), 1e-9))
    return RankedList(columns=columns, is_right=is_right)
