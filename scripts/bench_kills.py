"""Kill a benchmark run in the middle, several times, and count what is left: nothing may be lost.

Usage: python scripts/bench_kills.py [--tasks 200] [--kills 3] [--executor local|procs|ray]
       [--stop] [--url URL]

The run asks a server on this machine, whose own count of requests and tokens is the truth. With
`local` the whole run is killed (SIGKILL) and resumed; with `procs` and `ray` one worker is, or with
`--stop` is stopped and stays alive. With a URL the run is kept there, and what is counted in the
end is what another machine brings from it. Prints what was found as JSON, and fails where it does
not add up.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from loopback import Session, TaskTold, loopback_server

from sonde.benchmarks.remote.place import bench_place
from sonde.benchmarks.runner.loading import load_run
from sonde.memory.home import Home

_CALLS = 3
_COMPLETION = 20  # tokens of every reply of the server
_LONGEST_S = 600.0
_SCRIPTS = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a run came to, by its own journals and by the server's count."""

    tasks: int
    """Tasks of the suite."""
    scored: int
    """Tasks with exactly one last attempt, and that one right."""
    kills: int
    """How often a process was killed."""
    abandoned: int
    """Attempts that were under way then."""
    calls: int
    """Calls whose reply came back."""
    lost_calls: int
    """Calls that were under way at a kill."""
    server_requests: int
    """Requests that the server served."""
    tokens: int
    """Tokens of the calls that came back, by the journals."""
    server_tokens_of_lost: int
    """Tokens that the server counted for calls that were under way at a kill."""
    server_tokens: int
    """All tokens that the server counted."""
    largest: int
    """Most requests that the server had at a time."""
    refusals: int
    """Requests that it refused with 429."""
    wall_s: float
    """Seconds of all sittings."""


def main() -> None:
    """Run, kill, resume, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=200)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--conn", type=int, default=16)
    parser.add_argument("--delay", type=float, default=0.05)
    parser.add_argument("--most", type=int, default=None, help="the server refuses beyond so many")
    parser.add_argument("--executor", choices=("local", "procs", "ray"), default="local")
    parser.add_argument("--stop", action="store_true", help="stop a worker instead of killing it")
    parser.add_argument("--url", default=None, help="keep the run there, such as s3://bucket/run")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, loopback_server(seconds=900) as server:
        folder = Path(name)
        session = server.session(delay_s=chosen.delay, most=chosen.most)
        _write_suite(folder, chosen.tasks, session)
        start = time.monotonic()
        kills = _run_and_kill(folder, chosen)
        wall_s = time.monotonic() - start
        seen = _run_folder(folder)
        if chosen.url is not None:
            seen = bench_place(chosen.url, Home(folder / "another-machine")).folder
        found = _count(seen, session, kills=kills, wall_s=wall_s)
    print(json.dumps(asdict(found), indent=1))
    _check(found, most=chosen.most, conn=chosen.conn)


def _write_suite(folder: Path, tasks: int, session: Session) -> None:
    rows = [
        {"id": f"t{n}", "input": f"Sound the deep. [[calls={_CALLS} task=t{n}]]", "target": "done"}
        for n in range(tasks)
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "soundings.jsonl").write_text(text, encoding="utf-8")
    agent = {"model": "openai:tiny", "base_url": session.base_url, "tools": ["bench_tools:step"]}
    (folder / "sounder.yaml").write_text(json.dumps(agent), encoding="utf-8")


def _run_and_kill(folder: Path, chosen: argparse.Namespace) -> int:
    """Run to the end over as many sittings as it takes, and return how often it was killed."""
    begin = ["run", str(folder / "soundings.jsonl"), "--agent", str(folder / "sounder.yaml")]
    out = chosen.url or str(folder / "run")
    begin += ["--out", out, "--max-conn", str(chosen.conn)]
    marks = [chosen.tasks * k // (chosen.kills + 1) for k in range(1, chosen.kills + 1)]
    process = _start(folder, [*begin, "--executor", chosen.executor])
    for mark in marks:
        if not _wait_until(folder, process, finished=mark):
            break
        if chosen.executor == "local":
            process.kill()
            process.wait()
            process = _start(folder, ["resume", out])
        else:
            os.kill(_pid_at_work(folder), signal.SIGSTOP if chosen.stop else signal.SIGKILL)
    code = process.wait(timeout=_LONGEST_S)
    if code:
        raise SystemExit(f"the run ended with {code}")
    again = _start(folder, ["resume", out])
    if again.wait(timeout=_LONGEST_S):
        raise SystemExit("a finished run started again did not end with 0")
    return len(marks)


def _start(folder: Path, arguments: list[str]) -> "subprocess.Popen[bytes]":
    environ = {**os.environ, "PYTHONPATH": str(_SCRIPTS), "SONDE_HOME": str(folder / "home")}
    command = [sys.executable, "-m", "sonde", "bench", *arguments, "-q"]
    return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)


def _wait_until(folder: Path, process: "subprocess.Popen[bytes]", *, finished: int) -> bool:
    """Wait until so many attempts have ended; return whether the run still goes on."""
    until = time.monotonic() + _LONGEST_S
    while process.poll() is None and time.monotonic() < until:
        types = [line["type"] for line in _lines(_run_folder(folder))]
        if types.count("attempt.finished") >= finished:
            return True
        time.sleep(0.02)
    return False


def _pid_at_work(folder: Path) -> int:
    """Return the process that began an attempt last."""
    started = [line for line in _lines(_run_folder(folder)) if line["type"] == "attempt.started"]
    return int(max(started, key=lambda line: line["at"])["pid"])


def _run_folder(folder: Path) -> Path:
    """Return where the run stands on this machine: its folder, or the mirror of its URL."""
    mirrors = sorted((folder / "home" / "bench-mirrors").glob("*"))
    return mirrors[0] if mirrors else folder / "run"


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("journal-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue


def _count(folder: Path, session: Session, *, kills: int, wall_s: float) -> Found:
    run = load_run(folder)
    told = session.told()
    ours = _calls_of_tasks(folder)
    matched = [_match(ours[task], told["tasks"][task]) for task in told["tasks"]]
    places = [(attempt.task_id, attempt.epoch) for attempt in run.attempts]
    right = [attempt for attempt in run.attempts if attempt.score == 1.0]
    return Found(
        tasks=len(run.task_ids),
        scored=len(right) if len(places) == len(set(places)) else -1,
        kills=kills,
        abandoned=sum(attempt.status == "abandoned" for attempt in run.earlier),
        calls=sum(tokens is not None for calls in ours.values() for tokens in calls),
        lost_calls=sum(tokens is None for calls in ours.values() for tokens in calls),
        server_requests=sum(task["requests"] for task in told["tasks"].values()),
        tokens=sum(tokens or 0 for calls in ours.values() for tokens in calls),
        server_tokens_of_lost=sum(matched),
        server_tokens=sum(
            task["prompt"] + _COMPLETION * task["requests"] for task in told["tasks"].values()
        ),
        largest=told["crowd"]["largest"],
        refusals=told["crowd"]["refusals"],
        wall_s=round(wall_s, 1),
    )


def _calls_of_tasks(folder: Path) -> dict[str, list[int | None]]:
    """Return the tokens of each task's calls in the order in which they began; None was lost."""
    task_of: dict[str, str] = {}
    began: dict[tuple[str, str], float] = {}
    took: dict[tuple[str, str], int] = {}
    for line in _lines(folder):
        if line["type"] == "attempt.started":
            task_of[line["attempt"]] = line["task_id"]
        elif line["type"] == "event" and line["event"]["type"] == "model.started":
            began[line["attempt"], line["event"]["call_id"]] = line["event"]["at"]
        elif line["type"] == "event" and line["event"]["type"] == "model.called":
            usage = line["event"]["usage"]
            parts = ("uncached_input", "cache_read", "cache_write", "output", "reasoning")
            if usage["output"] is not None:
                key = (line["attempt"], line["event"]["call_id"])
                took[key] = sum(usage[part] for part in parts)
    calls: dict[str, list[int | None]] = defaultdict(list)
    for key in sorted(began, key=lambda each: began[each]):
        calls[task_of[key[0]]].append(took.get(key))
    return calls


def _match(ours: list[int | None], told: TaskTold) -> int:
    """Return the server's tokens for a task's lost calls, call by call.

    Raises:
        SystemExit: A call that came back differs from the server's count, or the server served one
            that stands in no journal.
    """
    theirs = [prompt + _COMPLETION for prompt in told["prompts"]]
    lost, spare, at = 0, sum(tokens is None for tokens in ours), 0
    for tokens in (each for each in ours if each is not None):
        while at < len(theirs) and theirs[at] != tokens:
            lost, spare, at = lost + theirs[at], spare - 1, at + 1
        if at == len(theirs):
            raise SystemExit(f"a call of {tokens} tokens is not on the server's list: {theirs}")
        at += 1
    rest = theirs[at:]
    if spare - len(rest) < 0:
        raise SystemExit(f"the server served calls that stand in no journal: {ours} and {theirs}")
    return lost + sum(rest)


def _check(found: Found, *, most: int | None, conn: int) -> None:
    """Fail where the figures do not add up."""
    checks = {
        "every task ends exactly once, and right": found.scored == found.tasks,
        "the token total equals the server's": found.tokens + found.server_tokens_of_lost
        == found.server_tokens,
        "every request stands in a journal": found.calls
        <= found.server_requests
        <= found.calls + found.lost_calls,
        "no more at a time than allowed": found.largest <= min(conn, most or conn),
    }
    failed = [what for what, holds in checks.items() if not holds]
    if failed:
        raise SystemExit(f"does not hold: {'; '.join(failed)}")


if __name__ == "__main__":
    main()
