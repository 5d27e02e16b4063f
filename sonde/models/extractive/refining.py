"""Further training: the weights that ship, taught the questions and paragraphs of one's own."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from ...records.errors import SetupError
from .answer_sets import Setting, fit_rules, setting_of
from .calibration import Trial, chances, gate_of, heat_of, trial_of
from .candidates import answer_key
from .choosing import overlap_of_words
from .negatives import without_sentences
from .paragraph_index import Paragraph, ParagraphIndex
from .passages import Source
from .reading import read
from .scorer import Weights
from .squad_file import Lesson
from .training import Example, Settings, make_sheets, train_spans

LEAST_LESSONS = 20
"""Questions below which there is nothing to be learned from."""
_LEAST_TRIALS = 40
"""Trials below which the confidences of the weights that ship are kept."""
_MOST_MEASURED = 300
_TRIED_SHARE = 5
"""One article of so many is not learned; on these the result is measured."""
_NEIGHBOURS = 5
SETTINGS = Settings(epochs=4, rate=7e-4, most_spans=160)
"""How the weights are changed: a few gentle passes, for much of what they know holds anywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How well questions on articles that were not learned are answered, each on its paragraph."""

    questions: int
    """How many were asked."""
    exact_match: float | None
    """Share of answers that are right to the letter; None where no question has an answer."""
    f1: float | None
    """Mean overlap of words; None likewise."""
    declined: float | None
    """Share of the questions without an answer that are declined; None where all have one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refined:
    """What further training brought."""

    weights: Weights
    """The new weights."""
    learned: int
    """Questions that were learned."""
    before: Marks
    """How the old weights do on the articles that were left out."""
    after: Marks
    """How the new ones do."""


def refine(
    lessons: Sequence[Lesson],
    base: Weights,
    *,
    limit: int,
    settings: Settings = SETTINGS,
    on_step: Callable[[str], None] = lambda _: None,
) -> Refined:
    """Return weights that go on from others and learn some lessons.

    Of the articles one in five is not learned. On it the gate and the temperatures are fitted,
    and the marks are measured. What the lessons cannot teach stays as it was: two-step search,
    verdicts on yes and no, the choice of a sentence.

    Args:
        lessons: Questions with their paragraphs.
        base: The weights to go on from.
        limit: The most questions; of more a sample is drawn.
        settings: How to train.
        on_step: Told what is being done.

    Raises:
        SetupError: There are too few questions.
    """
    if len(lessons) < LEAST_LESSONS:
        raise SetupError(
            f"{len(lessons)} questions are too few to learn from; give {LEAST_LESSONS} or more"
        )
    rng = random.Random(settings.seed)
    chosen = rng.sample(list(lessons), limit) if len(lessons) > limit else list(lessons)
    tried = [lesson for lesson in chosen if _is_tried(lesson)]
    learned = [lesson for lesson in chosen if not _is_tried(lesson)]
    if not tried or not learned:  # one article, or two: paragraphs then stand for articles
        learned, tried = chosen[: -len(chosen) // 5], chosen[-len(chosen) // 5 :]
    index = ParagraphIndex(list(dict.fromkeys(Paragraph(x.title, x.text) for x in chosen)))
    before = marks_of(tried, base)
    on_step(f"learning {len(learned):,} questions; {len(tried):,} on other articles are left out")
    sheets = make_sheets(_examples(learned, index), base, settings=settings)
    arrays = train_spans(
        sheets,
        settings,
        start=base.arrays,
        on_epoch=lambda epoch, loss: on_step(f"pass {epoch + 1}: loss {loss:.4f}"),
    )
    bare = replace(base, arrays={**base.arrays, **arrays})
    weights = _with_confidence(bare, tried, index)
    return Refined(
        weights=weights, learned=len(learned), before=before, after=marks_of(tried, weights)
    )


def marks_of(lessons: Sequence[Lesson], weights: Weights) -> Marks:
    """Return how well lessons are answered, at most 300 of them."""
    hits: list[float] = []
    overlaps: list[float] = []
    declined: list[bool] = []
    for lesson in lessons[:_MOST_MEASURED]:
        reading = read(lesson.question, (_source(lesson.title, lesson.text, 0),), weights)
        if not lesson.answers:
            declined.append(reading.is_declined)
            continue
        given = (reading.chosen.key if reading.chosen else "").split()
        truths = [answer_key(answer).split() for answer in lesson.answers]
        hits.append(float(given in truths))
        overlaps.append(max(overlap_of_words(given, truth) for truth in truths))
    return Marks(
        questions=len(lessons[:_MOST_MEASURED]),
        exact_match=_mean(hits),
        f1=_mean(overlaps),
        declined=_mean(declined),
    )


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _is_tried(lesson: Lesson) -> bool:
    return crc32(lesson.article.lower().encode("utf-8", "surrogatepass")) % _TRIED_SHARE == 0


def _source(title: str, text: str, number: int) -> Source:
    return Source(evidence_id=f"e{number}", title=title, text=text)


def _among_others(lesson: Lesson, index: ParagraphIndex) -> tuple[Source, ...]:
    """Return a lesson's paragraph among those that a search would find beside it."""
    own = Paragraph(lesson.title, lesson.text)
    found = [index.paragraphs[n] for n in index.search(lesson.question, limit=_NEIGHBOURS)]
    places = found if own in found else [*found[: _NEIGHBOURS - 1], own]
    return tuple(_source(title, text, n) for n, (title, text) in enumerate(places))


def _examples(lessons: Sequence[Lesson], index: ParagraphIndex) -> Iterable[Example]:
    """Yield what is learned: the paragraph alone, among others, and without its answer."""
    for number, lesson in enumerate(lessons):
        page = (_source(lesson.title, lesson.text, 0),)
        yield Example(question=lesson.question, answers=lesson.answers, sources=page)
        if number % 3 == 0:
            sources = _among_others(lesson, index)
            yield Example(question=lesson.question, answers=lesson.answers, sources=sources)
        if number % 4 == 1 and lesson.answers:
            bare = without_sentences(page, lesson.answers)
            yield Example(question=lesson.question, answers=(), sources=bare)


def _with_confidence(weights: Weights, lessons: Sequence[Lesson], index: ParagraphIndex) -> Weights:
    """Return weights whose confidences are fitted on lessons that were not learned.

    Sets of answers are promised for the settings that such lessons know: a page, and one search.
    """
    trials: list[Trial] = []
    answered: list[tuple[Setting, Trial]] = []
    for lesson in lessons:
        page = (_source(lesson.title, lesson.text, 0),)
        examples = [
            Example(question=lesson.question, answers=lesson.answers, sources=page),
            Example(
                question=lesson.question,
                answers=lesson.answers,
                sources=_among_others(lesson, index),
            ),
            Example(
                question=lesson.question,
                answers=(),
                sources=without_sentences(page, lesson.answers),
            ),
        ]
        examples = [each for each in examples if each.sources]
        made = [trial_of(each, weights) for each in examples]
        trials += [trial for trial in made if trial is not None]
        answered += [
            (setting_of(each.sources), trial)
            for each, trial in zip(examples, made, strict=True)
            if trial is not None and each.answers
        ]
    kinds = {trial.is_answerable for trial in trials}
    if len(trials) < _LEAST_TRIALS or len(kinds) < 2:
        return replace(weights, arrays={**weights.arrays, "set_out": fit_rules([])})
    gate = gate_of(trials)
    heat = heat_of(trials, gate)._replace(of_followed=float(weights.arrays["heat_out"][1]))
    rules = fit_rules(
        [
            (setting, float((chances(trial, heat, gate=gate) * trial.is_right).max()))
            for setting, trial in answered
        ]
    )
    arrays = {**weights.arrays, **heat.arrays, "gate_out": gate, "set_out": rules}
    return replace(weights, arrays=arrays, temperature=heat.usual)
