"""Tables in a DuckDB of their own: loaded, then locked, then asked in SQL."""

import csv
import re
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from ...records.errors import ToolError
from ..corpus.file_kind import Unreadable
from .workbook import MOST_COLUMNS, sheets

_MOST_BYTES = 256 << 20
_MEMORY = "512MB"
_MOST_ROWS = 200
_LONGEST_CELL = 500
_HEAD = 1 << 20
_LONGEST_SQL = 10_000
_DELIMITED = (".csv", ".tsv", ".txt")
_LOCKS = (
    "SET temp_directory = ''",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What a query gave."""

    columns: tuple[str, ...]
    """Names of the columns."""
    rows: tuple[tuple[str, ...], ...]
    """The first rows, as texts."""
    is_cut: bool
    """Whether there were more."""
    tables: tuple[str, ...]
    """Names of the tables, with their columns and types."""


def ask_table(path: Path, sql: str, *, seconds: float = 10.0) -> Rows:
    """Load a file's tables and ask them one question.

    The only table of a file is `data`; the sheets of a workbook are tables by their names, and the
    first one is `data` too.

    Raises:
        ToolError: The file is no table or a hostile one, the question is not one SELECT, or it
            needs too much time or memory.
    """
    _check_sql(sql)
    with _database() as db:
        _load(db, path)
        for lock in _LOCKS:
            db.execute(lock)
        clock = threading.Timer(seconds, db.interrupt)
        clock.start()
        try:
            return _answer(db, sql)
        except duckdb.InterruptException as err:
            raise ToolError(f"the query took over {seconds:g} s; ask for less") from err
        except (duckdb.Error, MemoryError) as err:
            raise ToolError(f"{_words(err)}\nThe tables are: {'; '.join(_tables(db))}") from err
        finally:
            clock.cancel()


def _check_sql(sql: str) -> None:
    if len(sql) > _LONGEST_SQL:
        raise ToolError(f"the query has over {_LONGEST_SQL:,} characters; write a shorter one")
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as err:
        raise ToolError(f"this is no SQL: {_words(err)}") from err
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise ToolError("give one SELECT; nothing else is done to a table")


@contextmanager
def _database() -> Generator[duckdb.DuckDBPyConnection]:
    db = duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "memory_limit": _MEMORY,
            "secret_directory": "",  # else a query could tell whose machine this is
            "python_enable_replacements": False,  # else a query could read Python's variables
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
        },
    )
    try:
        yield db
    finally:
        db.close()


def _load(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    if path.stat().st_size > _MOST_BYTES:
        raise ToolError(f"{path.name!r} has over {_MOST_BYTES >> 20} MiB; not loaded")
    suffix = path.suffix.lower()
    try:
        if suffix == ".xlsx":
            _load_workbook(db, path)
        elif suffix in _DELIMITED:
            _check_width(path)
            db.execute("CREATE TABLE data AS SELECT * FROM read_csv(?)", [escape(str(path))])
        elif suffix == ".parquet":
            db.execute("CREATE TABLE data AS SELECT * FROM read_parquet(?)", [escape(str(path))])
        else:
            raise ToolError(f"{path.name!r} is no table; .csv, .tsv, .xlsx and .parquet are")
    except (duckdb.Error, Unreadable) as err:
        raise ToolError(f"{path.name!r} cannot be read as a table: {_words(err)}") from err


def _check_width(path: Path) -> None:
    """Refuse a file that is no text, or that has absurdly many columns."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("it holds binary data")
    first = head.split(b"\n", 1)[0].decode("utf-8", "replace")
    width = max(first.count(mark) for mark in (",", "\t", ";", "|")) + 1
    if width > MOST_COLUMNS:
        raise Unreadable(f"it has {width:,} columns or more; {MOST_COLUMNS:,} are read")


def _load_workbook(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Load each sheet, types left to DuckDB to tell from the texts."""
    used: set[str] = {"data"}
    with path.open("rb") as handle:
        for number, sheet in enumerate(sheets(handle)):
            name = _unused(_identifier(sheet.name), used)
            rows = list(sheet.rows)
            if rows:
                _create(db, name, rows)
                if number == 0:
                    db.execute(f'CREATE VIEW data AS SELECT * FROM "{name}"')
    if not _tables(db):
        raise Unreadable("its sheets are empty")


def _create(db: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Sequence[object]]) -> None:
    width = max(len(row) for row in rows)
    head = [str(cell) if cell is not None else f"column{at}" for at, cell in enumerate(rows[0])]
    with TemporaryDirectory(prefix="sonde-sheet-") as folder:
        path = Path(folder) / "sheet.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*head, *(f"column{at}" for at in range(len(head), width))])
            for row in rows[1:]:
                cells = ["" if cell is None else cell for cell in row]
                writer.writerow(cells + [""] * (width - len(row)))
        query = f'CREATE TABLE "{name}" AS SELECT * FROM read_csv(?, header = true)'
        db.execute(query, [str(path)])


def _identifier(text: str) -> str:
    plain = re.sub(r"\W+", "_", text.strip().lower()).strip("_") or "sheet"
    return f"t_{plain}" if plain[0].isdigit() else plain


def _unused(name: str, used: set[str]) -> str:
    number = 2
    chosen = name
    while chosen in used:
        chosen, number = f"{name}_{number}", number + 1
    used.add(chosen)
    return chosen


def _answer(db: duckdb.DuckDBPyConnection, sql: str) -> Rows:
    cursor = db.execute(sql)
    columns = tuple(str(each[0]) for each in cursor.description or ())
    fetched = cursor.fetchmany(_MOST_ROWS + 1)
    cells = tuple(tuple(_cell(value) for value in row) for row in fetched[:_MOST_ROWS])
    return Rows(
        columns=columns, rows=cells, is_cut=len(fetched) > _MOST_ROWS, tables=tuple(_tables(db))
    )


def _tables(db: duckdb.DuckDBPyConnection) -> list[str]:
    found = db.execute(
        "SELECT table_name, string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_index)"
        " FROM duckdb_columns() WHERE NOT internal GROUP BY table_name ORDER BY table_name"
    ).fetchall()
    return [f"{name} ({columns[:2_000]})" for name, columns in found]


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _LONGEST_CELL else text[:_LONGEST_CELL] + "…"


def _words(err: BaseException) -> str:
    return str(err).split("\n\nLINE")[0].strip()[:500]
