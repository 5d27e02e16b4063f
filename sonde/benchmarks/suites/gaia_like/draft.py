"""A question with its truth and attachments, and the world that it is drawn from."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..facts.table import Column, Table, Value, World, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A task before it has an id."""

    kind: str
    """Sort of question, for breakdowns."""
    level: int
    """1, 2 or 3."""
    question: str
    """What is asked."""
    target: tuple[str, ...]
    """Accepted answers."""
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """Attachments by name."""
    hops: int = 1
    """Facts that must be joined, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A fact, with the words that stand for its row."""

    table: Table
    """Where it stands."""
    name: str
    """The row."""
    column: Column
    """The column."""
    words: str
    """The row as the question calls it: its name, or a description through other rows."""
    hops: int = 0
    """Rows between the one that is named and this one."""

    @property
    def value(self) -> Value:
        """The value."""
        return self.table.rows[self.name][self.column.name]

    @property
    def phrase(self) -> str:
        """The value as a noun."""
        return self.column.phrase.format(x=self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A world to ask about, and chance."""

    rng: random.Random
    """The only source of chance."""
    world: World
    """The facts."""

    def cell(self, *, hops: int = 0, kinds: Sequence[str] = ()) -> Cell | None:
        """Return a random fact behind so many rows; None where the draw led nowhere.

        Args:
            hops: How many rows stand between the one that is named and the fact.
            kinds: Kinds of value that are wanted; any where empty.
        """
        table = self.rng.choice(list(self.world.tables.values()))
        name = self.rng.choice(list(table.rows))
        words, used = table.called(name), set[str]()
        for _ in range(hops):
            steps = [c for c in self._ways_on(table, name) if c.name not in used]
            if not steps:
                return None
            step = self.rng.choice(steps)
            used.add(step.name)
            words = step.phrase.format(x=words)
            name = str(table.rows[name][step.name])
            table = self.world.tables[step.refers or ""]
        wanted = [
            column
            for column in table.columns
            if column.name in table.rows[name] and column.name not in used
            if not kinds or column.kind in kinds
        ]
        if not wanted:
            return None
        column = self.rng.choice(wanted)
        return Cell(table=table, name=name, column=column, words=words, hops=hops)

    def group(self, *, least: int, most: int) -> tuple[Table, Column, str, list[str]] | None:
        """Return a table, and rows of it that share a value: the column, the value, their names."""
        table = self.rng.choice(list(self.world.tables.values()))
        columns = [c for c in table.columns if c.where and c.kind == "name"]
        if not columns:
            return None
        column = self.rng.choice(columns)
        held = [str(row[column.name]) for row in table.rows.values() if column.name in row]
        value = self.rng.choice(held)
        names = [n for n, row in table.rows.items() if row.get(column.name) == value]
        return (table, column, value, names) if least <= len(names) <= most else None

    def _ways_on(self, table: Table, name: str) -> list[Column]:
        """Return the columns of a row whose value is itself a row."""
        cells, tables = table.rows[name], self.world.tables
        return [
            column
            for column in table.columns
            if column.refers and cells.get(column.name) in tables[column.refers].rows
        ]


def attached(
    kind: str, level: int, question: str, target: tuple[str, ...], files: Mapping[str, bytes]
) -> Draft:
    """Return a question about an attachment: the file is one fact, each level above adds one."""
    return Draft(kind=kind, level=level, question=question, target=target, files=files, hops=level)


def accepted(column: Column, value: Value) -> tuple[str, ...]:
    """Return the ways in which a value may be written: "Danube", "the Danube", "3 May 1931"."""
    text = written(value)
    if column.kind == "day":
        return (text, str(value))
    if column.kind != "name":
        return (text,)
    forms = [text]
    if column.refers in (None, "river"):
        forms.append(f"the {text}")
    if column.name in ("river", "region"):
        forms += [f"{column.name} {text}", f"the {column.name} {text}"]
    return tuple(forms)


def extreme(table: Table, column: Column, names: Sequence[str], *, is_most: bool) -> str | None:
    """Return the row with the largest or the smallest value.

    None where two share it, or one of them has no value.
    """
    held = [table.rows[name].get(column.name) for name in names]
    ranks = [each.toordinal() if isinstance(each, date) else each for each in held]
    numbers = [rank for rank in ranks if isinstance(rank, int)]
    if len(numbers) < len(names) or not numbers:
        return None
    best = max(numbers) if is_most else min(numbers)
    return names[numbers.index(best)] if numbers.count(best) == 1 else None
