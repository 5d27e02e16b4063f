"""Asking the warehouse, and printing what it says."""

import csv
import io
import json
import os
from collections.abc import Sequence
from typing import Literal, TypeAlias

from rich import box
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from ..benchmarks.remote.place import bench_place
from ..memory.home import Home
from ..memory.warehouse.queries import QUERIES
from ..memory.warehouse.upkeep import bring_up_to_date
from ..memory.warehouse.warehouse import Cell, Table, Warehouse
from .printable import one_line
from .screen import say, write_out

Shape: TypeAlias = Literal["table", "csv", "json"]
"""How rows are printed."""

_TABLES = """
    SELECT table_name AS "table", estimated_size AS rows, (SELECT string_agg(column_name, ', ')
        FROM duckdb_columns() AS c WHERE c.table_name = t.table_name) AS columns
    FROM duckdb_tables() AS t WHERE table_name NOT IN ('meta', 'sources') ORDER BY table_name
"""
_WIDEST = 60


def ask_warehouse(query: str | None, *, folders: Sequence[str], shape: Shape, limit: int) -> None:
    """Bring the warehouse up to date, ask it, and print the rows.

    Raises:
        SetupError: A folder cannot be read, or the question is refused.
    """
    home = Home.of(os.environ)
    places = [bench_place(folder, home).folder for folder in folders]
    with Warehouse(home.warehouse) as warehouse:
        bring_up_to_date(warehouse, home, folders=places)
    with Warehouse(home.warehouse, is_read_only=True) as warehouse:
        warehouse.connection.execute("SET enable_external_access = false")
        warehouse.connection.execute("SET lock_configuration = true")
        text = _TABLES if query is None else QUERIES.get(query.strip(), query)
        table = warehouse.ask(text)
    write_out(_written(table, shape, limit))
    if shape == "table" and len(table.rows) > limit:
        say(f"{limit:,} of {len(table.rows):,} rows; -n {len(table.rows)} shows all")


def _written(table: Table, shape: Shape, limit: int) -> str:
    if shape == "json":
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        return json.dumps(rows, ensure_ascii=False, default=str, indent=1)
    if shape == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(table.rows)
        return out.getvalue()
    return _drawn(table, limit)


def _drawn(table: Table, limit: int) -> str:
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    shown = table.rows[:limit]
    for number, name in enumerate(table.columns):
        is_number = all(isinstance(row[number], int | float | None) for row in shown)
        grid.add_column(Text(name), justify="right" if is_number else "left", max_width=_WIDEST)
    for row in shown:
        grid.add_row(*(Text(_cell(value)) for value in row))
    out = io.StringIO()
    Console(file=out, width=_width(table), emoji=False).print(grid)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip("\n")


def _width(table: Table) -> int:
    """Return a width in which no column is squeezed: a pipe has none, and lines may be long."""
    return max(80, (_WIDEST + 3) * len(table.columns))


def _cell(value: Cell) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return one_line(str(value))
