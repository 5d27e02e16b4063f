"""Queries: those that open a run, and those that follow names found in good passages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...text.words import STOP_WORDS, stem, words
from .knowledge import is_same_query
from .lexicon import MONTHS, PEOPLE_ENDINGS
from .measures import COMPARING
from .passages import WeighedPassage, link_keys, share, title_stems
from .question import Question
from .subjects import subjects_of

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
    """Return the queries that open a run: the question, and each subject of a comparison.

    A subject goes with the verb of the question, for a page about it may be cut into many parts.
    """
    subjects = subjects_of(question) or ()
    named = frozenset[str]().union(*(title_stems(name) for name in subjects))
    cues = set(question.cues) - named
    verbs = [t.lower for t in question.tokens if t.stem in cues and t.lower not in COMPARING]
    queries = [question.text, *(" ".join([name, *verbs[-1:]]) for name in subjects)]
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
    at_hand = {key for passage in passages for key in link_keys(passage.source.title)}
    found: dict[str, FollowUp] = {}
    for rank, passage in enumerate(passages[:_PASSAGES_FOLLOWED]):
        missing = _missing_words(question, passage)
        for name, closeness in _new_names(question, passage):
            key = name.lower()
            if key in at_hand:
                continue
            weight = (0.3 + passage.coverage) * (0.5 + closeness) * 0.9**rank
            if key not in found or found[key].weight < weight:
                query = " ".join([name, *missing])
                found[key] = FollowUp(query=query, weight=weight)
    ranked = sorted(found.values(), key=lambda follow: (-follow.weight, follow.query))
    kept: list[FollowUp] = []
    for follow in ranked:
        if not is_same_query(follow.query, [*tried, *(k.query for k in kept)]):
            kept.append(follow)
        if len(kept) == MOST_QUERIES:
            break
    return tuple(kept)


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


def _new_names(question: Question, passage: WeighedPassage) -> list[tuple[str, float]]:
    """Return names in a passage that the question does not name, each with its closeness.

    The closeness is the share of the question that the name's sentence covers, less for names
    that come late; the title counts as a sentence of its own.
    """
    stretches = [(passage.source.title, 0.3)]
    covered = [share(question, stems) for stems in passage.sentences]
    for span, held in zip(passage.table.sentences, covered, strict=True):
        stretches.append((passage.source.text[span.start : span.end], held))
    names: dict[str, float] = {}
    for text, held in stretches:
        for match in _NAME.finditer(text):
            name = _bare(match.group())
            if _is_worth_following(question, name):
                names.setdefault(name, held * 0.95 ** len(names))
        if len(names) >= _NAMES_OF_PASSAGE:
            break
    return list(names.items())[:_NAMES_OF_PASSAGE]


def _bare(name: str) -> str:
    """Return a name without what only opens its sentence: "On 24 March 1995 Kaiko" is Kaiko."""
    parts = name.strip(" .'’-").removesuffix("'s").removesuffix("’s").split()
    while parts and (parts[0].lower() in STOP_WORDS | MONTHS or parts[0].isdigit()):
        parts = parts[1:]
    return " ".join(parts)


def _is_worth_following(question: Question, name: str) -> bool:
    """Return whether a name is new, and more than a date or a nationality."""
    parts = [word for word in words(name) if word not in STOP_WORDS]
    stems = [stem(part) for part in parts]
    if not stems or len(stems) > _LONGEST_NAME or all(s in question.weights for s in stems):
        return False
    if all(part.isdigit() or part in MONTHS for part in parts):
        return False
    return not (len(parts) == 1 and parts[0].endswith(PEOPLE_ENDINGS))
