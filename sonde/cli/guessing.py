"""`guess`: a game with a person or with a simulated answerer, or many games compared."""

import difflib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markup import escape

from ..models.exact.fact_table import MISSING, FactTable
from ..models.exact.guessing import POLICIES, Game, Question, game_policy, simulate
from ..models.exact.reading import read_fact_table
from ..records.errors import SetupError
from .exits import ExitCode
from .figures import count, information, percent
from .guess_chart import simulation_in_words
from .guess_view import game_view, why_in_words
from .printable import one_line
from .screen import say, write_out


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessWishes:
    """What a person asked for."""

    table: Path | None
    """File of the table; None is the one that ships."""
    policy: str
    """The query policy."""
    noise: float
    """Chance that an answer is wrong."""
    item: str | None
    """What a simulated answerer has in mind."""
    simulate: int | None
    """Games to simulate."""
    seed: int
    """Seed of all luck."""


class _Stopped(Exception):
    """The person does not want to go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What was answered."""

    value: int | None
    """The number of a value; None is not known."""
    is_wrong: bool = False
    """Whether a simulated answerer erred on purpose."""


Answer = Callable[[Question, Game], Reply]
"""Answers a question."""


def play_guess(wishes: GuessWishes) -> ExitCode:
    """Play, and return the exit code.

    Raises:
        SetupError: The table, the item or the noise cannot be used.
    """
    table = read_fact_table(wishes.table)
    for note in table.notes if wishes.table is not None else ():  # nobody mends the shipped one
        say(f"note: {note}")
    if wishes.simulate is not None:
        found = simulate(
            table, POLICIES, games=wishes.simulate, noise=wishes.noise, seed=wishes.seed
        )
        write_out(simulation_in_words(table, found, noise=wishes.noise))
        return ExitCode.ANSWERED
    policy = game_policy(wishes.policy, table, noise=wishes.noise, seed=wishes.seed)
    game = Game.start(table, policy, noise=wishes.noise)
    answer = _person if wishes.item is None else _simulated(table, wishes)
    screen = Console(highlight=False, emoji=False)
    try:
        game = _play(game, answer, screen, is_live=sys.stdout.isatty() and wishes.item is None)
    except (_Stopped, EOFError):
        say("stopped; nothing was guessed")
        return ExitCode.ABSTAINED
    _tell_end(game, screen)
    return ExitCode.ANSWERED


def _play(game: Game, answer: Answer, screen: Console, *, is_live: bool) -> Game:
    """Ask until an item is likely enough; a terminal sees the belief shrink between questions."""
    _greet(game, screen, is_live=is_live)
    while (question := game.next_question()) is not None:
        if is_live:
            screen.clear()
            screen.print(game_view(game))
        column = game.table.columns[question.column]
        screen.print(f"[dim]{why_in_words(game, question)}[/dim]")
        screen.print(f"[bold]{len(game.asked) + 1}. {one_line(column.question)}[/bold]")
        reply = answer(question, game)
        if reply.value is None:
            screen.print("   not known; it is not asked again")
        elif not is_live:
            mark = "  [yellow](wrong on purpose: --noise)[/yellow]" if reply.is_wrong else ""
            screen.print(f"   {escape(column.values[reply.value])}{mark}")
        before = game.belief.note
        game = game.answered(question.column, reply.value)
        if game.belief.note is not None and game.belief.note != before:
            screen.print(f"[yellow]{game.belief.note}[/yellow]")
    if is_live:
        screen.clear()
    screen.print(game_view(game))
    return game


def _greet(game: Game, screen: Console, *, is_live: bool) -> None:
    if is_live:
        return
    screen.print(
        f"{count(len(game.table.items), 'item')} of {one_line(game.table.name)}, "
        f"{count(len(game.table.columns), 'attribute')}, "
        f"{information(game.entropies[0])} to find"
    )


def _person(question: Question, game: Game) -> Reply:
    """Return the person's answer; what cannot be understood is asked for again."""
    column = game.table.columns[question.column]
    while True:
        sys.stdout.flush()
        said = input("> ").strip()
        if said.casefold() in ("q", "quit", "exit"):
            raise _Stopped
        if said.casefold() in ("?", "don't know", "dont know", "unknown", "pass"):
            return Reply(value=None)
        value = column.value_of(said)
        if value is not None:
            return Reply(value=value)
        options = "yes or no" if column.is_yes_no else ", ".join(column.values)
        say(f"write {options}; ? if you do not know, q to stop")


def _simulated(table: FactTable, wishes: GuessWishes) -> Answer:
    """Return an answerer who knows one item, and is wrong as often as the noise says."""
    place = _place_of(table, wishes.item or "")
    rng = np.random.default_rng(wishes.seed)

    def answer(question: Question, game: Game) -> Reply:
        del game
        true = int(table.cells[place, question.column])
        others = [
            value for value in range(len(table.columns[question.column].values)) if value != true
        ]
        if true == MISSING:
            return Reply(value=None)
        if rng.random() < wishes.noise:
            return Reply(value=int(rng.choice(others)), is_wrong=True)
        return Reply(value=true)

    return answer


def _place_of(table: FactTable, item: str) -> int:
    names = {name.casefold(): place for place, name in enumerate(table.items)}
    if item.casefold() in names:
        return names[item.casefold()]
    near = difflib.get_close_matches(item.casefold(), names, n=3, cutoff=0.4)
    if near:
        told = f"near it: {', '.join(table.items[names[each]] for each in near)}"
    else:
        told = f"there are: {', '.join(table.items[:3])} ..."
    raise SetupError(f"no item {item!r} in the table {table.name!r}; {told}")


def _tell_end(game: Game, screen: Console) -> None:
    item, probability = game.best
    twins = [name for name, chance in game.leaders(5) if chance >= probability * 0.99]
    if len(twins) > 1:
        screen.print(
            f"No further question tells apart: {', '.join(twins)} ({percent(probability)} each)."
        )
        return
    known = sum(value is not None for _, value in game.asked)
    screen.print(
        f"[bold]It is: {one_line(item)}[/bold] ({percent(probability)}, after "
        f"{count(known, 'answer')}; {information(game.entropies[-1])} are left)"
    )
