"""The next question of a game, from the answers so far alone: nothing is kept between two calls."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from ...records.bits import bits
from ...records.errors import SetupError
from .fact_table import FactTable
from .guessing import MOST_QUESTIONS, SURE_AT, Game, Question, game_policy

NOISE = 0.03
"""Chance that an answer is wrong, where none is given."""
_LEADERS = 8
_SHOWN = 5
_UNKNOWN = frozenset({"", "?", "unknown", "don't know", "dont know", "pass"})


@dataclass(frozen=True, kw_only=True)  # no slots: `mcp` takes their descriptors for defaults
class Advice:
    """What to ask next, or what is meant."""

    item: str | None
    """The item that is meant; None as long as none is likely enough."""
    question: str | None
    """What to ask next; None where an item is found, or no question tells more."""
    options: tuple[str, ...]
    """What may be answered; `?` is always understood as not known."""
    gain_nats: float | None
    """By how much the answer is expected to lower the entropy, in nats."""
    why: str
    """Why this is asked, or why nothing is."""
    entropy_nats: float
    """Entropy of the belief in nats."""
    likeliest: Mapping[str, float]
    """The likeliest items with their probabilities."""
    in_play: int
    """Items that are at least a hundredth as likely as the likeliest."""
    notes: tuple[str, ...]
    """What is peculiar about the table, or about the answers."""


def advise(table: FactTable, answers: Mapping[str, str], *, noise: float = NOISE) -> Advice:
    """Return the question of highest expected information gain, or the item that is meant.

    Args:
        table: The facts.
        answers: By question, as it was asked, or by the heading of its column.
        noise: Chance that an answer is wrong.

    Raises:
        SetupError: A question is not of the table, an answer is none of its values, or the noise is
            no share below one.
    """
    policy = game_policy("gain", table, noise=noise, seed=0)
    game = Game.start(table, policy, noise=noise)
    for question, said in answers.items():
        column = _column(table, question)
        if column in {each for each, _ in game.asked}:
            raise SetupError(f"{question!r} is answered twice; give one answer")
        game = game.answered(column, _value(table, column, said))
    question = game.next_question()
    item, probability = game.best
    column = None if question is None else table.columns[question.column]
    return Advice(
        item=item if probability >= SURE_AT else None,
        question=None if column is None else column.question,
        options=() if column is None else column.values,
        gain_nats=None if question is None else question.gain,
        why=_why_none(game) if question is None else _why(game, question),
        entropy_nats=max(0.0, game.entropies[-1]),
        likeliest={name: round(chance, 6) for name, chance in game.leaders(_LEADERS)},
        in_play=game.in_play,
        notes=(*table.notes, *([game.belief.note] if game.belief.note else [])),
    )


def _column(table: FactTable, question: str) -> int:
    asked = table.column_of(question)
    if asked is not None:
        return asked
    names = {column.name.casefold(): place for place, column in enumerate(table.columns)}
    plain = question.strip().casefold()
    if plain in names:
        return names[plain]
    near = difflib.get_close_matches(plain, names, n=3, cutoff=0.4) or list(names)[:3]
    told = ", ".join(repr(table.columns[names[each]].question) for each in near)
    raise SetupError(
        f"the table {table.name!r} has no question {question!r}; it has, for example: {told}"
    )


def _value(table: FactTable, column: int, said: str) -> int | None:
    if said.strip().casefold() in _UNKNOWN:
        return None
    about = table.columns[column]
    value = about.value_of(said)
    if value is None:
        raise SetupError(
            f"{said!r} is no answer to {about.name!r}; give {', '.join(about.values)}, or ? if it "
            "is not known"
        )
    return value


def _why(game: Game, question: Question) -> str:
    values = game.table.columns[question.column].values
    pairs = sorted(zip(values, question.chances, strict=True), key=lambda pair: -pair[1])
    split = ", ".join(f"{value} {chance:.0%}" for value, chance in pairs[:_SHOWN])
    rival = "" if question.next_gain is None else f", the next best {bits(question.next_gain):.2f}"
    return f"expected to bring {bits(question.gain):.2f} bits{rival}; expected answers: {split}"


def _why_none(game: Game) -> str:
    item, probability = game.best
    if probability >= SURE_AT:
        return f"{item} is held {probability:.1%} likely, and is named from {SURE_AT:.0%} on"
    if len(game.asked) >= MOST_QUESTIONS:
        return f"{MOST_QUESTIONS} questions were asked, and no item reached {SURE_AT:.0%}"
    told = ", ".join(f"{name} {chance:.0%}" for name, chance in game.leaders(_SHOWN))
    return f"no further question tells these apart: {told}"
