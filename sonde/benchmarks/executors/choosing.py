"""Executors by their names, as the command line knows them."""

from functools import partial
from typing import Literal, NamedTuple, TypeAlias

from ...records.errors import SetupError
from ..remote.mirror import Mirror
from ..runner.bench import MakeExecutor, Sitting, local_executor
from ..runner.workbench import Workbench
from .crew import CrewExecutor, Hire
from .executor import Executor
from .procs import ProcessWorker
from .pulse import Pulse
from .worker_side import Share

ExecutorName: TypeAlias = Literal["local", "procs", "ray"]
"""Where attempts are made: in this process, in processes, or in a Ray cluster."""


def executor_maker(
    name: ExecutorName,
    *,
    workers: int,
    mirror: Mirror | None = None,
    pulse: Pulse | None = None,
) -> MakeExecutor:
    """Return what makes an executor.

    Args:
        name: Where attempts are made.
        workers: How many workers at most; `local` has one.
        mirror: What keeps the run behind a URL; actors then work in mirrors of their own machines.
        pulse: How workers show that they are alive.
    """
    if name == "local":
        return local_executor
    return partial(_crew, _Crew(name, workers, mirror, pulse or Pulse()))


class _Crew(NamedTuple):
    """What kind of workers there are."""

    kind: ExecutorName
    workers: int
    mirror: Mirror | None
    pulse: Pulse


def _crew(crew: _Crew, sitting: Sitting, _: Workbench) -> Executor:
    name, mirror = crew.kind, crew.mirror
    place = name if sitting.worker == "main" else f"{sitting.worker}-{name}"
    shares = shares_of(sitting, crew.workers)
    return CrewExecutor(
        _hire(crew, sitting),
        posts={f"{place}-{number}": share for number, share in enumerate(shares, start=1)},
        folder=sitting.folder,
        journal=sitting.journal,
        suite_sha256=sitting.manifest.suite.sha256,
        fetch=None if mirror is None or name != "ray" else mirror.pull,
    )


def _hire(crew: _Crew, sitting: Sitting) -> Hire:
    mirror = crew.mirror
    if crew.kind == "ray":
        from .ray_cluster import ray_hire  # here: Ray is an extra

        if mirror is None:
            return ray_hire(str(sitting.folder.absolute()), crew.pulse)
        mirror.push()  # the manifest, which the actors begin with
        return ray_hire(mirror.store.address, crew.pulse)

    async def hire(worker: str, share: Share) -> ProcessWorker:
        return await ProcessWorker.start(sitting.folder, worker, share, pulse=crew.pulse)

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
