"""Reading a table of facts from a CSV file: what is missing or useless is told, not guessed."""

import csv
import io
from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np

from ...records.errors import SetupError
from ...records.mistakes import is_path, mistaken
from .fact_table import MISSING, Column, FactTable, yes_no_or_values

MOST_VALUES = 12
"""Values of a column that a person can be asked to choose from."""
_BLANK = frozenset({"", "?", "na", "n/a", "nan", "none", "null", "-"})
_SHOWN = 3
ANIMALS = "animals"
"""Name of the table that ships with the package."""


def read_fact_table(path: str | Path | None = None) -> FactTable:
    """Return the table of a CSV file, or the one that ships with the package.

    The first column names the items, the first row the attributes. A missing cell leaves all values
    of its column alike likely. Columns of one value, or of more than twelve, are left out. Both are
    told in the table's notes, and so are items that no attribute tells apart.

    Raises:
        SetupError: The file cannot be read, or is no table of at least two items.
    """
    if path is None:
        text = files("sonde.models.exact").joinpath("animals.csv").read_text(encoding="utf-8")
        return parse_fact_table(text, name=ANIMALS)
    if not is_path(path):
        example = 'read_fact_table("facts.csv")'
        raise mistaken("path", path, wanted="a CSV file", example=example)
    path = Path(path).expanduser()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as err:
        raise SetupError(f"the table {str(path)!r} is not UTF-8; save it as UTF-8 CSV") from err
    except OSError as err:
        raise SetupError(f"cannot read the table {str(path)!r}: {err.strerror}") from err
    return parse_fact_table(text, name=path.stem)


def table_named(name: str) -> FactTable:
    """Return the table of a path, or the one that ships where its name is given.

    Raises:
        SetupError: There is neither, or the file is no table.
    """
    path = Path(name).expanduser()
    if name == ANIMALS and not path.exists():
        return read_fact_table()
    return read_fact_table(path)


def parse_fact_table(text: str, *, name: str) -> FactTable:
    """Return the table of a CSV text; see `read_fact_table`.

    Raises:
        SetupError: It is no table of at least two items and one attribute that differs.
    """
    rows = [
        row for row in csv.reader(io.StringIO(text), _dialect(text)) if any(map(str.strip, row))
    ]
    heading, body = ([cell.strip() for cell in rows[0]], rows[1:]) if rows else ([], [])
    if len(heading) < 2 or len(body) < 2:
        raise SetupError(
            f"the table {name!r} needs a row of headings and two items or more: the first column "
            "names the items, the others are attributes"
        )
    _check_rows(name, heading, body)
    items = tuple(row[0].strip() for row in body)
    columns: list[Column] = []
    cells: list[list[int]] = []
    notes: list[str] = []
    for place, title in enumerate(heading[1:], start=1):
        column = [_clean(row[place]) for row in body]
        values = yes_no_or_values(column)
        if len(set(values)) < 2 or len(values) > MOST_VALUES or len({*column} - {""}) < 2:
            notes.append(f"column {title!r} is left out: {_why(len({*column} - {''}))}")
            continue
        columns.append(Column(name=title, values=values))
        cells.append([_cell(each, columns[-1]) for each in column])
    if not columns:
        raise SetupError(f"no column of the table {name!r} can be asked about: {notes[0]}")
    found = FactTable(
        name=name, items=items, columns=tuple(columns), cells=np.array(cells, dtype=np.int64).T
    )
    return FactTable(
        name=name,
        items=items,
        columns=found.columns,
        cells=found.cells,
        notes=(*notes, *_notes(found)),
    )


def _dialect(text: str) -> type[csv.Dialect]:
    try:
        return csv.Sniffer().sniff(text.splitlines()[0] if text.strip() else ",", delimiters=",;\t")
    except csv.Error:
        return csv.excel


def _check_rows(name: str, heading: list[str], body: list[list[str]]) -> None:
    for number, row in enumerate(body, start=2):
        if len(row) != len(heading):
            raise SetupError(
                f"row {number} of the table {name!r} has {len(row)} cells, the headings have "
                f"{len(heading)}; mend the row"
            )
    for what, names in (("item", [row[0].strip() for row in body]), ("heading", heading[1:])):
        twice = [each for each, count in Counter(names).items() if count > 1]
        if twice or "" in names:
            which = f"{twice[0]!r} stands there twice" if twice else "one is blank"
            raise SetupError(f"each {what} of the table {name!r} needs a name of its own: {which}")


def _clean(cell: str) -> str:
    plain = " ".join(cell.split())
    return "" if plain.casefold() in _BLANK else plain


def _cell(text: str, column: Column) -> int:
    if not text:
        return MISSING
    value = column.value_of(text) if column.is_yes_no else column.values.index(text)
    return MISSING if value is None else value


def _why(count: int) -> str:
    if count < 2:
        return "it has one value alone, so asking tells nothing"
    return f"it has {count} values, and a question may have {MOST_VALUES} answers at most"


def _notes(table: FactTable) -> list[str]:
    notes: list[str] = []
    gaps = np.argwhere(table.cells == MISSING)
    if len(gaps):
        row, column = (int(each) for each in gaps[0])
        notes.append(
            f"{len(gaps)} of {table.cells.size} cells are missing, the first of them "
            f"{table.columns[column].name!r} of {table.items[row]!r}: every value is taken as "
            "likely there"
        )
    if table.twins:
        told = "; ".join(" and ".join(group) for group in table.twins[:_SHOWN])
        more = f", and {len(table.twins) - _SHOWN} more groups" if len(table.twins) > _SHOWN else ""
        notes.append(f"no attribute tells these apart: {told}{more}")
    return notes
