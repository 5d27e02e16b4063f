"""Facts of the world as it is: elements, countries, capitals, rivers, composers and operas.

The tables in `data/` were written for this project from public knowledge.
"""

import csv
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from .public_words import CAPITAL, COMPOSER, COUNTRY, ELEMENT, OPERA, RIVER
from .table import Table, Value, World

_FILES = {
    "elements": ELEMENT,
    "countries": COUNTRY,
    "capitals": CAPITAL,
    "rivers": RIVER,
    "composers": COMPOSER,
    "operas": OPERA,
}


@cache
def public_world() -> World:
    """Return the public tables."""
    tables = [_read(name, table) for name, table in _FILES.items()]
    return World(tables={table.noun: table for table in tables})


def _read(name: str, table: Table) -> Table:
    path = Path(__file__).with_name("data") / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        first, *rows = csv.reader(handle)
    found: dict[str, Mapping[str, Value]] = {}
    for key, *cells in rows:
        pairs = zip(first[1:], cells, strict=True)
        found[key] = {column: _value(table, column, cell) for column, cell in pairs if cell}
    return replace(table, rows=found)


def _value(table: Table, column: str, cell: str) -> Value:
    return cell if table.column(column).kind == "name" else int(cell)
