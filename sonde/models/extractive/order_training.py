"""What is ranked after reading: sentences to show and passages to keep, by who holds an answer."""

from collections.abc import Sequence

import numpy as np

from .candidates import answer_key
from .reading import Reading, passage_mass
from .relevance_training import RankedList, holds_answer
from .showing import sentence_columns
from .tokens import FloatArray
from .worth import worth_columns


def sentence_list(reading: Reading, answers: Sequence[str]) -> RankedList | None:
    """Return the sentences of a reading; None where none or each holds a right answer.

    The question must be new to the weights: on what it has learned the scorer is too sure.
    """
    spans = reading.material.spans
    if spans is None:
        return None
    keys = [key for key in map(answer_key, answers) if key]
    held: list[bool] = []
    for row in spans.frame.rows:
        passage = spans.frame.passages[row.passage]
        span = passage.table.sentences[row.place]
        sentence = f" {answer_key(passage.source.text[span.start : span.end])} "
        held.append(any(f" {key} " in sentence for key in keys))
    mass = np.array(reading.sentence_weight, np.float32)
    share = mass / max(float(mass.sum()), 1e-9)
    return _list(sentence_columns(spans.frame, share), held)


def passage_list(reading: Reading, answers: Sequence[str]) -> RankedList | None:
    """Return the passages of a reading; None where none or each holds a right answer."""
    spans, passages = reading.material.spans, reading.material.passages
    if spans is None:
        return None
    mass = passage_mass(spans, reading.sentence_weight)
    held = [holds_answer(passage, answers) for passage in passages]
    return _list(worth_columns(passages, mass, reading.answers), held)


def _list(columns: FloatArray, held: Sequence[bool]) -> RankedList | None:
    if not any(held) or all(held):
        return None
    return RankedList(columns=columns, is_right=np.array(held))
