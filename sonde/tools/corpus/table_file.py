"""Rows of a table as sentences: each is found and cited by itself."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from ...text.rows import row_text
from .decoding import Survey, text_lines
from .file_kind import Unreadable

_DELIMITERS = (",", ";", "\t", "|")


def table_rows(handle: BinaryIO, found: Survey, *, is_tabbed: bool) -> Iterator[str]:
    """Yield each row as one line, "Column: value; Column: value"; the first row names the columns.

    Raises:
        Unreadable: A row breaks the format, for instance by a quote that never ends.
    """
    lines = text_lines(handle, found, newline="")
    first = next((line for line in lines if line.strip()), "").removeprefix("\ufeff")
    delimiter = "\t" if is_tabbed else max(_DELIMITERS, key=first.count)
    rows = csv.reader(_chain(first, lines), delimiter=delimiter)
    try:
        columns: list[str] | None = None
        for row in rows:
            if columns is None:
                columns = [_flat(name) for name in row]
            elif line := _sentence(columns, row):
                yield line + "\n"
    except csv.Error as err:
        raise Unreadable(
            f"line {rows.line_num} is no row of a table ({err}); mend it or save as .txt"
        ) from err


def _chain(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _sentence(columns: list[str], row: list[str]) -> str:
    cells = [(place, _flat(cell)) for place, cell in enumerate(row)]
    return row_text((_column(columns, place), cell) for place, cell in cells)


def _column(columns: list[str], place: int) -> str:
    name = columns[place] if place < len(columns) else ""
    return name or f"Column {place + 1}"


def _flat(cell: str) -> str:
    return " ".join(cell.split())
