"""Whether the passages hold an answer at all, judged apart from which words it is."""

from collections.abc import Sequence
from math import fsum

import numpy as np

from .passages import WeighedPassage, share
from .question import Question
from .statistics import RAREST
from .tokens import FloatArray

ABSTENTION_COLUMNS = 14
_NEWTON_STEPS = 12
_RIDGE = 1e-3


def abstention_columns(question: Question, passages: Sequence[WeighedPassage]) -> FloatArray:
    """Return what the passages as a whole cover of a question."""
    if not passages:
        return np.zeros(ABSTENTION_COLUMNS, np.float32)
    seen = frozenset(
        s
        for s in question.weights
        if any(s in p.table.stems or s in p.title_stems for p in passages)
    )
    coverages = sorted((p.coverage for p in passages), reverse=True)
    return np.array(
        [
            1.0,
            coverages[0],
            max(p.best_sentence for p in passages),
            max(p.partner_coverage for p in passages),
            share(question, seen),
            max(p.bigrams for p in passages),
            float(np.mean(coverages[:3])),
            max(p.title_coverage for p in passages),
            min(15, len(question.weights)) / 10,
            max(p.relevance for p in passages),
            _heaviest(question, frozenset(question.weights) - seen),
            _heaviest(question, frozenset(question.weights) - _held_jointly(passages, 0)),
            _named_share(question, seen),
            _named_share(question, _held_jointly(passages, 0)),
        ],
        np.float32,
    )


def _held_jointly(passages: Sequence[WeighedPassage], index: int) -> frozenset[str]:
    """Return the stems that a passage, its title and its partner hold."""
    partner = passages[index].partner
    pair = [passages[index], *([passages[partner]] if partner is not None else [])]
    return frozenset[str]().union(*(p.table.stems | p.title_stems for p in pair))


def _heaviest(question: Question, stems: frozenset[str]) -> float:
    """Return the weight of the rarest of some stems, 0 to 1: one such word missing tells much."""
    return max((question.weights[stem] for stem in stems), default=0.0) / RAREST


def _named_share(question: Question, stems: frozenset[str]) -> float:
    """Return which share of the question's names some stems hold; 1 where it names nothing."""
    names = {t.stem for t in question.tokens[1:] if t.is_capital or t.is_number}
    names &= frozenset(question.weights)
    total = fsum(question.weights[stem] for stem in names)
    return fsum(question.weights[stem] for stem in names & stems) / total if total else 1.0


def gate_columns(
    abstention: FloatArray, scores: FloatArray, empty: float, *, is_single: bool
) -> FloatArray:
    """Return what answerability is judged by: coverage, the best score, and all of them.

    The second half is the first again where a single passage was read, else 0: what one page
    holds of a question tells something else than what the best of eight hold.
    """
    best = float(scores.max())
    together = best + float(np.log(np.exp(scores.astype(np.float64) - best).sum()))
    columns = np.append(abstention, [best / 10, (together - empty) / 10]).astype(np.float32)
    return np.concatenate([columns, columns * np.float32(is_single)])


def probability(columns: FloatArray, gate: FloatArray | None, *, prior: float = 0.0) -> float:
    """Return the probability that an answer is here; 1 where nothing was learned about it.

    Args:
        columns: What answerability is judged by.
        gate: The weights of the judge.
        prior: Log of the factor by which the odds are greater among the questions that are meant
            than among those that the judge learned from.
    """
    return 1.0 if gate is None else float(1 / (1 + np.exp(-(float(columns @ gate) + prior))))


def fit_gate(
    columns: FloatArray, is_answerable: Sequence[bool], importance: Sequence[float]
) -> FloatArray:
    """Return weights of `gate_columns` by ridge logistic regression, solved by Newton's method.

    Args:
        columns: One row for each question with its passages. They must come from questions that
            the span scorer was not trained on: on its own it is too sure.
        is_answerable: Which rows hold a right answer.
        importance: How much each row counts.
    """
    table = columns.astype(np.float64)
    truth = np.array(is_answerable, np.float64)
    weight = np.array(importance, np.float64) / sum(importance)
    gate = np.zeros(table.shape[1])
    for _ in range(_NEWTON_STEPS):
        guess = 1 / (1 + np.exp(-table @ gate))
        slope = table.T @ (weight * (guess - truth)) + _RIDGE * gate
        bend = (table * (weight * guess * (1 - guess))[:, None]).T @ table
        gate -= np.linalg.solve(bend + _RIDGE * np.eye(len(gate)), slope)
    return gate.astype(np.float32)
