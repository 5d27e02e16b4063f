"""Train the weights of the extractive reasoner on a folder of public reading sets.

    python scripts/train_reader.py FOLDER [--out WEIGHTS.npz] [--held-out FOLD --folds N]
    python scripts/train_reader.py FOLDER --scouts HELD0.npz HELD1.npz [--refit WEIGHTS.npz]

Takes about ten minutes on one core; on a shared machine set OPENBLAS_NUM_THREADS=1. With the
weights of all folds as scouts, each tried on the fold that it left out, none is trained anew; with
--refit the networks of a file stay, and only what the scouts teach is fitted: two minutes.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reader_scouts import Quiz, Scout, with_confidence
from reading_library import (
    Library,
    Retrieved,
    is_span_question,
    load_library,
    retrieve,
    source_of,
)
from reading_sets import Item, fold_of

from sonde.models.extractive.case_training import train_cases
from sonde.models.extractive.negatives import without_passages, without_sentences
from sonde.models.extractive.passages import Source
from sonde.models.extractive.relevance_training import train_relevance
from sonde.models.extractive.scorer import Weights, read_weights, save_weights
from sonde.models.extractive.training import (
    Example,
    Settings,
    Sheet,
    make_sheets,
    merge_networks,
    train_spans,
)

OUT = Path(__file__).parent.parent / "sonde/models/extractive/weights.npz"
QAMR_QUESTIONS = 6_000
NETWORKS, SCOUTS = 2, 3


def example(item: Item, sources: tuple[Source, ...], *, is_answerable: bool = True) -> Example:
    """Return an item as an example for the trainer."""
    answers = item.answers if is_answerable else ()
    return Example(question=item.question, answers=answers, sources=sources)


def _unanswerable(item: Item, sources: tuple[Source, ...]) -> Example:
    return example(item, sources, is_answerable=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Everything that one training run learns from."""

    library: Library
    natural: list[Item]
    hotpot: list[Item]
    """Two-hop questions and comparisons, yes/no questions too."""
    paged: list[Item]
    """Questions that come with their own page: QED and a sample of QAMR."""


def course_of(library: Library, keep: Callable[[Item], bool], *, seed: int) -> Course:
    """Return the course over the articles that are kept, and a sample of QAMR's sentences."""
    rng = random.Random(seed)
    sample = rng.sample(library.qamr, min(QAMR_QUESTIONS, len(library.qamr)))
    return Course(
        library=library,
        natural=[item for item in library.natural if keep(item)],
        hotpot=[item for item in library.hotpot if keep(item)],
        paged=[item for item in library.qed if keep(item)] + sample,
    )


def train(
    library: Library,
    *,
    held_out: int | None,
    folds: int,
    seed: int,
    scouts: Sequence[Weights] = (),
) -> Weights:
    """Return weights that saw nothing of one fold of the articles; None leaves out nothing.

    Relevance is learned first. Then a scout learns from two thirds of the articles and is tried
    on the last third, which is new to it, for each third in turn: on these trials the gate, the
    temperatures, the order of what is shown and the sets of answers are fitted. The scorer itself
    learns from all.

    Args:
        library: The reading sets.
        held_out: The fold that is left out.
        folds: How many there are.
        seed: Where chance begins.
        scouts: Weights that left out a fold each, to be tried on that fold.
    """

    def is_open(item: Item) -> bool:
        return held_out is None or fold_of(item.article, folds) != held_out

    course = course_of(library, is_open, seed=seed)
    bare = Weights(arrays={}, temperature=1.0, statistics=library.statistics)
    relevance = train_relevance(_relevance_examples(course, bare), library.statistics)
    ranked = replace(bare, arrays={"relevance_out": relevance})
    retrieved = _retrieve_all(course, ranked)
    settings = Settings(seed=seed)
    lessons = _lessons(course, retrieved, ranked, settings)
    sheets = [lesson.sheet for lesson in lessons]
    networks = [
        train_spans(sheets, replace(settings, seed=settings.seed + number), on_epoch=_tell)
        for number in range(NETWORKS)
    ]
    arrays = merge_networks(networks) | train_cases(_case_examples(retrieved), ranked)
    weights = replace(ranked, arrays={**ranked.arrays, **arrays})
    if scouts:
        return with_confidence(weights, scouts_of_folds(scouts, retrieved))
    own = [_scout(third, lessons, retrieved, ranked, settings) for third in range(SCOUTS)]
    return with_confidence(weights, own)


def refit(library: Library, weights: Weights, scouts: Sequence[Weights], *, seed: int) -> Weights:
    """Return weights over all articles with all that scouts teach fitted anew."""
    course = course_of(library, lambda _: True, seed=seed)
    ranked = replace(weights, arrays={"relevance_out": weights.arrays["relevance_out"]})
    retrieved = _retrieve_all(course, ranked)
    weights = replace(weights, statistics=library.statistics)
    return with_confidence(weights, scouts_of_folds(scouts, retrieved))


def scouts_of_folds(scouts: Sequence[Weights], retrieved: Sequence[Retrieved]) -> list[Scout]:
    """Return weights that left out a fold each, with the questions of that fold."""
    return [
        Scout(
            weights=weights,
            quizzes=quizzes_of(
                f for f in retrieved if fold_of(f.item.article, len(scouts)) == number
            ),
        )
        for number, weights in enumerate(scouts)
    ]


def quizzes_of(found: Iterable[Retrieved]) -> list[Quiz]:
    """Return what a scout is tried on: questions whose follow-ups were made.

    Verdicts on yes and no are none of its business.
    """
    return [
        Quiz(
            question=f.item.question,
            answers=f.item.answers,
            opening=f.opening,
            followed=f.followed,
            page=(source_of(f.item.page, 0),) if f.item.page is not None else (),
        )
        for f in found
        if is_span_question(f.item) and f.followed != f.opening
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One sheet of the trainer, and which third of the articles it belongs to."""

    sheet: Sheet
    third: int


def third_of(item: Item) -> int:
    """Return the third of an article, whatever its fold is."""
    return fold_of(f"third of {item.article}", SCOUTS)


def _lessons(
    course: Course, retrieved: Sequence[Retrieved], weights: Weights, settings: Settings
) -> list[Lesson]:
    lessons: list[Lesson] = []
    for item, each in _span_examples(course, retrieved):
        for sheet in make_sheets([each], weights, settings=settings):
            lessons.append(Lesson(sheet=sheet, third=third_of(item)))
    return lessons


def _scout(
    third: int,
    lessons: Sequence[Lesson],
    retrieved: Sequence[Retrieved],
    ranked: Weights,
    settings: Settings,
) -> Scout:
    """Return a scout that did not learn a third, with the questions of that third."""
    sheets = [lesson.sheet for lesson in lessons if lesson.third != third]
    arrays = train_spans(sheets, replace(settings, seed=settings.seed + 10 + third))
    return Scout(
        weights=replace(ranked, arrays={**ranked.arrays, **arrays}),
        quizzes=quizzes_of(f for f in retrieved if third_of(f.item) == third),
    )


def _retrieve_all(course: Course, weights: Weights) -> list[Retrieved]:
    library = course.library
    found = [
        retrieve(item, library.natural_index, weights, has_follow_up=number % 4 < 2)
        for number, item in enumerate(course.natural)
    ]
    return found + [retrieve(item, library.hotpot_index, weights) for item in course.hotpot]


def _relevance_examples(course: Course, weights: Weights) -> list[Example]:
    """Return two-hop questions, and every third of the far more numerous single-hop ones."""
    library = course.library
    return [
        example(item, retrieve(item, index, weights).followed)
        for items, index in (
            (course.natural[::3], library.natural_index),
            (course.hotpot, library.hotpot_index),
        )
        for item in items
        if is_span_question(item)
    ]


def _span_examples(
    course: Course, retrieved: Iterable[Retrieved]
) -> Iterable[tuple[Item, Example]]:
    for number, item in enumerate([*course.natural, *course.paged]):
        if item.page is not None:
            page = (source_of(item.page, number),)
            yield item, example(item, page)
            if item.page.title and number % 3 == 0:
                bare = without_sentences(page, item.answers)
                yield item, _unanswerable(item, bare)
    for number, found in enumerate(found for found in retrieved if is_span_question(found.item)):
        for each in _open_examples(found, number):
            yield found.item, each


def _case_examples(retrieved: Iterable[Retrieved]) -> list[Example]:
    return [example(found.item, found.followed) for found in retrieved if found.item.page is None]


def _open_examples(found: Retrieved, number: int) -> Iterable[Example]:
    item = found.item
    if item.page is None:
        yield example(item, found.followed)
        if number % 2:
            yield example(item, found.opening)
    else:
        yield example(item, found.followed if number % 4 == 0 else found.opening)
    if number % 4 == 1:
        sources = found.followed if number % 8 == 1 else found.opening
        lacking = without_passages(sources, item.answers)
        yield _unanswerable(item, lacking)
    if number % 4 == 2:
        bare = without_sentences(found.followed, item.answers)
        yield _unanswerable(item, bare)


def _tell(epoch: int, loss: float) -> None:
    print(f"epoch {epoch + 1}: loss {loss:.4f}", file=sys.stderr, flush=True)


def main() -> None:
    """Train, and write the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder of the reading sets")
    parser.add_argument("--out", type=Path, default=OUT, help="where the weights go")
    parser.add_argument("--held-out", type=int, default=None, help="fold to leave out")
    parser.add_argument("--folds", type=int, default=2, help="number of folds")
    parser.add_argument(
        "--scouts", type=Path, nargs="+", default=(), help="weights that left out a fold each"
    )
    parser.add_argument("--refit", type=Path, help="weights whose networks stay; needs --scouts")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, help="questions of each set, to try the script out")
    args = parser.parse_args()
    library = load_library(args.folder, limit=args.limit)
    scouts = [read_weights(path.read_bytes()) for path in args.scouts]
    if args.refit is not None:
        kept = read_weights(args.refit.read_bytes())
        weights = refit(library, kept, scouts, seed=args.seed)
    else:
        weights = train(
            library, held_out=args.held_out, folds=args.folds, seed=args.seed, scouts=scouts
        )
    data = save_weights(weights)
    args.out.write_bytes(data)
    print(f"{args.out}: {len(data) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
