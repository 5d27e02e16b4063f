"""Taking journals into the warehouse: in bulk; the same again changes nothing."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from typing import NamedTuple

import duckdb

from ...records.errors import SetupError
from .attempts_sql import ASKED, ASKED_ATTEMPTS, BENCH_ATTEMPTS
from .bench_rows import manifest_of, rows_of_runs, write_book, write_suite
from .events_sql import ATTEMPT, EVENT_FIELDS, FROM_EVENTS, RESULT, columns_of, struct_of
from .tables import OF_A_RUN
from .warehouse import Warehouse

_MOST_BYTES = 64_000_000  # longest line that is read


class TakenIn(NamedTuple):
    """What was taken in of a folder."""

    lines: int
    """Lines of its journals; 0 where nothing had changed."""
    is_new: bool
    """Whether anything had changed since it was taken in before."""


def take_in_bench(warehouse: Warehouse, folder: Path) -> TakenIn:
    """Take in the folder of a benchmark run, in place of what was there of it.

    Raises:
        SetupError: The folder holds no benchmark run, or cannot be read.
    """
    manifest = manifest_of(folder)
    files = sorted(folder.glob("journal-*.jsonl"))
    mark = _fingerprint([folder / "bench.json", *files])
    if _is_known(warehouse, folder, mark):
        return TakenIn(0, is_new=False)
    runs = rows_of_runs(manifest, folder)
    with warehouse.writing() as connection:
        _forget(connection, folder)
        write_suite(connection, manifest)
        connection.executemany(
            "INSERT INTO runs SELECT ?, ?, ?, 'bench', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
            "CAST(? AS TIMESTAMPTZ) AT TIME ZONE 'UTC', ?, NULL, NULL",
            runs,
        )
        lines = _take_in_lines(connection, files, folder) if files else 0
        _mark(connection, folder, "bench", mark, lines)
        for book in sorted((folder / "agents" / "price-books").glob("*.json")):
            write_book(connection, book)
    return TakenIn(lines, is_new=True)


def take_in_asked(warehouse: Warehouse, runs: Path) -> TakenIn:
    """Take in the journals of `sonde ask`, in place of what was there of them.

    Raises:
        SetupError: They cannot be read.
    """
    files = sorted(runs.glob("*/journal.jsonl"))
    mark = _fingerprint(files)
    if not files or _is_known(warehouse, runs, mark):
        return TakenIn(0, is_new=False)
    with warehouse.writing() as connection:
        _forget(connection, runs)
        connection.execute(
            "INSERT INTO runs (run_id, folder, kind, agent) VALUES (?, ?, 'ask', 'sonde ask')",
            [ASKED, str(runs.absolute())],
        )
        columns = columns_of({**EVENT_FIELDS, "result": RESULT, "settings": "JSON"})
        connection.execute(
            f"CREATE TEMP TABLE lines AS SELECT split_part(filename, '/', -2) AS attempt_id, * "
            f"FROM {_read(columns, has_filename=True)} WHERE type IS NOT NULL",
            [_literal(files)],
        )
        pack = ", ".join(f'"{name}" := "{name}"' for name in EVENT_FIELDS)
        connection.execute(
            f"CREATE TEMP VIEW happened AS SELECT '{ASKED}' AS run_id, attempt_id, "
            f"CAST(NULL AS VARCHAR) AS member, "
            f"struct_pack({pack}) AS e FROM lines"
        )
        connection.execute(ASKED_ATTEMPTS)
        lines = _fill(connection)
        _mark(connection, runs, "ask", mark, lines)
    return TakenIn(lines, is_new=True)


def forget(warehouse: Warehouse, folder: Path) -> None:
    """Take out what was taken in of a folder that is gone."""
    if warehouse.ask("SELECT 1 FROM sources WHERE folder = ?", [str(folder.absolute())]).rows:
        with warehouse.writing() as connection:
            _forget(connection, folder)


def _take_in_lines(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path], folder: Path
) -> int:
    columns = columns_of(
        {
            "type": "VARCHAR",
            "at": "DOUBLE",
            "attempt": "VARCHAR",
            "member": "VARCHAR",
            "worker": "VARCHAR",
            "suite_sha256": "VARCHAR",
            "agent_sha256": "VARCHAR",
            "task_id": "VARCHAR",
            "epoch": "INTEGER",
            "retry": "INTEGER",
            "revision": "INTEGER",
            "event": struct_of(EVENT_FIELDS),
            "of": ATTEMPT,
        }
    )
    connection.execute(
        f"CREATE TEMP TABLE lines AS SELECT * FROM {_read(columns)} WHERE type IS NOT NULL",
        [_literal(files)],
    )
    connection.execute(
        "CREATE TEMP TABLE mine AS SELECT run_id, agent_sha256 FROM runs WHERE folder = ?",
        [str(folder.absolute())],
    )
    connection.execute(
        "CREATE TEMP VIEW happened AS SELECT m.run_id, l.attempt AS attempt_id, l.member, "
        "l.event AS e "
        "FROM lines AS l JOIN (SELECT DISTINCT attempt, agent_sha256 FROM lines "
        "WHERE type = 'attempt.started') AS s USING (attempt) JOIN mine AS m "
        "ON m.agent_sha256 = s.agent_sha256 WHERE l.type = 'event'"
    )
    connection.execute(BENCH_ATTEMPTS)
    return _fill(connection)


def _fill(connection: duckdb.DuckDBPyConnection) -> int:
    """Fill the tables of events from what was read, and forget what was read."""
    for table, sql in FROM_EVENTS.items():
        connection.execute(f"INSERT INTO {table} {sql}")
    (lines,) = connection.execute("SELECT count(*) FROM lines").fetchall()[0]
    connection.execute("DROP VIEW happened")
    connection.execute("DROP TABLE lines")
    connection.execute("DROP TABLE IF EXISTS mine")
    return int(lines)


def _read(columns: str, *, has_filename: bool = False) -> str:
    """Return the call that reads lines of JSON; half-written ones come back empty."""
    filename = ", filename=true" if has_filename else ""
    return (
        "read_json(?, format='newline_delimited', ignore_errors=true, "
        f"maximum_object_size={_MOST_BYTES}, columns={columns}{filename})"
    )


def _literal(files: Sequence[Path]) -> list[str]:
    """Return paths as they are meant: DuckDB takes `[`, `?` and `*` in a name for a pattern."""
    return [escape(str(path)) for path in files]


def _fingerprint(files: Sequence[Path]) -> str:
    """Return what changes whenever one of the files grows or is written."""
    marks = hashlib.sha256()
    for path in files:
        try:
            about = path.stat()
        except OSError as err:
            raise SetupError(f"cannot read {path}: {err.strerror or err}") from err
        marks.update(f"{path.name}:{about.st_size}:{about.st_mtime_ns};".encode())
    return marks.hexdigest()


def _is_known(warehouse: Warehouse, folder: Path, mark: str) -> bool:
    found = warehouse.ask(
        "SELECT 1 FROM sources WHERE folder = ? AND fingerprint = ?", [str(folder.absolute()), mark]
    )
    return bool(found.rows)


def _forget(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    place = str(folder.absolute())
    connection.execute("CREATE TEMP TABLE old AS SELECT run_id FROM runs WHERE folder = ?", [place])
    for table in OF_A_RUN:
        connection.execute(f"DELETE FROM {table} WHERE run_id IN (SELECT run_id FROM old)")
    connection.execute("DELETE FROM runs WHERE folder = ?", [place])
    connection.execute("DELETE FROM sources WHERE folder = ?", [place])
    connection.execute("DROP TABLE old")


def _mark(
    connection: duckdb.DuckDBPyConnection, folder: Path, kind: str, mark: str, lines: int
) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    connection.execute(
        "INSERT INTO sources VALUES (?, ?, ?, ?, ?)",
        [str(folder.absolute()), kind, mark, lines, now],
    )
