"""Taking journals into the warehouse: in bulk; the same again changes nothing."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, cast

import duckdb

from ...records.errors import SetupError
from ...records.json_types import JsonObject, JsonValue
from .events_sql import ATTEMPT, EVENT_FIELDS, FROM_EVENTS, RESULT, columns_of, struct_of
from .tables import OF_A_RUN
from .warehouse import Warehouse, as_json

ASKED = "ask"
"""The run that all runs of `sonde ask` belong to."""
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
    manifest = _manifest(folder)
    files = sorted(folder.glob("journal-*.jsonl"))
    mark = _fingerprint([folder / "bench.json", *files])
    if _is_known(warehouse, folder, mark):
        return TakenIn(0, is_new=False)
    runs = _runs_of(manifest, folder)
    with warehouse.writing() as connection:
        _forget(connection, folder)
        _write_suite(connection, manifest)
        connection.executemany(
            "INSERT INTO runs SELECT ?, ?, ?, 'bench', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
            "CAST(? AS TIMESTAMPTZ) AT TIME ZONE 'UTC', ?, NULL, NULL",
            runs,
        )
        lines = _take_in_lines(connection, files, folder) if files else 0
        _mark(connection, folder, "bench", mark, lines)
        for book in sorted((folder / "agents" / "price-books").glob("*.json")):
            _write_book(connection, book)
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
            [[str(path) for path in files]],
        )
        pack = ", ".join(f'"{name}" := "{name}"' for name in EVENT_FIELDS)
        connection.execute(
            f"CREATE TEMP VIEW happened AS SELECT '{ASKED}' AS run_id, attempt_id, "
            f"struct_pack({pack}) AS e FROM lines"
        )
        connection.execute(_ASKED_ATTEMPTS)
        lines = _fill(connection)
        _mark(connection, runs, "ask", mark, lines)
    return TakenIn(lines, is_new=True)


def forget(warehouse: Warehouse, folder: Path) -> None:
    """Take out what was taken in of a folder that is gone."""
    if warehouse.ask("SELECT 1 FROM sources WHERE folder = ?", [str(folder.absolute())]).rows:
        with warehouse.writing() as connection:
            _forget(connection, folder)


_ASKED_ATTEMPTS = f"""
    INSERT INTO attempts
    SELECT '{ASKED}', s.attempt_id, NULL, 1, 0, true,
        CASE WHEN r.result IS NULL THEN 'abandoned' WHEN r.result.stop_reason = 'provider_error'
            THEN 'error' ELSE 'unscored' END,
        NULL, make_timestamp(CAST(s."at" * 1e6 AS BIGINT)), s.attempt_id, NULL, NULL, s.question,
        r.result.answer, NULL, NULL, r.result.stop_reason, r.result.confidence, r.result.rounds,
        r.result.steps, r.result.usage.uncached_input, r.result.usage.cache_read,
        r.result.usage.cache_write, r.result.usage.output, r.result.usage.reasoning,
        r.result.usage.is_estimate,
        r.result.usage.uncached_input + r.result.usage.cache_read + r.result.usage.cache_write
            + r.result.usage.output + r.result.usage.reasoning,
        r.result.cost_usd, r.result.cost_usd IS NOT NULL, r.result.cost_usd, NULL, r.result.wall_s,
        r.result.cpu_s, NULL, NULL, NULL, NULL
    FROM (SELECT attempt_id, arg_min(question, "at") AS question, min("at") AS "at" FROM lines
        WHERE type = 'run.started' GROUP BY attempt_id) AS s
    LEFT JOIN (SELECT attempt_id, arg_max(result, "at") AS result FROM lines
        WHERE type = 'run.stopped' GROUP BY attempt_id) AS r USING (attempt_id)
"""

_BENCH_ATTEMPTS = """
    INSERT INTO attempts
    SELECT b.run_id, s.attempt, s.task_id, s.epoch, s.retry,
        row_number() OVER (PARTITION BY b.run_id, s.task_id, s.epoch ORDER BY
            CASE coalesce(f.of.status, 'abandoned') WHEN 'abandoned' THEN 0 WHEN 'error' THEN 1
            ELSE 2 END DESC, s.retry DESC) = 1,
        coalesce(f.of.status, 'abandoned'), s.worker,
        make_timestamp(CAST(s."at" * 1e6 AS BIGINT)), f.of.run_id, t.level, t.cluster, NULL,
        f.of.prediction, f.of.score, f.of.score >= 1, f.of.stop_reason, f.of.confidence,
        f.of.rounds, f.of.steps, f.of.usage.uncached_input, f.of.usage.cache_read,
        f.of.usage.cache_write, f.of.usage.output, f.of.usage.reasoning, f.of.usage.is_estimate,
        f.of.usage.uncached_input + f.of.usage.cache_read + f.of.usage.cache_write
            + f.of.usage.output + f.of.usage.reasoning,
        f.of.cost_usd, f.of.cost_usd IS NOT NULL, f.of.billed_usd, f.of.judge_usd, f.of.wall_s,
        f.of.cpu_s, f.of.entities_required, f.of.entities_found, f.of.error, f.of.detail
    FROM (SELECT DISTINCT ON (attempt) * FROM lines WHERE type = 'attempt.started') AS s
    JOIN mine AS b USING (agent_sha256)
    LEFT JOIN (SELECT DISTINCT ON (attempt) attempt, "of" FROM lines
        WHERE type = 'attempt.finished'
        ORDER BY attempt, revision DESC NULLS LAST, ("of".status = 'abandoned')) AS f
    USING (attempt)
    LEFT JOIN tasks AS t ON t.suite_sha256 = s.suite_sha256 AND t.task_id = s.task_id
"""


def _take_in_lines(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path], folder: Path
) -> int:
    columns = columns_of(
        {
            "type": "VARCHAR",
            "at": "DOUBLE",
            "attempt": "VARCHAR",
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
        [[str(path) for path in files]],
    )
    connection.execute(
        "CREATE TEMP TABLE mine AS SELECT run_id, agent_sha256 FROM runs WHERE folder = ?",
        [str(folder.absolute())],
    )
    connection.execute(
        "CREATE TEMP VIEW happened AS SELECT m.run_id, l.attempt AS attempt_id, l.event AS e "
        "FROM lines AS l JOIN (SELECT DISTINCT attempt, agent_sha256 FROM lines "
        "WHERE type = 'attempt.started') AS s USING (attempt) JOIN mine AS m "
        "ON m.agent_sha256 = s.agent_sha256 WHERE l.type = 'event'"
    )
    connection.execute(_BENCH_ATTEMPTS)
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


def _manifest(folder: Path) -> JsonObject:
    path = folder / "bench.json"
    try:
        return cast(JsonObject, json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as err:
        raise SetupError(f"{folder} holds no benchmark run (no bench.json)") from err
    except (OSError, ValueError) as err:
        raise SetupError(f"cannot read {path}: {err}") from err


def _runs_of(manifest: JsonObject, folder: Path) -> list[list[JsonValue]]:
    """Return a row for each agent of a benchmark run."""
    agents = cast(Sequence[JsonObject], manifest["agents"])
    digests = cast(Sequence[str], manifest["agent_sha256s"])
    suite = cast(JsonObject, manifest["suite"])
    bench_id = str(manifest["bench_id"])
    return [
        [
            bench_id if len(agents) == 1 else f"{bench_id}/{agent['name']}",
            bench_id,
            str(folder.absolute()),
            agent["name"],
            digest,
            as_json(agent),
            suite["name"],
            suite["sha256"],
            len(cast(Sequence[JsonValue], suite["tasks"])),
            manifest.get("epochs", 1),
            manifest.get("seed"),
            manifest.get("price_book") if agent.get("model") else None,
            manifest.get("human_usd"),
            agent.get("is_simulation", False),
            manifest["created_at"],
            manifest.get("sonde"),
        ]
        for agent, digest in zip(agents, digests, strict=True)
    ]


def _write_suite(connection: duckdb.DuckDBPyConnection, manifest: JsonObject) -> None:
    suite = cast(JsonObject, manifest["suite"])
    tasks = cast(Sequence[JsonObject], suite["tasks"])
    sha256 = suite["sha256"]
    (known,) = connection.execute(
        "SELECT count(*) FROM tasks WHERE suite_sha256 = ?", [sha256]
    ).fetchall()[0]
    if known >= len(tasks):
        return
    connection.execute("DELETE FROM suites WHERE suite_sha256 = ?", [sha256])
    connection.execute("DELETE FROM tasks WHERE suite_sha256 = ?", [sha256])
    connection.execute(
        "INSERT INTO suites VALUES (?, ?, ?, ?)",
        [sha256, suite["name"], suite["scorer"], len(tasks)],
    )
    connection.execute(
        "INSERT INTO tasks SELECT ?, t.id, t.number, t.level, t.cluster FROM (SELECT "
        'unnest(from_json(?, \'[{"id":"VARCHAR","number":"INTEGER","level":"VARCHAR",'
        '"cluster":"VARCHAR"}]\')) AS t)',
        [sha256, as_json([{**task, "number": i} for i, task in enumerate(tasks, start=1)])],
    )


def _write_book(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write a frozen price book, once."""
    book = cast(JsonObject, json.loads(path.read_text(encoding="utf-8")))
    content = cast(JsonObject, book["content"])
    known = connection.execute(
        "SELECT count(*) FROM price_books WHERE book_id = ?", [book["book_id"]]
    ).fetchall()
    if known[0][0]:
        return
    connection.execute(
        "INSERT INTO price_books VALUES (?, ?, ?)",
        [book["book_id"], book["sha256"], content.get("since")],
    )
    rows = [
        {"model": model, "is_own": part == "prices", **row}
        for part in ("prices", "listed")
        for model, price in cast(dict[str, JsonObject], content.get(part, {})).items()
        for row in _rates(price)
    ]
    connection.execute(
        "INSERT INTO prices SELECT ?, r.model, r.is_own, r.kind, r.usd, r.above FROM (SELECT "
        'unnest(from_json(?, \'[{"model":"VARCHAR","is_own":"BOOLEAN","kind":"VARCHAR",'
        '"usd":"DOUBLE","above":"BIGINT"}]\')) AS r)',
        [book["book_id"], as_json(rows)],
    )


def _rates(price: JsonObject, above: int = 0) -> Iterable[dict[str, JsonValue]]:
    """Yield the rates of a price, then those of its tiers."""
    for name, value in price.items():
        if name.endswith("_per_mtok") and value is not None:
            yield {"kind": name.removesuffix("_per_mtok"), "usd": value, "above": above}
    for tier in cast(Sequence[JsonObject], price.get("tiers") or ()):
        yield from _rates(
            cast(JsonObject, tier["price"]), above=int(str(tier["above_prompt_tokens"]))
        )


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
