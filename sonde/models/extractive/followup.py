"""Queries: those that open a run, and those that follow names found in good passages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...text.words import STOP_WORDS, stem, words
from .comparison import subjects_of
from .knowledge import is_same_query
from .passages import WeighedPassage
from .question import Question

MOST_QUERIES = 8
_NAME = re.compile(
    r"(?:[A-ZÀ-ÖØ-Þ][\w’'-]*\.?|\d+(?=\s+[A-Z]))"
    r"(?:(?:\s+(?:of|the|de|and|von|van|for|la|du|&|in)){0,2}\s+(?:[A-ZÀ-ÖØ-Þ][\w’'-]*|\d+))*"
)
_PASSAGES_FOLLOWED = 5
_NAMES_OF_PASSAGE = 14
_LONGEST_NAME = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A query that follows a name."""

    query: str
    """The words to search for."""
    weight: float
    """How promising it is; comparable within one round."""


def opening_queries(question: Question) -> tuple[str, ...]:
    """Return the queries that open a run: the question, and each subject of a comparison."""
    subjects = subjects_of(question)
    queries = [question.text, *(subjects or ())]
    unique: list[str] = []
    for query in queries:
        if query.strip() and not is_same_query(query, unique):
            unique.append(query.strip())
    return tuple(unique[:MOST_QUERIES])


def follow_ups(
    question: Question, passages: Sequence[WeighedPassage], tried: Sequence[str]
) -> tuple[FollowUp, ...]:
    """Return queries that join a name from a passage with what that passage leaves uncovered.

    Args:
        question: The question.
        passages: Passages, most relevant first.
        tried: Queries already made; none of them comes back.
    """
    found: dict[str, FollowUp] = {}
    for rank, passage in enumerate(passages[:_PASSAGES_FOLLOWED]):
        missing = _missing_words(question, passage)
        for place, name in enumerate(_new_names(question, passage)):
            weight = (0.4 + passage.coverage) * 0.93**place * 0.9**rank
            key = name.lower()
            if key not in found or found[key].weight < weight:
                query = " ".join([name, *missing])
                found[key] = FollowUp(query=query, weight=weight)
    ranked = sorted(found.values(), key=lambda follow: (-follow.weight, follow.query))
    kept: list[FollowUp] = []
    for follow in ranked:
        if not is_same_query(follow.query, [*tried, *(k.query for k in kept)]):
            kept.append(follow)
    return tuple(kept[:MOST_QUERIES])


def _missing_words(question: Question, passage: WeighedPassage) -> list[str]:
    """Return the words of the question whose stems a passage does not hold, in order."""
    missing = [
        token.lower
        for token in question.tokens
        if token.stem in question.weights
        and token.stem not in passage.table.stems
        and token.stem not in passage.title_stems
    ]
    return list(dict.fromkeys(missing))


def _new_names(question: Question, passage: WeighedPassage) -> list[str]:
    """Return names in a passage that the question does not name, in order, titles first."""
    text = f"{passage.source.title}. {passage.source.text}"
    names: list[str] = []
    for match in _NAME.finditer(text):
        name = match.group().strip(" .'’-")
        stems = [stem(word) for word in words(name) if word not in STOP_WORDS]
        if not stems or len(stems) > _LONGEST_NAME or all(s in question.weights for s in stems):
            continue
        if name.lower() not in (n.lower() for n in names):
            names.append(name)
        if len(names) >= _NAMES_OF_PASSAGE:
            break
    return names
