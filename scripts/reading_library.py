"""The public reading sets with an index over each, and what a question retrieves from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reading_sets import Item, read_hotpot, read_natural_questions, read_qamr, read_qed

from sonde.models.extractive.followup import follow_ups, opening_queries
from sonde.models.extractive.paragraph_index import Paragraph as Page
from sonde.models.extractive.paragraph_index import ParagraphIndex
from sonde.models.extractive.passages import Source
from sonde.models.extractive.question import analyse_question
from sonde.models.extractive.relevance import rank_passages
from sonde.models.extractive.scorer import Weights
from sonde.models.extractive.statistics import StemStatistics, count_stems
from sonde.text.words import content_stems

SHORTEST_QAMR = 13
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
