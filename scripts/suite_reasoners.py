"""What the reasoners that need no model make of the suites that ship: the table of docs/suites.md.

Usage: python scripts/suite_reasoners.py [--suite gaia-like ...] [--limit N]

Each suite is made anew and run by `sonde bench run SUITE --agent extractive`, or `exact` where the
task has a table and a person. `experiments` is left out: its answer is a number that no text holds.
"""

import argparse
import asyncio
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

from sonde.benchmarks.runner.agent_files import read_agents
from sonde.benchmarks.runner.bench import run_bench
from sonde.benchmarks.runner.loading import load_run
from sonde.benchmarks.runner.planning import Wishes, plan_bench
from sonde.records.attempt import Attempt

_AGENTS = {
    "gaia-like": "extractive",
    "web-leaps": "extractive",
    "shards": "extractive",
    "twenty-questions": "exact",
    "clarify": "exact",
}


def main() -> None:
    """Run the suites, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suite", nargs="*", choices=sorted(_AGENTS), default=list(_AGENTS))
    parser.add_argument("--limit", type=int, default=None, help="only the first tasks")
    chosen = parser.parse_args()
    print("| suite | level | reasoner | tasks | score | full | actions | ISR |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        os.environ["SONDE_HOME"] = f"{name}/home"
        for suite in chosen.suite:
            for row in _rows(suite, Path(name) / suite, limit=chosen.limit):
                print(row, flush=True)


def _rows(suite: str, folder: Path, *, limit: int | None) -> Iterator[str]:
    agent = _AGENTS[suite]
    plan = plan_bench(Wishes(suite=suite, limit=limit, max_conn=2), read_agents([agent]))
    asyncio.run(run_bench(plan.manifest, plan.suite, folder))
    levels: dict[str, list[Attempt]] = defaultdict(list)
    kinds = {task.id: task.metadata.get("kind") for task in plan.suite.tasks}
    for attempt in load_run(folder).attempts:
        levels[attempt.level or "all"].append(attempt)
        if kinds[attempt.task_id] == "look-up":
            levels["look-ups"].append(attempt)
    for level, attempts in sorted(levels.items()):
        yield f"| {suite} | {level} | {agent} | {_told(attempts)} |"


def _told(attempts: Sequence[Attempt]) -> str:
    scores = [attempt.score or 0.0 for attempt in attempts]
    actions = fmean(attempt.steps or 0 for attempt in attempts)
    shares = [
        attempt.entities_found / attempt.entities_required
        for attempt in attempts
        if attempt.entities_required and attempt.entities_found is not None
    ]
    isr = f"{fmean(shares):.2f}" if shares else ""
    full = sum(score == 1.0 for score in scores)
    return f"{len(scores)} | {fmean(scores):.2f} | {full} | {actions:.1f} | {isr}"


if __name__ == "__main__":
    main()
