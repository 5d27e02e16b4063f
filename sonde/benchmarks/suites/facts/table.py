"""Tables of facts, and the words in which each column is told and asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

Value: TypeAlias = str | int | date
"""A cell: a name, a number or year, or a day."""
Kind: TypeAlias = Literal["name", "number", "year", "day"]
"""What the cells of a column are."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: `{x}` stands for the row's name, `{v}` for the value."""

    name: str
    """Its name."""
    kind: Kind = "name"
    """What its cells are."""
    says: tuple[str, ...]
    """Sentences that tell a value."""
    asks: tuple[str, ...]
    """Questions for a value."""
    phrase: str
    """The value as a noun: "the population of {x}"."""
    refers: str | None = None
    """Table whose rows the values name; None where they are no rows."""
    most: tuple[str, str] | None = None
    """What the row with the largest value does, and the one with the smallest."""
    where: str | None = None
    """What several rows do: those with this value, or for numbers those above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of one sort of thing."""

    noun: str
    """One of them: "town"."""
    plural: str
    """Several: "towns"."""
    columns: tuple[Column, ...]
    """What is known of each."""
    rows: Mapping[str, Mapping[str, Value]] = field(default_factory=dict[str, Mapping[str, Value]])
    """Values by name of the row and of the column; a value may be missing."""
    has_article: bool = False
    """Whether their names take "the", as those of bridges do."""

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)

    def called(self, name: str) -> str:
        """Return a row's name as it stands in a sentence."""
        return f"the {name}" if self.has_article else name


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Tables whose rows name one another."""

    tables: Mapping[str, Table]
    """Tables by their nouns."""

    def names(self, noun: str) -> Sequence[str]:
        """Return the names of a table's rows, in their order."""
        return list(self.tables[noun].rows)

    def value(self, noun: str, name: str, column: str) -> Value:
        """Return one cell."""
        return self.tables[noun].rows[name][column]


def written(value: Value) -> str:
    """Return a value as pages write it.

    >>> written(18500), written(date(1931, 5, 3)), written("Po")
    ('18500', '3 May 1931', 'Po')
    """
    if isinstance(value, date):
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return str(value)


def sentence(template: str, *, x: str, v: str = "") -> str:
    """Return a template with its words, beginning with a capital; `{a}` is the article of `{v}`.

    >>> sentence("{x} is {a} {v}.", x="the thing", v="owl")
    'The thing is an owl.'
    """
    text = template.format(x=x, v=v, a="an" if v[:1].lower() in "aeiou" else "a")
    return text[:1].upper() + text[1:]


def listed(names: Sequence[str], *, last: str = "and") -> str:
    """Return names as a list in a sentence.

    >>> listed(["a", "b", "c"], last="or")
    'a, b or c'
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
