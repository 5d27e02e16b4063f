"""Runs behind a URL, for tests: a sitting on one machine, and one that dies while it sends.

As a script: `remote_support.py URL SUITE HOME PART` begins a run and dies half-way through sending
the part of that number.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import fsspec
from fsspec.implementations.local import LocalFileSystem

from sonde.benchmarks.executors.choosing import ExecutorName, executor_maker
from sonde.benchmarks.remote.place import BenchPlace, bench_place, sent_as_it_comes
from sonde.benchmarks.runner.agent_config import AgentConfig
from sonde.benchmarks.runner.bench import Outcome, run_bench
from sonde.benchmarks.runner.planning import Wishes, plan_bench
from sonde.benchmarks.runner.spec import Shard
from sonde.memory.home import Home

PATIENT = AgentConfig(name="patient", factory="bench_support:clever", settings={"waits": "3"})
"""Begins task 3 only when something of the run has been sent."""


def sit(
    url: str,
    suite: Path,
    home: Path,
    *,
    agents: Sequence[AgentConfig] = (PATIENT,),
    shard: Shard | None = None,
    executor: ExecutorName = "local",
    **wishes: Any,
) -> tuple[BenchPlace, Outcome]:
    """Run a suite on the machine of a home, and return where and what came of it."""
    place = bench_place(url, Home(home))
    plan = plan_bench(Wishes(suite=str(suite), **wishes), agents)
    make = executor_maker(executor, workers=2, mirror=place.mirror)
    with sent_as_it_comes(place, shard, pause_s=0.01) as first_retry:
        work = run_bench(
            plan.manifest,
            plan.suite,
            place.folder,
            shard=shard,
            make_executor=make,
            first_retry=first_retry,
        )
        outcome = asyncio.run(work)
    return place, outcome


class FatalFiles(LocalFileSystem):
    """A folder; the process dies half-way through sending a part of a journal."""

    parts_left = 0

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **kwargs: Any) -> None:
        """Write, or write half and die."""
        if "/journal-" in path:
            type(self).parts_left -= 1
            if not self.parts_left:
                cast(Any, super()).pipe_file(path, value[: len(value) // 2], mode=mode, **kwargs)
                os.kill(os.getpid(), signal.SIGKILL)
        cast(Any, super()).pipe_file(path, value, mode=mode, **kwargs)


def main() -> None:
    """Run, and die."""
    url, suite, home, part = sys.argv[1:]
    FatalFiles.parts_left = int(part)
    cast(Any, fsspec).register_implementation("file", FatalFiles, clobber=True)
    sit(url, Path(suite), Path(home), max_conn=1)


if __name__ == "__main__":
    main()
