"""The warehouse: journals in bulk, idempotent; unknown stays unknown; questions change nothing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sonde.costs.frozen_book import freeze
from sonde.costs.pricing import ModelPrice, PriceBook
from sonde.memory.home import Home
from sonde.memory.warehouse.bench_list import listed_benches, remember_bench
from sonde.memory.warehouse.queries import QUERIES
from sonde.memory.warehouse.taking_in import take_in_asked, take_in_bench
from sonde.memory.warehouse.upkeep import bring_up_to_date
from sonde.memory.warehouse.warehouse import Warehouse, export_parquet
from sonde.records.errors import SetupError

_USAGE = {"uncached_input": 100, "cache_read": 50, "cache_write": 0, "output": 20, "reasoning": 5}
_UNKNOWN = dict.fromkeys(_USAGE)
_AGENT, _SUITE = "a" * 64, "s" * 64


def _event(of: str, kind: str, **fields: object) -> dict[str, object]:
    return {
        "type": "event",
        "attempt": of,
        "event": {"type": kind, "at": 1.75e9, "round": 1, **fields},
    }


def _started(attempt: str, task: str, retry: int = 0) -> dict[str, object]:
    return {
        "type": "attempt.started",
        "at": 1.75e9,
        "attempt": attempt,
        "worker": "main",
        "suite_sha256": _SUITE,
        "agent_sha256": _AGENT,
        "task_id": task,
        "epoch": 1,
        "retry": retry,
    }


def _finished(attempt: str, **fields: Any) -> dict[str, object]:
    return {"type": "attempt.finished", "at": 1.75e9, "attempt": attempt, "of": fields}


def _lines() -> Iterator[dict[str, object]]:
    """Two attempts at t1, the first one lost in the middle of a call; one at t2."""
    yield _started("x1", "t1")
    yield _event("x1", "model.started", call_id="c1", model="m", worst_tokens=900, worst_usd=0.5)
    yield _started("x2", "t1", retry=1)
    yield _event("x2", "model.started", call_id="c1", model="m", worst_tokens=900, worst_usd=0.5)
    yield _event("x2", "model.retried", call_id="c1", attempt=1, error="429", usage=_UNKNOWN)
    yield _event(
        "x2", "model.called", call_id="c1", model="m", usage=_USAGE, cost_usd=0.25, wall_s=1.5
    )
    yield _event("x2", "tool.returned", tool="look", result_id="d", evidence_ids=["e1"], wall_s=0.1)
    yield _event("x2", "uncertainty", top="42", probability=0.9, entropy_nats=0.3)
    yield _finished("x2", status="scored", score=1.0, usage=_USAGE, cost_usd=0.25, prediction="42")
    yield _started("x3", "t2")
    yield _finished("x3", status="error", usage=_UNKNOWN, cost_usd=None, error="no route")


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    folder = tmp_path / "bench"
    folder.mkdir()
    manifest = {
        "bench_id": "b1",
        "created_at": "2026-01-02T03:04:05Z",
        "suite": {
            "name": "tiny",
            "sha256": _SUITE,
            "scorer": "gaia",
            "tasks": [{"id": "t1", "level": "1"}, {"id": "t2"}],
        },
        "agents": [{"name": "one", "model": "m"}],
        "agent_sha256s": [_AGENT],
        "price_book": "book",
    }
    (folder / "bench.json").write_text(json.dumps(manifest), encoding="utf-8")
    lines = "".join(json.dumps(line) + "\n" for line in _lines())
    (folder / "journal-main.jsonl").write_text(lines + '{"type":"attempt.sta', encoding="utf-8")
    return folder


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with Warehouse(tmp_path / "w.duckdb") as opened:
        yield opened


def _all(warehouse: Warehouse, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in warehouse.ask(sql).rows]


def test_a_run_is_taken_in_with_its_calls_and_what_was_lost(
    warehouse: Warehouse, bench: Path
) -> None:
    taken = take_in_bench(warehouse, bench)
    assert (taken.lines, taken.is_new) == (11, True)
    assert _all(
        warehouse,
        "SELECT attempt_id, status, is_last, level, tokens, cost_known FROM attempts ORDER BY 1",
    ) == [
        ("x1", "abandoned", False, "1", None, False),
        ("x2", "scored", True, "1", 175, True),
        ("x3", "error", True, None, None, False),
    ]
    columns = "attempt_id, outcome, model, try_number, tokens, cost_usd, worst_tokens"
    assert _all(warehouse, f"SELECT {columns} FROM calls ORDER BY ALL") == [
        ("x1", "lost", "m", 0, None, None, 900),
        ("x2", "answered", "m", 0, 175, 0.25, None),
        ("x2", "retried", "m", 1, None, None, None),
    ]
    assert _all(warehouse, "SELECT agent, suite, tasks, price_book, epochs FROM runs") == [
        ("one", "tiny", 2, "book", 1)
    ]
    (row,) = _all(warehouse, QUERIES["runs"])
    assert row[:7] == ("one", "tiny", 2, 2, 1.0, 1, None)  # a part of the cost is unknown


def test_the_same_again_changes_nothing_and_more_is_added(
    warehouse: Warehouse, bench: Path
) -> None:
    take_in_bench(warehouse, bench)
    before = _all(warehouse, "SELECT * FROM attempts ORDER BY attempt_id")
    assert not take_in_bench(warehouse, bench).is_new
    with (bench / "journal-main.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n" + json.dumps(_started("x4", "t2", retry=1)) + "\n")
        file.write(json.dumps(_finished("x4", status="scored", score=0.0, usage=_USAGE)) + "\n")
    assert take_in_bench(warehouse, bench).is_new
    after = _all(warehouse, "SELECT * FROM attempts ORDER BY attempt_id")
    assert after[:2] == before[:2]
    assert _all(warehouse, "SELECT attempt_id FROM attempts WHERE is_last ORDER BY 1") == [
        ("x2",),
        ("x4",),
    ]
    assert _all(warehouse, "SELECT count(*) FROM runs") == [(1,)]


def test_runs_of_ask_are_taken_in_too(warehouse: Warehouse, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "runs" / "20260101-000000-aaaaaa"
    folder.mkdir(parents=True)
    result = {"answer": "Piccard", "stop_reason": "answered", "usage": _USAGE, "cost_usd": 0.5}
    events = [
        {"type": "run.started", "at": 1.0, "run_id": folder.name, "question": "Who?"},
        {"type": "model.called", "at": 2.0, "call_id": "c1", "model": "m", "usage": _USAGE},
        {"type": "answer.delta", "at": 3.0, "text": "Piccard"},
        {"type": "run.stopped", "at": 4.0, "result": result},
    ]
    text = "".join(json.dumps(event) + "\n" for event in events)
    (folder / "journal.jsonl").write_text(text, encoding="utf-8")
    take_in_asked(warehouse, folder.parent)
    assert not take_in_asked(warehouse, folder.parent).is_new
    assert _all(
        warehouse, "SELECT attempt_id, question, prediction, status, tokens, cost_usd FROM attempts"
    ) == [(folder.name, "Who?", "Piccard", "unscored", 175, 0.5)]
    assert _all(warehouse, "SELECT sender, receiver, text FROM messages") == [
        ("agent", "person", "Piccard")
    ]


def test_why_a_run_of_ask_failed_is_taken_in(warehouse: Warehouse, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "runs" / "20260101-000000-bbbbbb"
    folder.mkdir(parents=True)
    why = "the model failed: m at http://a.example: the connection failed"
    result = {"stop_reason": "provider_error", "stop_detail": "unreachable"}
    result |= {"usage": _USAGE, "warnings": ["a limit did not bind", why]}
    events = [
        {"type": "run.started", "at": 1.0, "run_id": folder.name, "question": "Who?"},
        {"type": "run.stopped", "at": 4.0, "result": result},
    ]
    text = "".join(json.dumps(event) + "\n" for event in events)
    (folder / "journal.jsonl").write_text(text, encoding="utf-8")
    take_in_asked(warehouse, folder.parent)
    assert _all(warehouse, "SELECT status, error FROM attempts") == [("error", why)]


def test_folders_that_are_listed_are_kept_up_to_date(
    warehouse: Warehouse, bench: Path, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    remember_bench(home, bench)
    remember_bench(home, bench)
    assert listed_benches(home) == [str(bench)]
    assert bring_up_to_date(warehouse, home) == 11
    assert bring_up_to_date(warehouse, home) == 0
    (bench / "bench.json").unlink()
    bring_up_to_date(warehouse, home)
    assert _all(warehouse, "SELECT count(*) FROM attempts") == [(0,)]


def test_every_question_that_ships_can_be_asked(warehouse: Warehouse, bench: Path) -> None:
    take_in_bench(warehouse, bench)
    for name, sql in QUERIES.items():
        assert warehouse.ask(sql).columns, name
    assert warehouse.ask(QUERIES["models"]).rows[0][:4] == ("b1", "m", "answered", 1)


def test_parquet_files_hold_the_same_rows(
    warehouse: Warehouse, bench: Path, tmp_path: Path
) -> None:
    take_in_bench(warehouse, bench)
    files = export_parquet(warehouse, tmp_path / "parquet")
    assert (tmp_path / "parquet" / "calls.parquet") in files
    read = f"SELECT count(*), sum(tokens) FROM '{tmp_path}/parquet/calls.parquet'"
    assert duckdb.connect().execute(read).fetchall() == [(3, 175)]


def test_a_book_is_taken_in_with_its_services_and_an_older_one_without(
    warehouse: Warehouse, bench: Path
) -> None:
    books = bench / "agents" / "price-books"
    old = PriceBook(
        book_id="old", prices={"m": ModelPrice(input_per_mtok=1.0, output_per_mtok=2.0)}
    )
    freeze(old, books)
    freeze(replace(old, book_id="new", services={"tavily": 0.008}), books)
    take_in_bench(warehouse, bench)
    assert _all(warehouse, "SELECT DISTINCT book_id, model FROM prices ORDER BY 1") == [
        ("new", "m"),
        ("old", "m"),
    ]
    assert _all(warehouse, "SELECT * FROM service_prices") == [("new", "tavily", 0.008)]


def test_what_cannot_be_done_is_told(warehouse: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="tables: price_books, prices"):
        warehouse.ask("SELECT * FROM nothing")
    with pytest.raises(SetupError, match=r"no bench\.json"):
        take_in_bench(warehouse, tmp_path)
    newer = tmp_path / "newer.duckdb"
    with Warehouse(newer) as opened, opened.writing() as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'version'")
    with pytest.raises(SetupError, match="newer version"):
        Warehouse(newer)


def test_sums_with_an_unknown_part_are_unknown(warehouse: Warehouse, bench: Path) -> None:
    """t2 broke: what it took is unknown, and so is what both took together."""
    take_in_bench(warehouse, bench)
    (run,) = warehouse.ask(QUERIES["runs"]).rows
    assert (run[6], run[7]) == (None, None)
    models = {row[2]: row[4:6] for row in warehouse.ask(QUERIES["models"]).rows}
    assert models == {"answered": (175, 0.25), "retried": (None, None), "lost": (None, None)}
    (round_,) = warehouse.ask(QUERIES["rounds"]).rows
    assert round_[-1] is None
    means = {row[0]: row[-1] for row in warehouse.ask(QUERIES["hardest"]).rows}
    assert means == {"t1": 0.25}


def test_a_folder_named_after_a_lock_is_no_lock(tmp_path: Path) -> None:
    folder = tmp_path / "padlock" / "w.duckdb"
    folder.mkdir(parents=True)  # a folder where the file should be
    with pytest.raises(SetupError, match="cannot open the warehouse"):
        Warehouse(folder)
