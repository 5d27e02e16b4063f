"""Tables of facts: items by attributes, each cell one of a few values."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...policies.distributions import Floats
from ...policies.table import Table

MISSING = -1
"""A cell that nobody filled in: all values of its column are alike likely there."""
_YES_NO = ("no", "yes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One attribute."""

    name: str
    """Its heading."""
    values: tuple[str, ...]
    """What it may be, at least two; `no`, `yes` for a question of yes or no."""

    @property
    def is_yes_no(self) -> bool:
        """Whether it is answered by yes or no."""
        return self.values == _YES_NO

    @property
    def question(self) -> str:
        """What to ask for it: its heading where that is a question, else one made from it.

        >>> Column(name="Does it fly?", values=("no", "yes")).question
        'Does it fly? (yes/no)'
        >>> Column(name="legs", values=("2", "4")).question
        'What is it under "legs"? (2/4)'
        """
        options = "yes/no" if self.is_yes_no else "/".join(self.values)
        asked = self.name
        if not asked.rstrip().endswith("?"):
            asked = (
                f'Is "{asked}" true of it?' if self.is_yes_no else f'What is it under "{asked}"?'
            )
        return f"{asked} ({options})"

    def value_of(self, said: str) -> int | None:
        """Return the number of the value that an answer names; None where it names none.

        >>> Column(name="fly", values=("no", "yes")).value_of("Y")
        1
        """
        plain = said.strip().strip(".!").casefold()
        if self.is_yes_no:
            return _yes_or_no(plain)
        whole = [i for i, value in enumerate(self.values) if value.casefold() == plain]
        begun = [
            i for i, value in enumerate(self.values) if plain and value.casefold().startswith(plain)
        ]
        return whole[0] if whole else begun[0] if len(begun) == 1 else None


@dataclass(frozen=True, kw_only=True, eq=False)
class FactTable:
    """Items by attributes."""

    name: str
    """What it is called."""
    items: tuple[str, ...]
    """The items, each once."""
    columns: tuple[Column, ...]
    """The attributes."""
    cells: NDArray[np.int64]
    """Number of the value: items x columns; `MISSING` where nobody filled it in."""
    notes: tuple[str, ...] = ()
    """What had to be assumed or left out when it was read."""

    @cached_property
    def twins(self) -> tuple[tuple[str, ...], ...]:
        """Groups of items that no attribute tells apart."""
        return tuple(tuple(self.items[i] for i in group) for group in self.likelihoods(0.0).twins())

    def likelihoods(self, noise: float) -> Table:
        """Return P(answer | item, attribute), where an answer is wrong with a chance of `noise`.

        A wrong answer names any other value of the column alike.

        Raises:
            ValueError: The noise is not at least 0 and below 1.
        """
        if not 0 <= noise < 1:
            raise ValueError(f"noise must be at least 0 and below 1, not {noise}")
        most = max(len(column.values) for column in self.columns)
        chances = np.zeros((most, len(self.items), len(self.columns)))
        for place, column in enumerate(self.columns):
            chances[:, :, place] = _answers(self.cells[:, place], len(column.values), noise, most)
        return Table(
            likelihood=chances,
            hypotheses=self.items,
            queries=tuple(column.name for column in self.columns),
        )

    def column_of(self, question: str) -> int | None:
        """Return the attribute that a question asks for; None where it asks for none."""
        return self._by_question.get(question.strip())

    @cached_property
    def _by_question(self) -> dict[str, int]:
        return {column.question: place for place, column in enumerate(self.columns)}


def yes_no_or_values(found: Sequence[str]) -> tuple[str, ...]:
    """Return the values of a column: `no`, `yes` where its cells mean that, else sorted.

    >>> yes_no_or_values(["1", "0", "0"]), yes_no_or_values(["sea", "land"])
    (('no', 'yes'), ('land', 'sea'))
    """
    distinct = sorted({each for each in found if each})
    if distinct and all(_yes_or_no(each.casefold()) is not None for each in distinct):
        return _YES_NO
    return tuple(distinct)


def _yes_or_no(plain: str) -> int | None:
    if plain in ("yes", "y", "true", "t", "1"):
        return 1
    return 0 if plain in ("no", "n", "false", "f", "0") else None


def _answers(cells: NDArray[np.int64], count: int, noise: float, most: int) -> Floats:
    """Return P(answer | item) of one column: answers x items; answers it has not stay at 0."""
    wrong = noise / (count - 1)
    found = np.zeros((most, len(cells)))
    found[:count] = wrong
    known = np.flatnonzero(cells != MISSING)
    found[cells[known], known] = 1 - noise
    found[:count, cells == MISSING] = 1 / count
    return found
