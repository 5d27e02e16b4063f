"""The suite `twenty-questions`: find the thing that a person thinks of, out of a table."""

import csv
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..facts.names import Names
from ..folder import NewTask, write_suite

SIZE = 60
"""Tasks of the suite as it ships."""
_PATIENCE = 30
_QUESTIONS = """
Is it larger than a loaf of bread?|Is it heavier than a bucket of water?|Is it made of metal?
Is it made of wood?|Is it older than a hundred years?|Can it be eaten?|Does it float on water?
Does it make a sound?|Is it found indoors?|Is it found near the sea?|Does it need electricity?
Is it alive?|Does it have legs?|Does it have wheels?|Is it mainly red?|Is it mainly green?
Is it round?|Is it soft?|Does it break easily?|Is it used every day?|Is it used by children?
Is it expensive?|Does it smell?|Can it be folded?|Can one person carry it?|Does it move by itself?
Is it transparent?|Does it have a handle?|Is it sharp?|Does it hold liquids?|Is it hot when in use?
Is it part of something else?|Was it invented in the last century?|Is it used at night?
Does it grow?|Is it worn on the body?|Does it need fuel?|Is it found in a kitchen?
Does it come in pairs?|Can it be repaired?
"""
_ASKED = tuple(line.strip() for line in _QUESTIONS.replace("|", "\n").strip().splitlines())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Game:
    """How one level is played."""

    level: str
    items: int
    questions: int
    noise: float


_GAMES = (
    _Game(level="1", items=20, questions=20, noise=0.0),
    _Game(level="2", items=60, questions=40, noise=0.0),
    _Game(level="3", items=30, questions=40, noise=0.1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """A table of things by questions."""

    name: str
    headings: tuple[str, ...]
    rows: Mapping[str, tuple[bool, ...]]

    def as_csv(self) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("thing", *self.headings))
        for name, cells in self.rows.items():
            writer.writerow((name, *("yes" if cell else "no" for cell in cells)))
        return text.getvalue().encode()


def write_twenty_questions(folder: Path, seed: int, size: int) -> None:
    """Write the suite into a folder: three levels in turn, a table for each as long as it lasts."""
    rng = random.Random(f"twenty-questions {seed}")
    names = Names(rng)
    hands: dict[str, list[tuple[_Facts, str]]] = {game.level: [] for game in _GAMES}
    tables: dict[str, bytes] = {}
    tasks: list[NewTask] = []
    for number in range(size):
        game = _GAMES[number % len(_GAMES)]
        hand = hands[game.level]
        if not hand:
            facts = _table(rng, names, game, f"things-{len(tables) + 1}.csv")
            tables[facts.name] = facts.as_csv()
            hand.extend((facts, thing) for thing in rng.sample(list(facts.rows), game.items))
        facts, thing = hand.pop()
        tasks.append(_task(rng, game, facts, thing, f"twenty-questions-{number + 1:04}"))
    write_suite(
        folder,
        name="twenty-questions",
        scorer="gaia",
        tasks=tasks,
        shared=tables,
        answerer="knows-table",
    )


def _task(rng: random.Random, game: _Game, facts: _Facts, thing: str, task_id: str) -> NewTask:
    noise = (
        f" About one in {round(1 / game.noise)} of my answers is wrong, and asking the same again "
        "brings the same answer."
        if game.noise
        else ""
    )
    return NewTask(
        id=task_id,
        input=(
            f"I am thinking of one of the {game.items} things in the attached table. Ask me "
            f"questions of yes or no, one at a time, up to {_PATIENCE} of them; the headings of "
            f"the table are questions that I know the answer to.{noise} Which thing is it? Answer "
            "with its name."
        ),
        target=(thing,),
        level=game.level,
        cluster=facts.name,
        shared=(facts.name,),
        metadata={
            "kind": "noisy" if game.noise else "exact",
            "patience": _PATIENCE,
            "noise": game.noise,
            "misled": list(_misled(rng, game, facts, thing)),
        },
    )


def _table(rng: random.Random, names: Names, game: _Game, name: str) -> _Facts:
    """Return things of which any two differ in at least two answers."""
    headings = tuple(rng.sample(_ASKED, game.questions))
    shares = [rng.uniform(0.2, 0.8) for _ in headings]
    rows: dict[str, tuple[bool, ...]] = {}
    while len(rows) < game.items:
        cells = tuple(rng.random() < share for share in shares)
        if all(_differing(cells, other) >= 2 for other in rows.values()):
            rows[names.word()] = cells
    return _Facts(name=name, headings=headings, rows=rows)


def _misled(rng: random.Random, game: _Game, facts: _Facts, thing: str) -> Sequence[str]:
    """Return the headings that are answered wrongly.

    They are drawn until all answers together still fit the thing better than any other.
    """
    truth = facts.rows[thing]
    while True:
        flipped = tuple(rng.random() < game.noise for _ in facts.headings)
        said = tuple(cell != flip for cell, flip in zip(truth, flipped, strict=True))
        mine = _differing(said, truth)
        others = [_differing(said, row) for name, row in facts.rows.items() if name != thing]
        if mine < min(others):
            return [h for h, flip in zip(facts.headings, flipped, strict=True) if flip]


def _differing(one: Sequence[bool], other: Sequence[bool]) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))
