"""Reading: passages in, candidate answers with probabilities out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .candidates import Spans, find_spans
from .features import Features, features_of
from .frame import frame_of
from .passages import Source, WeighedPassage, share
from .question import Question, analyse_question
from .relevance import rank_passages
from .scorer import ABSTENTION_COLUMNS, Weights, score_spans
from .tokens import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One candidate answer: equal words in one or more places."""

    text: str
    """The words as they stand in the likeliest place."""
    key: str
    """The words as answers are compared."""
    probability: float
    """How likely it is."""
    places: tuple[int, ...]
    """Its spans, likeliest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A question with all that was measured on its passages; what a scorer is trained on."""

    question: Question
    """The question."""
    passages: tuple[WeighedPassage, ...]
    """The passages, most relevant first."""
    spans: Spans | None
    """Candidate spans; None where there is no word to read."""
    features: Features | None
    """Their features."""
    abstention: FloatArray
    """What speaks for and against an answer being here at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading yielded."""

    material: Material
    """What was read."""
    answers: tuple[Answer, ...]
    """Candidate answers, likeliest first."""
    none_of_these: float
    """Probability that no candidate is right."""
    sentence_weight: tuple[float, ...]
    """Probability that the answer stands in each sentence of the frame."""


def prepare(question_text: str, sources: Sequence[Source], weights: Weights) -> Material:
    """Return everything that is measured before scores are given."""
    question = analyse_question(question_text, weights.statistics)
    ranked = rank_passages(question, sources, weights.arrays)
    frame = frame_of(question, ranked)
    spans = find_spans(frame) if frame is not None else None
    if spans is not None and not spans.keys:
        spans = None
    return Material(
        question=question,
        passages=ranked,
        spans=spans,
        features=features_of(spans) if spans is not None else None,
        abstention=_abstention(question, ranked),
    )


def _abstention(question: Question, passages: Sequence[WeighedPassage]) -> FloatArray:
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
        ],
        np.float32,
    )


def read(question_text: str, sources: Sequence[Source], weights: Weights) -> Reading:
    """Return candidate answers with probabilities; they sum to one with `none_of_these`."""
    material = prepare(question_text, sources, weights)
    if material.spans is None or material.features is None:
        return Reading(material=material, answers=(), none_of_these=1.0, sentence_weight=())
    scores = score_spans(weights.arrays, material.features)
    empty = float(material.abstention @ weights.arrays["abstain_out"])
    probs = softmax(np.append(scores, empty) / weights.temperature)
    rows = material.spans.frame.row[material.spans.begin]
    by_row = np.bincount(rows, weights=probs[:-1], minlength=len(material.spans.frame.rows))
    return Reading(
        material=material,
        answers=_gather(material.spans, probs[:-1]),
        none_of_these=float(probs[-1]),
        sentence_weight=tuple(by_row.tolist()),
    )


def softmax(scores: FloatArray) -> FloatArray:
    """Return probabilities that are proportional to the exponentials of the scores."""
    raised = np.exp(scores.astype(np.float64) - float(scores.max()))
    return raised / raised.sum()


def _gather(spans: Spans, probs: FloatArray) -> tuple[Answer, ...]:
    """Return spans with equal words as one answer, likeliest first."""
    places: dict[str, list[int]] = {}
    for place in np.argsort(-probs, kind="stable").tolist():
        places.setdefault(spans.keys[place], []).append(place)
    answers = [
        Answer(
            text=spans.texts[found[0]],
            key=key,
            probability=float(probs[found].sum()),
            places=tuple(found),
        )
        for key, found in places.items()
        if key
    ]
    return tuple(sorted(answers, key=lambda answer: -answer.probability))
