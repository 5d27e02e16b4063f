"""How likely each passage bears the answer, from what it covers alone and with its partner."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import fsum

import numpy as np

from .passages import Source, WeighedPassage, uncovered, weigh_passages
from .question import Question
from .tokens import FloatArray

RELEVANCE_COLUMNS = 41
_SATURATION, _TITLE_WEIGHT, _USUAL_TOKENS = 1.2, 2, 100
_MOST_PASSAGES = 24


def rank_passages(
    question: Question, sources: Sequence[Source], arrays: Mapping[str, FloatArray]
) -> tuple[WeighedPassage, ...]:
    """Return the sources with what they cover, likeliest to bear the answer first.

    Without learned weights the order is by coverage, alone and with the partner.
    """
    weighed = weigh_passages(question, sources)
    if not weighed:
        return ()
    columns = relevance_columns(question, weighed)
    learned = arrays.get("relevance_out")
    scores = columns @ learned if learned is not None else columns[:, :3].sum(axis=1)
    raised = np.exp(scores - scores.max())
    chances = (raised / raised.sum()).tolist()
    order = sorted(range(len(weighed)), key=lambda i: (-chances[i], i))[:_MOST_PASSAGES]
    place_of = {old: new for new, old in enumerate(order)}
    return tuple(
        replace(weighed[i], relevance=chances[i], partner=_moved(weighed[i].partner, place_of))
        for i in order
    )


def _moved(partner: int | None, place_of: Mapping[int, int]) -> int | None:
    return place_of.get(partner) if partner is not None else None


def relevance_columns(question: Question, passages: Sequence[WeighedPassage]) -> FloatArray:
    """Return what relevance is judged by, one row a passage.

    The second and third block are the chief columns again, scaled by how well the best single
    sentence covers the question and by its length: whether the answer stands in the passage that
    covers most, or in the one that it leads to, hangs on both.
    """
    top = max(passage.coverage for passage in passages) or 1.0
    rows = [_row(question, passages, index, top=top) for index in range(len(passages))]
    table = np.array(rows, np.float32)
    chief = table[:, [0, 1, 2, 3, 10, 11, 12, 7, 14, 15]]
    reach = max(passage.best_sentence for passage in passages)
    length = min(len(question.weights), 15) / 10
    return np.concatenate([table, chief * reach, chief * length], axis=1)


def _row(
    question: Question, passages: Sequence[WeighedPassage], index: int, *, top: float
) -> list[float]:
    p = passages[index]
    other = passages[p.partner] if p.partner is not None else None
    rest = uncovered(question, passages, index) if other is not None else frozenset[str]()
    added = fsum(question.weights[s] for s in rest if s in p.table.stems or s in p.title_stems)
    frequency = _frequency(question, p)
    return [
        p.coverage,
        p.best_sentence,
        p.partner_coverage,
        p.partner_coverage - p.coverage,
        p.title_overlap,
        p.title_coverage,
        p.bigrams,
        float(p.is_linked),
        float(p.names_other),
        float(min(2, p.source.hop)),
        other.coverage if other is not None else 0.0,
        other.best_sentence if other is not None else 0.0,
        added / question.total,
        frequency,
        float(other is not None),
        p.coverage / top,
        p.coverage**2,
        p.partner_coverage**2,
        len(p.table.tokens) / 200,
        other.coverage if other is not None and p.is_linked else 0.0,
        frequency if other is None else 0.0,
    ]


def _frequency(question: Question, passage: WeighedPassage) -> float:
    """Return the weight of the question's words in a passage, by BM25's saturation of counts."""
    counts = Counter(token.stem for token in passage.table.tokens if token.stem in question.weights)
    for stem in passage.title_stems:
        if stem in question.weights:
            counts[stem] += _TITLE_WEIGHT
    length = 0.25 + 0.75 * len(passage.table.tokens) / _USUAL_TOKENS
    worth = sum(
        question.weights[stem] * n * (1 + _SATURATION) / (n + _SATURATION * length)
        for stem, n in counts.items()
    )
    return worth / question.total
