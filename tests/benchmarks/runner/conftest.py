"""A tiny suite, and agents that follow a script."""

import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from sonde.benchmarks.executors.choosing import ExecutorName, executor_maker
from sonde.benchmarks.executors.pulse import Pulse
from sonde.benchmarks.runner.agent_config import AgentConfig
from sonde.benchmarks.runner.bench import Outcome, run_bench
from sonde.benchmarks.runner.planning import Wishes, plan_bench
from sonde.benchmarks.runner.spec import Shard

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # for tests that import what stands beside them


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let agents of these tests be named, here and in processes that a test starts."""
    monkeypatch.setattr(sys, "path", [str(HERE), *sys.path])
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    monkeypatch.setenv("SONDE_HOME", str(tmp_path / "home"))


@pytest.fixture
def suite_file(tmp_path: Path) -> Path:
    """Six tasks; the truth of the last is wrong, so that nobody gets it."""
    path = tmp_path / "doubles.jsonl"
    rows = [
        {"id": f"t{n}", "input": f"What is twice {n}?", "target": str(2 * n), "level": n % 2 + 1}
        for n in range(1, 6)
    ]
    rows.append({"id": "t6", "input": "What is twice 6?", "target": "13", "level": 1})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def clever(name: str = "clever", **fields: object) -> AgentConfig:
    """Return the configuration of the scripted agent."""
    return AgentConfig.model_validate({"name": name, "factory": "bench_support:clever", **fields})


@dataclass(frozen=True, slots=True)
class Bench:
    """Runs the tiny suite."""

    suite: Path
    """Its file."""
    folder: Path
    """Where runs go."""

    def run(
        self,
        agents: Sequence[AgentConfig] | None = None,
        *,
        shard: Shard | None = None,
        folder: Path | None = None,
        executor: ExecutorName = "local",
        pulse: Pulse | None = None,
        **wishes: object,
    ) -> Outcome:
        """Run agents over the suite; the clever one by default."""
        asked = Wishes(suite=str(self.suite), **wishes)  # pyright: ignore[reportArgumentType] -- as the test gives them
        plan = plan_bench(asked, agents or [clever()])
        work = run_bench(
            plan.manifest,
            plan.suite,
            folder or self.folder,
            shard=shard,
            make_executor=executor_maker(executor, workers=2, pulse=pulse),
        )
        return asyncio.run(work)


@pytest.fixture
def bench(suite_file: Path, tmp_path: Path) -> Bench:
    return Bench(suite_file, tmp_path / "run")


MakeConfig = Callable[..., AgentConfig]


@pytest.fixture
def make_config() -> MakeConfig:
    return clever
