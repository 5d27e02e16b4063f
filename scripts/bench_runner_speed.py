"""What the benchmark runner takes: many attempts of a scripted model, and many calls at 50 ms.

Usage: python scripts/bench_runner_speed.py [--attempts 10000] [--tasks 200] [--conn 50]

The first part asks a model that answers at once, in this process: all of its time is ours. Beside
it stand the same agents without the runner. The second asks a server on this machine that takes
50 ms for each of four calls a task; its own processor time is not counted.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from loopback import Session, loopback_server

from sonde import Agent, ModelPrice, PriceBook, ScriptedModel
from sonde.benchmarks.runner.agent_config import AgentConfig
from sonde.benchmarks.runner.bench import run_bench
from sonde.benchmarks.runner.loading import load_run
from sonde.benchmarks.runner.own_agents import AgentOrder
from sonde.benchmarks.runner.planning import Wishes, plan_bench

_PRICES = PriceBook(
    book_id="speed", prices={"scripted": ModelPrice(input_per_mtok=1.0, output_per_mtok=2.0)}
)
_CALLS = 4  # three uses of the tool and the answer
_DELAY_S = 0.05
_ALONE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What a piece of work took."""

    wall_s: float
    cpu_s: float
    peak_mb: float

    def row(self, name: str, count: int) -> str:
        """Return it as a row of a table."""
        return (
            f"| {name} | {count:,} | {self.wall_s:.1f} s | {1e3 * self.cpu_s / count:.2f} ms "
            f"| {self.peak_mb:.0f} MB |"
        )


def scripted(order: AgentOrder) -> Agent:
    """Return an agent whose model answers at once."""
    return _agent(order.home)


def _agent(home: Path) -> Agent:
    model = ScriptedModel(lambda _: "<report>known</report><answer>done</answer>")
    return Agent(model, home=home, environ={}, prices=_PRICES)


def main() -> None:
    """Measure, and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=10_000)
    parser.add_argument("--tasks", type=int, default=200)
    parser.add_argument("--conn", type=int, default=50)
    chosen = parser.parse_args()
    sys.modules["bench_runner_speed"] = sys.modules["__main__"]  # where the factory is named
    with tempfile.TemporaryDirectory() as name:
        os.environ["SONDE_HOME"] = f"{name}/home"
        _scripted(Path(name), chosen.attempts)
        _waiting(Path(name), chosen.tasks, chosen.conn)


def _scripted(folder: Path, attempts: int) -> None:
    print("| scripted model | attempts | wall | CPU an attempt | peak memory |")
    print("|---|---|---|---|---|")

    async def alone() -> None:
        agent = _agent(folder / "alone")
        for number in range(_ALONE):
            await agent.arun(f"What is {number}?")

    print(_measured(alone).row("agent alone", _ALONE))
    _write(folder / "many.jsonl", attempts, lambda number: f"What is {number}?")
    config = AgentConfig(name="scripted", factory="bench_runner_speed:scripted")
    took = _bench(folder, "many", config, conn=16)
    print(took.row("sonde bench run", attempts))
    run = load_run(folder / "many-run")
    assert sum(a.score or 0 for a in run.attempts) == attempts


def _waiting(folder: Path, tasks: int, conn: int) -> None:
    ideal = tasks * _CALLS * _DELAY_S / conn
    print(
        f"\n| {tasks} tasks of {_CALLS} calls at 50 ms, {conn} at a time | wall | ideal "
        "| times ideal | CPU a task |"
    )
    print("|---|---|---|---|---|")
    with loopback_server(seconds=300) as server:
        for name in ("cold", "warm", "warm again"):
            session = server.session(delay_s=_DELAY_S)
            key = name.replace(" ", "-")
            _write(folder / f"{key}.jsonl", tasks, lambda n: f"[[calls={_CALLS - 1} task=t{n}]]")
            took = _bench(folder, key, _sounder(session, key), conn=conn)
            assert session.bill().requests == tasks * _CALLS
            print(
                f"| {name} | {took.wall_s:.2f} s | {ideal:.2f} s | {took.wall_s / ideal:.1f} "
                f"| {1e3 * took.cpu_s / tasks:.1f} ms |"
            )


def _sounder(session: Session, name: str) -> AgentConfig:
    return AgentConfig(
        name=name,
        model="openai:tiny",
        base_url=session.base_url,
        tools=("bench_tools:step",),
    )


def _bench(folder: Path, name: str, config: AgentConfig, *, conn: int) -> Took:
    async def run() -> None:
        wishes = Wishes(suite=str(folder / f"{name}.jsonl"), max_conn=conn)
        plan = plan_bench(wishes, [config])
        await run_bench(plan.manifest, plan.suite, folder / f"{name}-run")

    return _measured(run)


def _write(path: Path, tasks: int, question: Callable[[int], str]) -> None:
    rows = [{"id": f"t{n}", "input": question(n), "target": "done"} for n in range(tasks)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _measured(work: Callable[[], Awaitable[None]]) -> Took:
    async def whole() -> None:
        await work()

    wall, cpu = time.perf_counter(), time.process_time()
    asyncio.run(whole())
    return Took(
        wall_s=time.perf_counter() - wall,
        cpu_s=time.process_time() - cpu,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000,
    )


if __name__ == "__main__":
    main()
