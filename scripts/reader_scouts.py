"""What questions that a reader has not learned teach it: how sure to be, and what to put first.

A scout is a span scorer that learned without some questions. On these it is tried, as the final
scorer will be on questions of its users, and so are fitted the gate, the temperatures, the order of
sentences and passages, and the least probabilities of sets of answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sonde.models.extractive.answer_sets import Setting, fit_rules, setting_of
from sonde.models.extractive.calibration import (
    Heat,
    Trial,
    chances,
    gate_of,
    heat_of,
    trial_of,
)
from sonde.models.extractive.negatives import without_passages, without_sentences
from sonde.models.extractive.order_training import passage_list, sentence_list
from sonde.models.extractive.passages import Source
from sonde.models.extractive.reading import read
from sonde.models.extractive.reasoner import is_enough
from sonde.models.extractive.relevance_training import fit_ranking
from sonde.models.extractive.scorer import Weights
from sonde.models.extractive.showing import SENTENCE_COLUMNS
from sonde.models.extractive.tokens import FloatArray
from sonde.models.extractive.training import Example
from sonde.models.extractive.worth import WORTH_COLUMNS

_COVERED = 0.8
"""Share of a two-hop question that one sentence covers, from which a run may end with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """One question with the passages of each setting."""

    question: str
    answers: tuple[str, ...]
    opening: tuple[Source, ...]
    followed: tuple[Source, ...]
    page: tuple[Source, ...]
    """Its own page; empty where none is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scout:
    """A scorer, and questions that are new to it."""

    weights: Weights
    quizzes: Sequence[Quiz]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """How a scout fares on one question in each setting."""

    quiz: Quiz
    opening: Trial | None
    followed: Trial | None
    page: Trial | None
    others: tuple[Trial, ...]
    """Those that have no answer."""

    def trials(self) -> Iterable[Trial]:
        found = (self.opening, self.followed, self.page, *self.others)
        return (trial for trial in found if trial is not None)

    def likely_ends(self) -> Iterable[Trial]:
        """Return trials that a run may end with: two hops seldom end after one search."""
        opening = self.opening
        if opening is not None and (self.quiz.page or opening.covered > _COVERED):
            yield opening
        yield from (trial for trial in (self.followed, self.page) if trial is not None)


def with_confidence(weights: Weights, scouts: Sequence[Scout]) -> Weights:
    """Return weights with all that is fitted on how the scouts fare."""
    tried = _try_all(scouts)
    trials = [trial for each in tried for trial in each.trials()]
    gate = gate_of(trials)
    heat = heat_of([trial for each in tried for trial in each.likely_ends()], gate)
    arrays = {"gate_out": gate, **heat.arrays}
    warm = [
        replace(
            scout,
            weights=replace(
                scout.weights, arrays={**scout.weights.arrays, **arrays}, temperature=heat.usual
            ),
        )
        for scout in scouts
    ]
    arrays |= _orders(warm)
    arrays["set_out"] = fit_rules(_as_run(tried, gate, heat))
    return replace(weights, arrays={**weights.arrays, **arrays}, temperature=heat.usual)


def _try_all(scouts: Sequence[Scout]) -> list[_Tried]:
    return [_try(scout.weights, q, n) for scout in scouts for n, q in enumerate(scout.quizzes)]


def _try(weights: Weights, quiz: Quiz, number: int) -> _Tried:
    """Return how a scout fares on one question.

    People mostly ask what their documents hold: answerable examples weigh more in the gate. The
    three sorts of unanswerable ones: the pages that answer are missing, the sentences that answer
    are missing, and the same for a question's own page alone.
    """

    def tried(sources: tuple[Source, ...], importance: float, *, has_answer: bool) -> Trial | None:
        answers = quiz.answers if has_answer else ()
        example = Example(question=quiz.question, answers=answers, sources=sources)
        return trial_of(example, weights, importance=importance) if sources else None

    is_followed = quiz.followed != quiz.opening
    lacking = without_passages(quiz.followed, quiz.answers)
    silent = without_sentences(quiz.followed, quiz.answers) if number % 2 else ()
    bare = without_sentences(quiz.page, quiz.answers)
    others = (
        tried(lacking, 1.5, has_answer=False),
        tried(silent, 1.0, has_answer=False),
        tried(bare, 1.0, has_answer=False),
    )
    return _Tried(
        quiz=quiz,
        opening=tried(quiz.opening, 1.5 if is_followed else 3.0, has_answer=True),
        followed=tried(quiz.followed, 1.5, has_answer=True) if is_followed else None,
        page=tried(quiz.page, 1.5, has_answer=True),
        others=tuple(trial for trial in others if trial is not None),
    )


def _orders(scouts: Sequence[Scout]) -> dict[str, FloatArray]:
    """Return the weights by which sentences and passages are ordered after reading.

    Of single-hop questions, which are far more numerous, every third counts for passages.
    """
    pairs = [
        (number, quiz, read(quiz.question, quiz.followed, scout.weights))
        for scout in scouts
        for number, quiz in enumerate(scout.quizzes)
    ]
    sentences = [sentence_list(reading, quiz.answers) for _, quiz, reading in pairs]
    passages = [
        passage_list(reading, quiz.answers)
        for number, quiz, reading in pairs
        if not quiz.page or number % 3 == 0
    ]
    return {
        "sentence_out": fit_ranking(
            [each for each in sentences if each is not None], columns=SENTENCE_COLUMNS
        ),
        "worth_out": fit_ranking(
            [each for each in passages if each is not None], columns=WORTH_COLUMNS
        ),
    }


def _as_run(tried: Sequence[_Tried], gate: FloatArray, heat: Heat) -> list[tuple[Setting, float]]:
    """Return the probability of the right answer where a run would end, and in which setting.

    A question whose follow-ups were not made counts only where none would be made.
    """

    def held(trial: Trial) -> tuple[float, float]:
        found = chances(trial, heat, gate=gate)
        return float((found * trial.is_right).max()), float(found.max())

    ended: list[tuple[Setting, float]] = []
    for each in tried:
        if each.page is not None:
            ended.append((Setting.ONE_PAGE, held(each.page)[0]))
        if each.opening is None:
            continue
        right, best = held(each.opening)
        if is_enough(covered=each.opening.covered, best=best):
            ended.append((setting_of(each.quiz.opening), right))
        elif each.followed is not None:
            ended.append((setting_of(each.quiz.followed), held(each.followed)[0]))
    return ended
