"""Passages as the reader weighs them: what each covers of the question, alone and with another."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import fsum

from ...text.words import content_stems, without_accents
from .question import Question
from .tokens import TokenTable, token_table

_PARENTHESIS = re.compile(r"\s*\([^)]*\)\s*$")
_JOINT = re.compile(r"\s+and\s+|\s*[:,–—]\s+")
_SHORTEST_LINK = 4
"""Titles of fewer characters are found everywhere by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A stretch of text that may bear the answer."""

    evidence_id: str
    """Its id in the evidence store."""
    title: str
    """Title of its document."""
    text: str
    """Its very words."""
    hop: int = 0
    """How many follow-up searches led to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedPassage:
    """A source with what it covers of a question. Shares are of the question's weight, 0 to 1."""

    source: Source
    """The source."""
    table: TokenTable
    """Its tokens."""
    title_stems: frozenset[str]
    """Stems of the title."""
    coverage: float
    """Share that the text and the title hold."""
    title_coverage: float
    """Share that the title holds."""
    title_overlap: float
    """Share of the title's own stems that the question names."""
    sentences: tuple[frozenset[str], ...]
    """For each sentence the stems of the question that it holds."""
    best_sentence: float
    """Largest share that one sentence with the title holds."""
    bigrams: float
    """Share of the question's word pairs that stand in the text."""
    partner: int | None
    """Index of the passage that, linked by a title, adds most to the coverage."""
    partner_coverage: float
    """Share that this passage and its partner hold together."""
    is_linked: bool
    """Whether another passage names this one's title."""
    names_other: bool
    """Whether it names the title of another passage."""
    relevance: float = 0.0
    """Probability that it is the one that bears the answer, before any span is read."""


def weigh_passages(question: Question, sources: Sequence[Source]) -> list[WeighedPassage]:
    """Return what each source covers of the question, in the order of the sources."""
    tables = [token_table(source.text) for source in sources]
    titles = [title_stems(source.title) for source in sources]
    held = [
        frozenset(s for s in question.weights if s in table.stems or s in title)
        for table, title in zip(tables, titles, strict=True)
    ]
    links = _links(sources)
    return [
        _weigh(
            question, index, sources=sources, tables=tables, titles=titles, held=held, links=links
        )
        for index in range(len(sources))
    ]


def _weigh(
    question: Question,
    index: int,
    *,
    sources: Sequence[Source],
    tables: Sequence[TokenTable],
    titles: Sequence[frozenset[str]],
    held: Sequence[frozenset[str]],
    links: Sequence[frozenset[int]],
) -> WeighedPassage:
    own = share(question, held[index])
    linked_by = {other for other in range(len(sources)) if index in links[other]}
    joint = {
        other: share(question, held[index] | held[other]) for other in linked_by | links[index]
    }
    partner = max(joint, key=lambda other: (joint[other], -other), default=None)
    title = titles[index]
    sentences = _held_by_sentence(question, tables[index])
    named = [stem for stem in title if stem in question.weights]
    return WeighedPassage(
        source=sources[index],
        table=tables[index],
        title_stems=title,
        coverage=own,
        title_coverage=share(question, frozenset(named)),
        title_overlap=len(named) / max(1, len(title)),
        best_sentence=max((share(question, s | title) for s in sentences), default=0.0),
        sentences=sentences,
        bigrams=_bigrams(question, tables[index]),
        partner=partner,
        partner_coverage=joint[partner] if partner is not None else own,
        is_linked=bool(linked_by),
        names_other=bool(links[index]),
    )


def share(question: Question, stems: frozenset[str]) -> float:
    """Return the share of the question's weight that some stems hold.

    The sum is exact: a set has no order, and a score must not hang on the one it is walked in.
    """
    return fsum(question.weights.get(stem, 0.0) for stem in stems) / question.total


@lru_cache(maxsize=4_096)
def title_stems(title: str) -> frozenset[str]:
    """Return the stems of a title."""
    return frozenset(content_stems(title))


def link_key(title: str) -> str:
    """Return the words by which other texts name a document: its title, bare.

    >>> link_key("Mercury (planet)"), link_key("The Trieste")
    ('mercury', 'trieste')
    """
    return without_accents(_PARENTHESIS.sub("", title)).strip().lower().removeprefix("the ")


def link_keys(title: str) -> frozenset[str]:
    """Return the title's words, and those of each longer name that it joins to others.

    >>> sorted(link_keys("Edward Forbes and the Lifeless Deep"))
    ['edward forbes', 'edward forbes and the lifeless deep', 'lifeless deep']
    """
    whole = link_key(title)
    parts = (part.removeprefix("the ").strip() for part in _JOINT.split(whole))
    keys = {whole, *(part for part in parts if " " in part)}
    return frozenset(key for key in keys if len(key) >= _SHORTEST_LINK)


def _links(sources: Sequence[Source]) -> list[frozenset[int]]:
    """Return for each source the indices of those whose title its text names."""
    keys = [link_keys(source.title) for source in sources]
    bodies = [without_accents(source.text).lower() for source in sources]
    return [
        frozenset(
            other
            for other, names in enumerate(keys)
            if names != keys[index] and any(name in body for name in names)
        )
        for index, body in enumerate(bodies)
    ]


def _bigrams(question: Question, table: TokenTable) -> float:
    if not question.bigrams:
        return 0.0
    stems = [token.stem for token in table.tokens]
    found = question.bigrams & set(pairwise(stems))
    return len(found) / len(question.bigrams)


def _held_by_sentence(question: Question, table: TokenTable) -> tuple[frozenset[str], ...]:
    held: list[set[str]] = [set() for _ in table.sentences]
    places: list[int] = table.sentence.tolist()
    for token, place in zip(table.tokens, places, strict=True):
        if token.stem in question.weights:
            held[place].add(token.stem)
    return tuple(frozenset(stems) for stems in held)


def uncovered(question: Question, passages: Sequence[WeighedPassage], index: int) -> frozenset[str]:
    """Return the stems of the question that a passage's partner does not hold."""
    partner = passages[index].partner
    if partner is None:
        return frozenset(question.weights)
    other = passages[partner]
    return frozenset(
        s for s in question.weights if s not in other.table.stems and s not in other.title_stems
    )
