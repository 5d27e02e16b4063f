"""Questions about two things, and yes/no questions: evidence on both sides, then a verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .lexicon import QuestionKind
from .measures import Measure, measure_of, value_of
from .passages import WeighedPassage
from .question import Question
from .sides import Ground, Side, best_ground, fit_of, lead_names, lead_stems, side_of
from .subjects import subjects_of
from .tokens import FloatArray

CHOICE_COLUMNS, YES_COLUMNS = 5, 8
_CHOOSING = frozenset(
    {
        QuestionKind.WHO,
        QuestionKind.WHICH,
        QuestionKind.PERSON,
        QuestionKind.PLACE,
        QuestionKind.WORK,
        QuestionKind.WHAT,
    }
)
"""Kinds of questions that "A or B" turns into a choice; "where did A or B live" is none."""
_NEGATIONS = frozenset("no not never neither nor none without cannot".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One possible answer of a closed question."""

    text: str
    probability: float
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A closed question with its options and what is measured on each."""

    options: tuple[str, ...]
    columns: FloatArray
    """One row of features for each option."""
    weights_name: str
    """Which learned weights judge it."""
    grounds: tuple[Ground, ...]


def case_of(question: Question, passages: Sequence[WeighedPassage]) -> Case | None:
    """Return a closed question as a case; None for an open one, or where a side is unseen."""
    words = {token.lower for token in question.tokens}
    names = subjects_of(question)
    if names is None:
        return _plain_case(question, passages) if question.kind is QuestionKind.YES_NO else None
    sides = tuple(side_of(name, passages) for name in names)
    if not all(side.passages for side in sides):
        return None
    is_closed = question.kind is QuestionKind.YES_NO or _is_statement(question)
    if "or" in words and "either" not in words:
        return _choice_case(question, passages, sides)
    return _pair_case(question, passages, sides) if is_closed else None


def choice_of(question: Question) -> tuple[str, ...]:
    """Return the two names that a question lets choose between; none where it does not."""
    words = {token.lower for token in question.tokens}
    is_choice = "or" in words and "either" not in words
    names = subjects_of(question) if is_choice else None
    return names if names is not None and question.kind in _CHOOSING else ()


def judge(case: Case, arrays: Mapping[str, FloatArray]) -> tuple[Verdict, ...]:
    """Return the options of a case with probabilities that sum to one, likeliest first."""
    weights = arrays.get(case.weights_name)
    scores = case.columns @ weights if weights is not None else case.columns.sum(axis=1)
    raised = np.exp(scores - scores.max())
    probs = (raised / raised.sum()).tolist()
    verdicts = [
        Verdict(text=text, probability=p, grounds=case.grounds)
        for text, p in zip(case.options, probs, strict=True)
    ]
    return tuple(sorted(verdicts, key=lambda verdict: -verdict.probability))


def _is_statement(question: Question) -> bool:
    """Return whether a question without a question word ends as one: "A and B are both C?"."""
    return question.kind is QuestionKind.OTHER and question.text.rstrip().endswith("?")


def _choice_case(
    question: Question, passages: Sequence[WeighedPassage], sides: Sequence[Side]
) -> Case:
    measure = measure_of(question)
    fits = [fit_of(question, passages, side, sides) for side in sides]
    found = [value_of(question, passages, side, sides, measure=measure) for side in sides]
    row = np.zeros(CHOICE_COLUMNS, np.float32)
    first, second = found
    if first is not None and second is not None and first[0] != second[0]:
        sign = 1.0 if first[0] > second[0] else -1.0
        wins = sign if measure in (Measure.LATER, Measure.LONGER_LIVED, Measure.MORE) else -sign
        is_date = measure in (Measure.EARLIER, Measure.LATER)
        row[0 if is_date else 1 if measure is Measure.LONGER_LIVED else 2] = wins
        row[4] = 0.3 * (fits[0] - fits[1])
    else:
        row[3] = fits[0] - fits[1]
    grounds = [
        value[1] if value is not None else best_ground(question, passages, side)
        for value, side in zip(found, sides, strict=True)
    ]
    return Case(
        options=tuple(side.name for side in sides),
        columns=np.stack([row, -row]),
        weights_name="choice_out",
        grounds=tuple(grounds),
    )


def _pair_case(
    question: Question, passages: Sequence[WeighedPassage], sides: Sequence[Side]
) -> Case:
    """Return "are both ..." and "are ... the same ..." as a case of yes and no."""
    words = {token.lower for token in question.tokens}
    fits = [fit_of(question, passages, side, sides) for side in sides]
    leads = [lead_stems(passages[side.passages[0]]) - side.stems for side in sides]
    shared = len(leads[0] & leads[1]) / max(1, min(len(leads[0]), len(leads[1])))
    is_same = float(bool(words & {"same", "share", "common"}))
    proper = [lead_names(passages[side.passages[0]]) for side in sides]
    is_shared_name = float(bool(proper[0] & proper[1]))
    row = np.array(
        [
            1.0,
            (1 - is_same) * min(fits),
            (1 - is_same) * max(fits),
            is_same * shared,
            is_same * is_shared_name,
            is_same,
            (1 - is_same) * float(min(fits) > 0.99),
            (1 - is_same) * shared,
        ],
        np.float32,
    )
    grounds = tuple(best_ground(question, passages, side) for side in sides)
    return _yes_no(row, grounds)


def _plain_case(question: Question, passages: Sequence[WeighedPassage]) -> Case | None:
    """Return a yes/no question about one thing as a case: held by one sentence, or not."""
    if not passages or not any(p.table.sentences for p in passages):
        return None
    best = max(range(len(passages)), key=lambda i: (passages[i].best_sentence, -i))
    row = np.zeros(YES_COLUMNS, np.float32)
    row[0], row[1], row[2] = 1.0, passages[best].best_sentence, passages[best].coverage
    ground = best_ground(question, passages, Side(name="", stems=frozenset(), passages=(best,)))
    case = _yes_no(row, (ground,))
    if _is_negated(passages[best], ground.place) == _is_asked_in_the_negative(question):
        return case
    return replace(case, options=case.options[::-1])


def _is_negated(passage: WeighedPassage, place: int) -> bool:
    """Return whether a sentence denies: it then speaks for "no" as much as else for "yes"."""
    held = zip(passage.table.tokens, passage.table.sentence.tolist(), strict=True)
    return any(t.lower in _NEGATIONS for t, sentence in held if sentence == place)


def _is_asked_in_the_negative(question: Question) -> bool:
    return any(token.lower in _NEGATIONS for token in question.tokens)


def _yes_no(row: FloatArray, grounds: tuple[Ground, ...]) -> Case:
    return Case(
        options=("yes", "no"),
        columns=np.stack([row, np.zeros_like(row)]),
        weights_name="yes_out",
        grounds=grounds,
    )
