"""Executors by their names, as the command line knows them."""

from functools import partial
from typing import Literal, TypeAlias

from ...records.errors import SetupError
from ..remote.mirror import Mirror
from ..runner.bench import MakeExecutor, Sitting, local_executor
from ..runner.workbench import Workbench
from .crew import CrewExecutor, Hire
from .executor import Executor
from .procs import ProcessWorker
from .worker_side import Share

ExecutorName: TypeAlias = Literal["local", "procs", "ray"]
"""Where attempts are made: in this process, in processes, or in a Ray cluster."""


def executor_maker(
    name: ExecutorName, *, workers: int, mirror: Mirror | None = None
) -> MakeExecutor:
    """Return what makes an executor.

    Args:
        name: Where attempts are made.
        workers: How many workers at most; `local` has one.
        mirror: What keeps the run behind a URL; actors then work in mirrors of their own machines.
    """
    return local_executor if name == "local" else partial(_crew, name, workers, mirror)


def _crew(
    name: ExecutorName, workers: int, mirror: Mirror | None, sitting: Sitting, _: Workbench
) -> Executor:
    place = name if sitting.worker == "main" else f"{sitting.worker}-{name}"
    shares = shares_of(sitting, workers)
    return CrewExecutor(
        _hire(name, sitting, mirror),
        posts={f"{place}-{number}": share for number, share in enumerate(shares, start=1)},
        folder=sitting.folder,
        journal=sitting.journal,
        suite_sha256=sitting.manifest.suite.sha256,
        fetch=None if mirror is None or name != "ray" else mirror.pull,
    )


def _hire(name: ExecutorName, sitting: Sitting, mirror: Mirror | None) -> Hire:
    if name == "ray":
        from .ray_cluster import ray_hire  # here: Ray is an extra

        if mirror is None:
            return ray_hire(str(sitting.folder.absolute()))
        mirror.push()  # the manifest, which the actors begin with
        return ray_hire(mirror.store.address)

    async def hire(worker: str, share: Share) -> ProcessWorker:
        return await ProcessWorker.start(sitting.folder, worker, share)

    return hire


def shares_of(sitting: Sitting, workers: int) -> list[Share]:
    """Return each worker's part of what is left of the limits; together they keep every one.

    There are no more workers than attempts that may be made at a time.

    Raises:
        SetupError: There are no workers.
    """
    if workers < 1:
        raise SetupError(f"{workers} workers do nothing; give --workers 1 or more")
    manifest, spent = sitting.manifest, sitting.purse.at_most
    workers = min(workers, manifest.max_conn)
    each, left = divmod(manifest.max_conn, workers)
    usd, tokens = manifest.max_usd, manifest.max_tokens
    share = Share(
        max_conn=each,
        usd=None if usd is None else max(0.0, usd - (spent.usd or 0.0)) / workers,
        tokens=None if tokens is None else max(0, tokens - spent.tokens) // workers,
    )
    return [share._replace(max_conn=each + (at < left)) for at in range(workers)]
