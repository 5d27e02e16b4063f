"""One of the two things that a question compares, and what the passages say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from .passages import WeighedPassage, title_stems
from .question import Question

_NOISE = frozenset("both same also common share either first".split())
_LEAST_MATCH = 0.5
_MATCH_ASIDE = 0.2
"""A passage that matches a name by so much less than the best is about something else."""
_PASSAGES_OF_SIDE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A sentence that a verdict rests on."""

    passage: int
    place: int
    emphasis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two things, with the passages about it."""

    name: str
    stems: frozenset[str]
    passages: tuple[int, ...]


def side_of(name: str, passages: Sequence[WeighedPassage]) -> Side:
    """Return a thing with the passages that are about it, best first."""
    stems = title_stems(name)
    matches = [(_match(stems, passage), -index) for index, passage in enumerate(passages)]
    least = max(_LEAST_MATCH, max(matches, default=(0.0, 0))[0] - _MATCH_ASIDE)
    best = sorted((m for m in matches if m[0] >= least), reverse=True)
    return Side(
        name=name,
        stems=stems,
        passages=tuple(-index for _, index in best[:_PASSAGES_OF_SIDE]),
    )


def _match(stems: frozenset[str], passage: WeighedPassage) -> float:
    """Return how well a passage is about a name: by its title, or by naming it."""
    if not stems or not passage.table.sentences:
        return 0.0
    shared = len(stems & passage.title_stems)
    by_title = 2 * shared / (len(stems) + len(passage.title_stems)) if shared else 0.0
    by_text = 0.55 if stems <= passage.table.stems else 0.0
    return max(by_title, by_text)


def fit_of(
    question: Question, passages: Sequence[WeighedPassage], side: Side, sides: Sequence[Side]
) -> float:
    """Return which share of what is asked a side's passages hold."""
    rest = asked_about(question, sides)
    total = sum(rest.values())
    if not total:
        return 0.0
    return max(
        (
            sum(w for s, w in rest.items() if s in passages[i].table.stems) / total
            for i in side.passages
        ),
        default=0.0,
    )


def asked_about(question: Question, sides: Sequence[Side]) -> dict[str, float]:
    """Return the weighted stems of what is asked about the two things."""
    named = frozenset[str]().union(*(side.stems for side in sides))
    return {s: w for s, w in question.weights.items() if s not in named and s not in _NOISE}


def lead_stems(passage: WeighedPassage) -> frozenset[str]:
    """Return the content stems of a passage's first sentence."""
    return frozenset(
        t.stem
        for t, place in zip(passage.table.tokens, passage.table.sentence.tolist(), strict=True)
        if place == 0 and t.is_word and not t.is_stop and not t.is_number and not t.is_month
    )


def lead_names(passage: WeighedPassage) -> frozenset[str]:
    """Return the capitalised words of a passage's first sentence, without its title."""
    return (
        frozenset(
            t.stem
            for t, place in zip(passage.table.tokens, passage.table.sentence.tolist(), strict=True)
            if place == 0 and t.is_capital and not t.is_stop and not t.is_month
        )
        - passage.title_stems
    )


def best_ground(question: Question, passages: Sequence[WeighedPassage], side: Side) -> Ground:
    """Return the sentence of a side that holds most of the question."""
    index = side.passages[0]
    held = [
        fsum(question.weights[s] for s in stems if s not in side.stems)
        for stems in passages[index].sentences
    ]
    return Ground(passage=index, place=held.index(max(held)) if held else 0)
