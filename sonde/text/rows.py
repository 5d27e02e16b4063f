"""A row of a table as one line of text, "Column: value; Column: value", and back to its cells."""

import re
from collections.abc import Iterable
from typing import NamedTuple

_HEADING = r"[^;:\n]{1,80}"
_SHEET = r"[^;:\n]{1,80}?\. "
"""Name of the sheet that a row of a workbook is of."""
_ROW = re.compile(rf"\s*{_HEADING}: [^\n]*?; {_HEADING}: [^\n]*\s*")
_CELL = re.compile(
    rf"(?:^(?:{_SHEET})?|; )(?P<heading>{_HEADING}): (?P<cell>(?:(?!; {_HEADING}: )[^\n])*)"
)


class Cell(NamedTuple):
    """A cell of a row: its value is `text[start:end]`."""

    heading: str
    """Name of its column."""
    start: int
    """First character of the value."""
    end: int
    """Character after the value."""


def row_text(cells: Iterable[tuple[str, str]]) -> str:
    """Return a row as a line of text; empty cells are left out.

    >>> row_text([("item", "fridge"), ("price", "629 EUR"), ("shop", "")])
    'item: fridge; price: 629 EUR'
    """
    return "; ".join(f"{heading}: {cell}" for heading, cell in cells if cell)


def cells_of(text: str) -> list[Cell]:
    """Return the cells of a row, in order; none for a text that is no row of two or more.

    >>> [(cell.heading, cell.start) for cell in cells_of("item: fridge; price: 629 EUR")]
    [('item', 6), ('price', 21)]
    >>> cells_of("The dive lasted 5 hours: a record.")
    []
    """
    if _ROW.fullmatch(text) is None:
        return []
    found = [Cell(each["heading"], *each.span("cell")) for each in _CELL.finditer(text)]
    return found if len(found) > 1 else []
