"""Executors by their names, as the command line knows them."""

from functools import partial
from math import ceil
from typing import Literal, TypeAlias

from ...costs.purse import Sum
from ..runner.bench import MakeExecutor, Sitting, local_executor
from ..runner.workbench import Workbench
from .crew import CrewExecutor, Hire, posts_of
from .executor import Executor
from .procs import ProcessWorker
from .worker_side import Share

ExecutorName: TypeAlias = Literal["local", "procs", "ray"]
"""Where attempts are made: in this process, in processes, or in a Ray cluster."""


def executor_maker(name: ExecutorName, *, workers: int) -> MakeExecutor:
    """Return what makes an executor.

    Args:
        name: Where attempts are made.
        workers: How many workers; `local` has one.
    """
    return local_executor if name == "local" else partial(_crew, name, workers)


def _crew(name: ExecutorName, workers: int, sitting: Sitting, _: Workbench) -> Executor:
    share = share_of(sitting, workers)
    return CrewExecutor(
        _hire(name, sitting, share),
        posts=posts_of(name if sitting.worker == "main" else f"{sitting.worker}-{name}", workers),
        slots=share.max_conn,
        folder=sitting.folder,
        journal=sitting.journal,
        suite_sha256=sitting.manifest.suite.sha256,
    )


def _hire(name: ExecutorName, sitting: Sitting, share: Share) -> Hire:
    if name == "ray":
        from .ray_cluster import ray_hire  # here: Ray is an extra

        return ray_hire(sitting.folder, share)

    async def hire(worker: str, spent: Sum) -> ProcessWorker:
        return await ProcessWorker.start(sitting.folder, worker, share.less(spent))

    return hire


def share_of(sitting: Sitting, workers: int) -> Share:
    """Return one worker's part of what is left of the limits."""
    spent: Sum = sitting.purse.at_most
    usd, tokens = sitting.manifest.max_usd, sitting.manifest.max_tokens
    return Share(
        max_conn=ceil(sitting.manifest.max_conn / workers),
        usd=None if usd is None else max(0.0, usd - (spent.usd or 0.0)) / workers,
        tokens=None if tokens is None else max(0, tokens - spent.tokens) // workers,
    )
