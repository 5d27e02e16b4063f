"""What a benchmark run's manifest and price books say, as rows."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

import duckdb

from ...records.errors import SetupError
from ...records.json_types import JsonObject, JsonValue
from .warehouse import as_json


def manifest_of(folder: Path) -> JsonObject:
    """Return the manifest of a folder as JSON.

    Raises:
        SetupError: There is none, or it cannot be read.
    """
    path = folder / "bench.json"
    try:
        return cast(JsonObject, json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as err:
        raise SetupError(f"{folder} holds no benchmark run (no bench.json)") from err
    except (OSError, ValueError) as err:
        raise SetupError(f"cannot read {path}: {err}") from err


def rows_of_runs(manifest: JsonObject, folder: Path) -> list[list[JsonValue]]:
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
            manifest.get("price_book") if _is_priced(agent) else None,
            manifest.get("human_usd"),
            agent.get("is_simulation", False),
            manifest["created_at"],
            manifest.get("sonde"),
        ]
        for agent, digest in zip(agents, digests, strict=True)
    ]


def _is_priced(agent: JsonObject) -> bool:
    """Return whether an agent asks a model or searches the web, or a member of its team does."""
    team = agent.get("team")
    members = cast(JsonObject, team).get("members", ()) if isinstance(team, dict) else ()
    return bool(agent.get("model") or agent.get("web")) or any(
        _is_priced(each) for each in cast(Sequence[JsonObject], members)
    )


def write_suite(connection: duckdb.DuckDBPyConnection, manifest: JsonObject) -> None:
    """Write a suite with its tasks, unless as many of them are there."""
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


def write_book(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
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
    services = cast(dict[str, float], content.get("services") or {})
    if services:
        connection.executemany(
            "INSERT INTO service_prices VALUES (?, ?, ?)",
            [[book["book_id"], seller, usd] for seller, usd in sorted(services.items())],
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
