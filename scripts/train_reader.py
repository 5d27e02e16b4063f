"""Train the weights of the extractive reasoner on a folder of public reading sets.

    python scripts/train_reader.py FOLDER [--out WEIGHTS.npz] [--held-out FOLD --folds N]

Takes about ten minutes on one core; on a shared machine set OPENBLAS_NUM_THREADS=1.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from reading_sets import (
    Item,
    fold_of,
    read_hotpot,
    read_natural_questions,
    read_qamr,
    read_qed,
)

from sonde.models.extractive.calibration import Trial, gate_of, heat_of, trial_of
from sonde.models.extractive.case_training import train_cases
from sonde.models.extractive.followup import follow_ups, opening_queries
from sonde.models.extractive.negatives import without_passages, without_sentences
from sonde.models.extractive.paragraph_index import Paragraph as Page
from sonde.models.extractive.paragraph_index import ParagraphIndex
from sonde.models.extractive.passages import Source
from sonde.models.extractive.question import analyse_question
from sonde.models.extractive.relevance import rank_passages
from sonde.models.extractive.relevance_training import train_relevance
from sonde.models.extractive.scorer import Weights, save_weights
from sonde.models.extractive.sentence_training import train_sentences
from sonde.models.extractive.statistics import StemStatistics, count_stems
from sonde.models.extractive.tokens import FloatArray
from sonde.models.extractive.training import (
    Example,
    Settings,
    Sheet,
    make_sheets,
    merge_networks,
    train_spans,
)
from sonde.text.words import content_stems

OUT = Path(__file__).parent.parent / "sonde/models/extractive/weights.npz"
QAMR_QUESTIONS = 6_000
SHORTEST_QAMR = 13
NETWORKS, SCOUTS = 2, 3
OPENING_RESULTS, FOLLOWED_RESULTS = 8, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """All reading sets, with an index over the pages of each open one."""

    natural: list[Item]
    qed: list[Item]
    qamr: list[Item]
    hotpot: list[Item]
    natural_index: ParagraphIndex
    hotpot_index: ParagraphIndex
    statistics: StemStatistics


def load_library(folder: Path, *, limit: int | None = None) -> Library:
    """Return the reading sets of a folder, or the first questions of each."""
    natural, qed = read_natural_questions(folder)[:limit], read_qed(folder)[:limit]
    asked = {item.question for item in natural}
    hotpot, hotpot_pages = read_hotpot(folder)
    pages = list({item.page: item.page for item in natural if item.page is not None})
    return Library(
        natural=natural,
        qed=[item for item in qed if item.question not in asked],
        qamr=[item for item in read_qamr(folder) if len(item.question) >= SHORTEST_QAMR][:limit],
        hotpot=hotpot[:limit],
        natural_index=ParagraphIndex(pages),
        hotpot_index=ParagraphIndex(hotpot_pages),
        statistics=count_stems(
            content_stems(f"{page.title} {page.text}") for page in [*pages, *hotpot_pages]
        ),
    )


def source_of(page: Page, number: int, hop: int = 0) -> Source:
    """Return a page as a source."""
    return Source(evidence_id=f"e{number}", title=page.title, text=page.text, hop=hop)


def search(index: ParagraphIndex, queries: Sequence[str], *, limit: int) -> list[int]:
    """Return pages for several queries at once: the best of each first."""
    ranks: dict[int, int] = {}
    for query in queries:
        for rank, number in enumerate(index.search(query, limit=limit)):
            ranks[number] = min(rank, ranks.get(number, rank))
    return sorted(ranks, key=lambda number: ranks[number])[:limit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """What one question retrieves: by its opening queries, and with one round of follow-ups."""

    item: Item
    opening: tuple[Source, ...]
    followed: tuple[Source, ...]


def retrieve(
    item: Item, index: ParagraphIndex, weights: Weights, *, has_follow_up: bool = True
) -> Retrieved:
    """Return what a question retrieves in two rounds, or in the first alone."""
    question = analyse_question(item.question, weights.statistics)
    first = opening_queries(question)
    found = {
        n: source_of(index.paragraphs[n], n) for n in search(index, first, limit=OPENING_RESULTS)
    }
    opening = tuple(found.values())
    if not has_follow_up:
        return Retrieved(item=item, opening=opening, followed=opening)
    ranked = rank_passages(question, opening, weights.arrays)
    queries = [follow.query for follow in follow_ups(question, ranked, first)]
    for n in search(index, queries, limit=FOLLOWED_RESULTS):
        found.setdefault(n, source_of(index.paragraphs[n], n, hop=1))
    return Retrieved(item=item, opening=opening, followed=tuple(found.values()))


def is_span_question(item: Item) -> bool:
    """Return whether the answer is looked for in the text, and is not yes or no."""
    return not {answer.lower() for answer in item.answers} & {"yes", "no"}


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


def train(library: Library, *, held_out: int | None, folds: int, seed: int) -> Weights:
    """Return weights that saw nothing of one fold of the articles; None leaves out nothing.

    Relevance is learned first. Then a scout learns from two thirds of the articles and is tried
    on the last third, which is new to it, for each third in turn: on these trials the gate, the
    temperatures and the choice of a sentence are fitted. The scorer itself learns from all.
    """

    def is_open(item: Item) -> bool:
        return held_out is None or fold_of(item.article, folds) != held_out

    course = course_of(library, is_open, seed=seed)
    statistics = library.statistics
    bare = Weights(arrays={}, temperature=1.0, statistics=statistics)
    relevance = train_relevance(_relevance_examples(course, bare), statistics)
    ranked = replace(bare, arrays={"relevance_out": relevance})
    retrieved = _retrieve_all(course, ranked)
    settings = Settings(seed=seed)
    lessons = _lessons(course, retrieved, ranked, settings)
    tried = [_try_scout(third, lessons, retrieved, ranked, settings) for third in range(SCOUTS)]
    sheets = [lesson.sheet for lesson in lessons]
    networks = [
        train_spans(sheets, replace(settings, seed=settings.seed + number), on_epoch=_tell)
        for number in range(NETWORKS)
    ]
    trials = [trial for some, _ in tried for trial in some]
    gate = gate_of(trials)
    heat = heat_of(trials, gate)
    arrays = merge_networks(networks) | train_cases(_case_examples(retrieved), ranked)
    arrays |= {"relevance_out": relevance, "gate_out": gate}
    arrays["single_out"] = np.array([heat.of_single], np.float32)
    arrays["sentence_out"] = np.mean([sentences for _, sentences in tried], axis=0)
    return replace(bare, arrays=arrays, temperature=heat.usual)


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


def _try_scout(
    third: int,
    lessons: Sequence[Lesson],
    retrieved: Sequence[Retrieved],
    ranked: Weights,
    settings: Settings,
) -> tuple[list[Trial], FloatArray]:
    """Return how a scout fares on a third that it did not learn, and which sentences it picks."""
    sheets = [lesson.sheet for lesson in lessons if lesson.third != third]
    arrays = train_spans(sheets, replace(settings, seed=settings.seed + 10 + third))
    scout = replace(ranked, arrays={**ranked.arrays, **arrays})
    found = [f for f in retrieved if third_of(f.item) == third and is_span_question(f.item)]
    examples = [each for number, f in enumerate(found) for each in _trial_examples(f, number)]
    made = [trial_of(each, scout, importance=weight) for each, weight in examples]
    sentences = train_sentences([example(f.item, f.followed) for f in found], scout)
    return [trial for trial in made if trial is not None], sentences


def _trial_examples(found: Retrieved, number: int) -> Iterable[tuple[Example, float]]:
    """Return what a scout is tried on, with weights for the gate.

    People mostly ask what their documents hold: answerable examples weigh more. The three sorts
    of unanswerable ones: the pages that answer are missing, the sentences that answer are
    missing, and the same for a question's own page alone.
    """
    item = found.item
    yield example(item, found.followed), 3.0
    yield _unanswerable(item, without_passages(found.followed, item.answers)), 1.5
    if number % 2:
        yield _unanswerable(item, without_sentences(found.followed, item.answers)), 1.0
    if item.page is not None:
        page = (source_of(item.page, 0),)
        yield example(item, page), 1.5
        yield _unanswerable(item, without_sentences(page, item.answers)), 1.0


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
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, help="questions of each set, to try the script out")
    args = parser.parse_args()
    library = load_library(args.folder, limit=args.limit)
    weights = train(library, held_out=args.held_out, folds=args.folds, seed=args.seed)
    data = save_weights(weights)
    args.out.write_bytes(data)
    print(f"{args.out}: {len(data) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
