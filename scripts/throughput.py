"""Wall time of many tasks at a time against a server that takes its time.

    python scripts/throughput.py [--tasks 200] [--at-a-time 50] [--latency-ms 50] [--repeats 3]

Each task is four calls of the model: three that call a trivial tool, and the answer. With 50 tasks
at a time and 50 ms a call, nothing can end sooner than 0.80 s. Each contestant runs in a process of
its own, the tasks in one event loop.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from typing import NamedTuple

from loopback import Session, loopback_server
from raw_clients import RAW
from sonde_client import SONDE
from task_meter import REPORT

_CONTESTANTS = {"httpx": RAW["httpx"], "openai client": RAW["append"], **SONDE}
_LONGEST_S = 300


class Load(NamedTuple):
    """What is to be done."""

    tasks: int
    at_a_time: int
    calls: int
    """Tool calls of a task, before its answer."""


def main() -> None:
    """Measure each contestant, or, with --one, be one."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tasks", type=int, default=200)
    options.add_argument("--at-a-time", type=int, default=50)
    options.add_argument("--latency-ms", type=float, default=50)
    options.add_argument("--calls", type=int, default=3)
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--one", nargs=2, metavar=("NAME", "BASE_URL"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        name, base_url = chosen.one
        took = _run(name, base_url, load=Load(chosen.tasks, chosen.at_a_time, chosen.calls))
        print(json.dumps(asyncio.run(took)))
        return
    requests = chosen.calls + 1
    ideal = chosen.tasks / chosen.at_a_time * requests * chosen.latency_ms / 1_000
    print(f"{chosen.tasks} tasks of {requests} requests; ideal {ideal:.2f} s")
    print(f"{'contestant':20}{'wall s':>9}{'x ideal':>9}{'least':>8}{'CPU ms/task':>13}")
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in _CONTESTANTS}
    with loopback_server() as server:
        for _ in range(chosen.repeats):
            for name, found in runs.items():
                report = REPORT if name in SONDE else ""
                session = server.session(report=report, delay_s=chosen.latency_ms / 1_000)
                found.append(_child(name, session))
    for name, found in runs.items():
        walls = [each["wall_s"] for each in found]
        wall, cpu = statistics.median(walls), statistics.median(each["cpu_s"] for each in found)
        row = f"{name:20}{wall:>9.2f}{wall / ideal:>9.1f}{min(walls) / ideal:>8.1f}"
        print(f"{row}{1_000 * cpu / chosen.tasks:>13.1f}")


def _child(name: str, session: Session) -> dict[str, float]:
    command = [sys.executable, __file__, *sys.argv[1:], "--one", name, session.base_url]
    child = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST_S)
    if child.returncode:
        raise RuntimeError(f"{name} failed: {child.stderr[-800:]}")
    return json.loads(child.stdout)


async def _run(name: str, base_url: str, *, load: Load) -> dict[str, float]:
    """Do all tasks in this process, after a warm-up of one."""
    do = _CONTESTANTS[name](base_url, load.calls)
    await do(1, "warm")
    room = asyncio.Semaphore(load.at_a_time)

    async def one(task: int) -> None:
        async with room:
            answer = await do(load.calls, f"t{task}")
        if "done" not in str(answer):
            raise RuntimeError(f"task {task} of {name} ended with {answer!r}, not 'done'")

    cpu, wall = time.process_time(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for task in range(load.tasks):
            group.create_task(one(task))
    return {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}


if __name__ == "__main__":
    main()
