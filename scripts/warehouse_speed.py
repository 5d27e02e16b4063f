"""How fast the warehouse takes journals in, and how fast it answers over a million calls.

Usage: python scripts/warehouse_speed.py [--attempts 50000] [--calls 1000000]
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from sonde.memory.warehouse.queries import QUERIES
from sonde.memory.warehouse.taking_in import take_in_bench
from sonde.memory.warehouse.warehouse import Warehouse

_AGENT = "a" * 64
_SUITE = "b" * 64
_USAGE = {
    "uncached_input": 812,
    "cache_read": 1024,
    "cache_write": 0,
    "output": 96,
    "reasoning": 0,
    "is_estimate": False,
}
_CALLS_AN_ATTEMPT = 4


def main() -> None:
    """Measure, and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=50_000)
    parser.add_argument("--calls", type=int, default=1_000_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _take_in(Path(folder), chosen.attempts)
        _ask(Path(folder), chosen.calls)


def _take_in(folder: Path, attempts: int) -> None:
    bench = folder / "bench"
    bench.mkdir()
    manifest = {
        "bench_id": "speed",
        "created_at": "2026-01-01T00:00:00Z",
        "suite": {
            "name": "speed",
            "sha256": _SUITE,
            "scorer": "gaia",
            "tasks": [{"id": f"t{number}"} for number in range(attempts)],
        },
        "agents": [{"name": "one"}],
        "agent_sha256s": [_AGENT],
    }
    (bench / "bench.json").write_text(json.dumps(manifest), encoding="utf-8")
    path = bench / "journal-main.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(attempts):
            file.writelines(json.dumps(line) + "\n" for line in _attempt(number))
    with Warehouse(folder / "taken.duckdb") as warehouse:
        start, cpu = time.perf_counter(), time.process_time()
        taken = take_in_bench(warehouse, bench)
        wall, cpu = time.perf_counter() - start, time.process_time() - cpu
        start = time.perf_counter()
        take_in_bench(warehouse, bench)
        again = time.perf_counter() - start
        counts = warehouse.ask(
            "SELECT (SELECT count(*) FROM attempts), (SELECT count(*) FROM calls), "
            "(SELECT count(*) FROM tool_calls), (SELECT count(*) FROM policy_events)"
        ).rows[0]
    rows = sum(int(str(each)) for each in counts)
    size = path.stat().st_size / 1e6
    print("| journal | lines | rows | wall | lines/s | rows/s | CPU | the same again |")
    print("|---|---|---|---|---|---|---|---|")
    print(
        f"| {size:.0f} MB | {taken.lines:,} | {rows:,} | {wall:.2f} s | {taken.lines / wall:,.0f} "
        f"| {rows / wall:,.0f} | {cpu:.2f} s | {again * 1e3:.1f} ms |"
    )


def _attempt(number: int) -> Iterator[dict[str, object]]:
    attempt, at = f"aaaaaaaa-{number:012x}-1-0", 1.7e9 + number
    yield {
        "type": "attempt.started",
        "at": at,
        "attempt": attempt,
        "worker": "main",
        "suite_sha256": _SUITE,
        "agent_sha256": _AGENT,
        "task_id": f"t{number}",
        "epoch": 1,
        "retry": 0,
    }
    for call in range(1, _CALLS_AN_ATTEMPT + 1):
        for event in _round(call, at + call):
            yield {"type": "event", "attempt": attempt, "event": event}
    yield {
        "type": "attempt.finished",
        "at": at + 9,
        "attempt": attempt,
        "of": {
            "task_id": f"t{number}",
            "epoch": 1,
            "agent_sha256": _AGENT,
            "retry": 0,
            "status": "scored",
            "score": number % 2,
            "usage": _USAGE,
            "cost_usd": 0.01,
            "wall_s": 9.0,
            "detail": {"calls": 4},
        },
    }


def _round(number: int, at: float) -> Iterator[dict[str, object]]:
    call = {"at": at, "round": number, "call_id": f"c{number}", "model": "gpt-5-mini"}
    yield {"type": "model.started", **call, "worst_tokens": 9_000, "worst_usd": 0.02}
    yield {"type": "model.called", **call, "usage": _USAGE, "cost_usd": 0.0025, "wall_s": 1.5}
    yield {"type": "decision.made", "at": at, "round": number, "kind": "act", "report_tokens": 80}
    yield {
        "type": "tool.returned",
        "at": at,
        "round": number,
        "tool": "search_corpus",
        "result_id": "d" * 32,
        "evidence_ids": ["e1", "e2"],
        "new_evidence": 1,
        "is_error": False,
        "wall_s": 0.01,
    }


def _ask(folder: Path, calls: int) -> None:
    with Warehouse(folder / "asked.duckdb") as warehouse:
        _fill(warehouse, calls)
        print(f"\n| question over {calls:,} calls | median | CPU | rows |")
        print("|---|---|---|---|")
        for name, sql in QUERIES.items():
            walls: list[float] = []
            cpus: list[float] = []
            rows = 0
            for _ in range(5):
                start, cpu = time.perf_counter(), time.process_time()
                rows = len(warehouse.ask(sql).rows)
                walls.append(time.perf_counter() - start)
                cpus.append(time.process_time() - cpu)
            told = f"{median(walls) * 1e3:.0f} ms | {median(cpus) * 1e3:.0f} ms"
            print(f"| {name} | {told} | {rows:,} |")


def _fill(warehouse: Warehouse, calls: int) -> None:
    """Make a hundred runs of so many calls together, four to an attempt."""
    attempts = calls // _CALLS_AN_ATTEMPT
    with warehouse.writing() as connection:
        connection.execute(
            "INSERT INTO runs (run_id, agent, suite, tasks, epochs) "
            "SELECT 'run' || i, 'agent' || i, 'speed', ?, 1 FROM range(100) AS t(i)",
            [attempts // 100],
        )
        connection.execute(
            "INSERT INTO attempts (run_id, attempt_id, task_id, epoch, retry, is_last, status, "
            "level, score, cost_usd, cost_known, tokens, rounds, steps, wall_s) "
            "SELECT 'run' || (i % 100), 'a' || i, 't' || (i // 100), 1, 0, true, 'scored', "
            "CAST(i % 3 + 1 AS VARCHAR), (hash(i) % 2), 0.01 * (hash(i) % 7), true, 1000, 4, 3, "
            "(hash(i) % 1000) / 100 FROM range(?) AS t(i)",
            [attempts],
        )
        connection.execute(
            "INSERT INTO calls (run_id, attempt_id, call_id, try_number, happened_at, round, "
            "model, outcome, uncached_input, cache_read, cache_write, output, reasoning, tokens, "
            "cost_usd, wall_s) SELECT 'run' || (i // 4 % 100), 'a' || (i // 4), 'c' || "
            "(i % 4 + 1), 0, TIMESTAMP '2026-01-01' + INTERVAL (i) MILLISECOND, i % 4 + 1, "
            "'model' || (hash(i) % 5), 'answered', 800 + hash(i) % 400, 1024, 0, 96, 0, 2000, "
            "0.0025 * (hash(i) % 9), (hash(i) % 3000) / 1000 FROM range(?) AS t(i)",
            [calls],
        )
        connection.execute(
            "INSERT INTO tool_calls (run_id, attempt_id, tool, new_evidence, is_error, wall_s) "
            "SELECT run_id, attempt_id, 'tool' || (round % 3), 1, false, 0.1 FROM calls"
        )


if __name__ == "__main__":
    main()
