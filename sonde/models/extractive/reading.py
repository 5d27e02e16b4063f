"""Reading: passages in, candidate answers with probabilities out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from ...records.belief import SetRule
from .answer import Answer
from .answer_sets import Setting, rule_of, setting_of
from .answer_types import is_named_by_head, is_ruled_out
from .answerability import abstention_columns, gate_columns, probability
from .candidates import Spans, answer_key, find_spans
from .choosing import chosen_of
from .comparison import Verdict, case_of, choice_of, judge
from .features import Features, features_of
from .frame import Frame, frame_of
from .passages import Source, WeighedPassage
from .question import Question, analyse_question
from .relevance import rank_passages
from .same_answer import gather_answers
from .scorer import Weights, score_spans
from .showing import sentence_columns
from .tokens import BoolArray, FloatArray
from .worth import worth_columns

_WORTH_OF_HEAD = np.float32(1.5)
"""What a name gains that stands right after the noun that the question asks for."""
_PRICE_OF_ANOTHER_SORT = np.float32(2.5)
"""What a span loses that is not the sort of thing that the question names; it is not cast out, for
the lists that tell a town from a country are short."""
_DOUBT_OF_ANOTHER_SORT = 0.6
"""How much less likely an answer is here, where all that looks like one is of another sort."""
_TRUST_IN_YES_NO, _TRUST_IN_CHOICE = 0.95, 0.85
"""Share of the belief that a verdict takes; the rest is left to spans, or to neither."""
_DECLINED_ABOVE = 0.6
"""Probability of "none of these", by the judge alone, above which no answer is given: on the
development part this loses one right answer in twenty-five, and declines two thirds of what the
pages cannot answer."""


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
    sentence_score: tuple[float, ...] = ()
    """How good each sentence is to show; comparable within one reading."""
    worth: tuple[float, ...] = ()
    """How well each passage does as evidence; comparable within one reading."""
    chosen: Answer | None = None
    """The answer to give: mostly the likeliest; see `choosing`."""
    doubt: float = 1.0
    """Probability of "none of these" by the judge alone, among questions of which many have no
    answer; whether one is given hangs on it."""
    set_rule: SetRule | None = None
    """Which answers are listed beside it; None where nothing is promised of such a set."""

    def passages_by_worth(self) -> tuple[WeighedPassage, ...]:
        """Return the passages, first those that most likely hold the answer, now that it is read.

        Without learned weights the order is that of relevance, as it was before reading.
        """
        passages, learned = self.material.passages, self.worth
        if not learned:
            return passages
        return tuple(passages[i] for i in sorted(range(len(passages)), key=lambda i: -learned[i]))

    @property
    def is_declined(self) -> bool:
        """Whether it is better to say that nothing here answers."""
        return self.doubt > _DECLINED_ABOVE

    def place_shown(self, answer: Answer) -> int | None:
        """Return the span of an answer in the best of its sentences; None for a bare verdict."""
        spans = self.material.spans
        if spans is None or not answer.places:
            return None
        if not self.sentence_score:
            return answer.places[0]
        worded = [p for p in answer.places if spans.keys[p] == answer.key] or answer.places
        rows = {place: int(spans.frame.row[spans.begin[place]]) for place in worded}
        return max(worded, key=lambda place: self.sentence_score[rows[place]])


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
        abstention=abstention_columns(question, ranked),
    )


def read(question_text: str, sources: Sequence[Source], weights: Weights) -> Reading:
    """Return candidate answers with probabilities; they sum to one with `none_of_these`."""
    material = prepare(question_text, sources, weights)
    if material.spans is None or material.features is None:
        return Reading(material=material, answers=(), none_of_these=1.0, sentence_weight=())
    weighed = _weigh(
        material.spans,
        material.features,
        abstention=material.abstention,
        weights=weights,
        sources=sources,
    )
    probs = weighed.probs
    rows = material.spans.frame.row[material.spans.begin]
    by_row = np.bincount(rows, weights=probs, minlength=len(material.spans.frame.rows))
    by_row = by_row.astype(np.float32)
    answers = gather_answers(material.spans, probs)
    case = case_of(material.question, material.passages)
    if case is not None:
        answers = _with_verdicts(answers, judge(case, weights.arrays))
    elif names := choice_of(material.question):
        answers = _among(answers, names)
    shown = _sentence_scores(material.spans.frame, by_row / np.float32(weighed.is_here), weights)
    chosen = chosen_of(answers, material.spans, shown)
    is_span = chosen is not None and not chosen.grounds and not chosen.is_list
    held = sum(answer.probability for answer in answers)
    return Reading(
        material=material,
        answers=answers,
        none_of_these=max(0.0, 1.0 - held),
        sentence_weight=tuple(by_row.tolist()),
        sentence_score=shown,
        worth=_worth(material, by_row, answers, weights),
        chosen=chosen,
        doubt=max(0.0, 1.0 - held / (weighed.raised if case is None else 1.0)),
        set_rule=rule_of(weights.arrays, sources) if is_span else None,
    )


class _Weighed(NamedTuple):
    """Probabilities of spans, and of there being an answer at all."""

    probs: FloatArray
    is_here: float
    raised: float
    """How much the prior has raised them all."""


def _weigh(
    spans: Spans,
    features: Features,
    *,
    abstention: FloatArray,
    weights: Weights,
    sources: Sequence[Source],
) -> _Weighed:
    scores = score_spans(weights.arrays, features)
    empty = float(abstention @ weights.arrays["abstain_out"])
    is_single = len(spans.frame.passages) == 1
    columns = gate_columns(abstention, scores, empty, is_single=is_single)
    gate = weights.arrays.get("gate_out")
    raised = probability(columns, gate, prior=weights.prior)
    is_followed = setting_of(sources) is Setting.FOLLOWED
    heat = weights.heat(is_single=is_single, is_followed=is_followed)
    is_here = raised * left_by_sorts(scores / heat, is_ruled_out(spans))
    return _Weighed(
        probs=softmax(with_sorts(scores, spans) / heat) * is_here,
        is_here=is_here,
        raised=raised / probability(columns, gate),
    )


def left_by_sorts(scores: FloatArray, is_out: BoolArray) -> float:
    """Return what is left of the chance of an answer, where much that looks like one is ruled out.

    Args:
        scores: Scores before the sorts of things count, over the temperature.
        is_out: Which spans are of another sort.
    """
    return 1 - _DOUBT_OF_ANOTHER_SORT * float(softmax(scores)[is_out].sum())


def with_sorts(scores: FloatArray, spans: Spans) -> FloatArray:
    """Return the scores, less for spans of another sort, more for those that the head names."""
    named = _WORTH_OF_HEAD * is_named_by_head(spans)
    return (scores - _PRICE_OF_ANOTHER_SORT * is_ruled_out(spans) + named).astype(np.float32)


def _sentence_scores(frame: Frame, mass: FloatArray, weights: Weights) -> tuple[float, ...]:
    learned = weights.arrays.get("sentence_out")
    if learned is None:
        return tuple(mass.tolist())
    return tuple((sentence_columns(frame, mass) @ learned).tolist())


def _worth(
    material: Material, by_row: FloatArray, answers: Sequence[Answer], weights: Weights
) -> tuple[float, ...]:
    learned = weights.arrays.get("worth_out")
    if learned is None or material.spans is None:
        return ()
    columns = worth_columns(material.passages, passage_mass(material.spans, by_row), answers)
    return tuple((columns @ learned).tolist())


def passage_mass(spans: Spans, by_row: Sequence[float] | FloatArray) -> list[float]:
    """Return the probability of the spans of each passage, from that of each sentence."""
    mass = [0.0] * len(spans.frame.passages)
    for row, weight in zip(spans.frame.rows, by_row, strict=True):
        mass[row.passage] += float(weight)
    return mass


def _with_verdicts(answers: Sequence[Answer], verdicts: Sequence[Verdict]) -> tuple[Answer, ...]:
    """Return verdicts and spans as one list; a closed question is seldom answered by a span."""
    is_yes_no = {verdict.text for verdict in verdicts} == {"yes", "no"}
    trust = _TRUST_IN_YES_NO if is_yes_no else _TRUST_IN_CHOICE
    options = {answer_key(verdict.text): verdict for verdict in verdicts}
    merged: list[Answer] = []
    for answer in answers:
        if answer.key not in options and not is_yes_no:
            merged.append(replace(answer, probability=answer.probability * (1 - trust)))
    for key, verdict in options.items():
        merged.append(
            Answer(
                text=verdict.text,
                key=key,
                probability=verdict.probability * trust,
                grounds=verdict.grounds,
            )
        )
    return tuple(sorted(merged, key=lambda answer: -answer.probability))


def _among(answers: Sequence[Answer], names: Sequence[str]) -> tuple[Answer, ...]:
    """Return answers to a choice that no verdict settles: whoever is not named can hardly be it."""
    allowed = [set(answer_key(name).split()) for name in names]

    def is_allowed(answer: Answer) -> bool:
        words = set(answer.key.split())
        return any(words <= name or name <= words for name in allowed)

    weighed = [
        a if is_allowed(a) else replace(a, probability=a.probability * (1 - _TRUST_IN_CHOICE))
        for a in answers
    ]
    return tuple(sorted(weighed, key=lambda answer: -answer.probability))


def softmax(scores: FloatArray) -> FloatArray:
    """Return probabilities that are proportional to the exponentials of the scores."""
    raised = np.exp(scores.astype(np.float64) - float(scores.max()))
    return raised / raised.sum()
