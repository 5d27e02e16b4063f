"""The warehouse's file: opened by one process at a time, and asked in SQL."""

import json
import re
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self, cast

import duckdb

from ...records.errors import SetupError
from .tables import MIGRATIONS, TABLES, VERSION

_MEMORY = ":memory:"
_WAIT_S = 10.0
_RETRY_S = 0.2
_CARET = re.compile(r"\s*LINE (?P<line>\d+): (?P<text>[^\n]*)\n(?P<blanks> *)\^")
_SHOWN = 40  # characters of a question, from where DuckDB stumbles

Cell = object
"""A value of a table: a text, a number, a date, or None for unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a question gave."""

    columns: tuple[str, ...]
    """Names of its columns."""
    rows: Sequence[Sequence[Cell]]
    """Its rows."""


class Warehouse:
    """One DuckDB file. Nothing else is open in it while it is written."""

    @classmethod
    def in_memory(cls) -> "Warehouse":
        """Return a warehouse without a file, which is gone when it is closed."""
        return cls(Path(_MEMORY))

    def __init__(self, path: Path, *, is_read_only: bool = False) -> None:
        """Open or create the file, and bring it up to this version.

        Raises:
            SetupError: It cannot be opened; another process holds it; or a newer version wrote it.
        """
        self.path = path
        self._connection = _connect(path, is_read_only=is_read_only)
        try:
            version = self._version()
            if version > VERSION:
                raise SetupError(
                    f"{path} was written by a newer version of sonde; update, or name another file"
                )
            if version < VERSION and not is_read_only:
                self._migrate(version)
        except BaseException:
            self._connection.close()
            raise

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """DuckDB's own connection."""
        return self._connection

    def ask(self, sql: str, parameters: Sequence[Cell] = ()) -> Table:
        """Return what a question in SQL gives.

        Raises:
            SetupError: DuckDB refuses it; its own words, with the tables there are.
        """
        try:
            answer = self._connection.execute(sql, list(parameters))
            columns = tuple(str(each[0]) for each in answer.description or ())
            rows = cast(list[tuple[Cell, ...]], answer.fetchall())
        except duckdb.Error as err:
            is_table = isinstance(err, duckdb.CatalogException)
            there = f"; tables: {', '.join(TABLES)}" if is_table else ""
            raise SetupError(
                f"the warehouse refuses this: {_on_one_line(str(err))}{there}"
            ) from err
        return Table(columns=columns, rows=rows)

    @contextmanager
    def writing(self) -> Generator[duckdb.DuckDBPyConnection]:
        """Write within one transaction: whole, or not at all.

        Raises:
            SetupError: It could not be written.
        """
        self._connection.execute("BEGIN")
        try:
            yield self._connection
            self._connection.execute("COMMIT")
        except duckdb.Error as err:
            self._roll_back()
            raise SetupError(f"cannot write the warehouse {self.path}: {err}") from err
        except BaseException:
            self._roll_back()
            raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _roll_back(self) -> None:
        try:
            self._connection.execute("ROLLBACK")
        except duckdb.Error:
            return  # the failure itself has ended the transaction

    def _version(self) -> int:
        found = self._connection.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'meta'"
        ).fetchall()
        if found[0][0] == 0:
            return 0
        rows = self._connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchall()
        return int(str(rows[0][0])) if rows else 0

    def _migrate(self, version: int) -> None:
        with self.writing() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS meta (key VARCHAR, value VARCHAR)")
            for sql in MIGRATIONS[version:]:
                connection.execute(sql)
            connection.execute("DELETE FROM meta WHERE key = 'version'")
            connection.execute("INSERT INTO meta VALUES ('version', ?)", [str(VERSION)])


def export_parquet(warehouse: Warehouse, folder: Path) -> list[Path]:
    """Write each table as a Parquet file, and return the files.

    Raises:
        SetupError: The folder cannot be written.
    """
    files: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for table in TABLES:
            path = folder / f"{table}.parquet"
            target = str(path).replace("'", "''")
            warehouse.connection.execute(
                f"COPY {table} TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
            )
            files.append(path)
    except (OSError, duckdb.Error) as err:
        raise SetupError(f"cannot write {folder}: {err}; name another folder") from err
    return files


def _connect(
    path: Path,
    *,
    is_read_only: bool,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> duckdb.DuckDBPyConnection:
    """Open the file; while another process holds it, wait a little."""
    until = clock() + _WAIT_S
    while True:
        try:
            if str(path) != _MEMORY:
                path.parent.mkdir(parents=True, exist_ok=True)
            return duckdb.connect(str(path), read_only=is_read_only)
        except duckdb.IOException as err:
            if "lock" not in str(err).replace(str(path), ""):
                raise SetupError(f"cannot open the warehouse {path}: {err}") from err
            if clock() > until:
                raise SetupError(
                    f"another process uses the warehouse {path}; try again when it has ended"
                ) from err
        except (duckdb.Error, OSError) as err:
            raise SetupError(f"cannot open the warehouse {path}: {err}") from err
        sleep(_RETRY_S)


def as_json(value: Cell) -> str:
    """Return a value as JSON, for a parameter of a JSON column."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _on_one_line(complaint: str) -> str:
    """Return what DuckDB says, with the place that its caret points at in words."""
    found = _CARET.search(complaint)
    if found is None:
        return complaint
    line, text, blanks = found["line"], found["text"], found["blanks"]
    column = max(0, len(blanks) - len(f"LINE {line}: "))
    place = f"line {line}, column {column + 1}, at {text[column : column + _SHOWN].rstrip()!r}"
    return f"{complaint[: found.start()].rstrip()} ({place})"
