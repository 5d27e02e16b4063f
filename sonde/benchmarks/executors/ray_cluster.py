"""The executor of a Ray cluster: each worker is an actor with a journal of its own.

Ray is an extra: `pip install 'sonde[ray]'`. A cluster that runs is joined (`RAY_ADDRESS`); else a
small one is started on this machine, without dashboard and usage reports.
"""

# Ray's types are open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
import asyncio
import os
import signal
from collections.abc import Awaitable
from contextlib import ExitStack, suppress
from typing import Any, cast

from pydantic import TypeAdapter

from ...records.attempt import Attempt
from ...records.errors import SetupError
from ...records.extras import install_hint
from ..remote.place import worked_in
from ..runner.spec import AttemptSpec
from .crew import Hire, WorkerLost
from .pulse import Pulse, until_silent
from .worker_side import Share, WorkerSide

_ATTEMPT = TypeAdapter(Attempt)
_OBJECT_STORE_BYTES = 150_000_000  # attempts are small; Ray's own default is a third of the memory
_PULSE = "pulse"  # a thread of the actor's own: an agent that computes does not hold it up


class _Actor:
    """What stands in the cluster: a worker's side, spoken to in JSON."""

    def __init__(self, place: str, name: str, share: Share) -> None:
        self._sending = ExitStack()
        folder = self._sending.enter_context(worked_in(place, name))
        self._side = WorkerSide(folder, name, share)

    async def make(self, spec: AttemptSpec) -> bytes:
        """Make an attempt."""
        return _ATTEMPT.dump_json(await self._side.make(spec))

    async def place(self) -> tuple[str, int]:
        """Return the node and the id of the actor's process; that it does is a sign of life."""
        import ray

        return ray.get_runtime_context().get_node_id(), os.getpid()

    async def aclose(self) -> None:
        """Close connections and the journal, and send the rest of it."""
        await self._side.aclose()
        self._sending.close()


class RayWorker:
    """An actor, as the driver sees it."""

    def __init__(self, actor: Any, pulse: Pulse) -> None:
        self._actor = actor
        self._signs = 0
        self._place: tuple[str, int] | None = None
        self._is_silent = asyncio.Event()
        self._tasks = [
            asyncio.create_task(self._listen(pulse)),
            asyncio.create_task(self._watch(pulse)),
        ]

    async def attempt(self, spec: AttemptSpec) -> Attempt:
        """Have an attempt made.

        Raises:
            WorkerLost: The actor is dead, or gives no sign any more.
            SetupError: The actor could not begin.
        """
        import ray.exceptions

        try:
            told = await self._unless_silent(self._actor.make.remote(spec))
        except ray.exceptions.ActorDiedError as err:
            if "SetupError" in str(err):  # it could not even be made; its own words
                raise SetupError(f"a worker of the cluster could not begin: {err}") from err
            raise WorkerLost(str(err)) from err
        except ray.exceptions.RayActorError as err:
            raise WorkerLost(str(err)) from err
        except ray.exceptions.RayTaskError as err:
            raise SetupError(f"a worker of the cluster failed: {err.cause}") from err
        return _ATTEMPT.validate_json(told)

    async def _unless_silent(self, reply: Awaitable[bytes]) -> bytes:
        """Wait for a reply as long as the actor is alive."""
        told = asyncio.ensure_future(reply)
        silent = asyncio.ensure_future(self._is_silent.wait())
        try:
            await asyncio.wait({told, silent}, return_when=asyncio.FIRST_COMPLETED)
            if not told.done():
                raise WorkerLost("a worker of the cluster gives no sign any more")
            return told.result()
        finally:
            told.cancel()
            silent.cancel()

    async def _listen(self, pulse: Pulse) -> None:
        import ray.exceptions

        ask = self._actor.place.options(concurrency_group=_PULSE)
        with suppress(ray.exceptions.RayError):  # dead: the attempts that wait hear of it too
            while True:
                self._place = await cast(Awaitable[tuple[str, int]], ask.remote())
                self._signs += 1
                await asyncio.sleep(pulse.beat_s)

    async def _watch(self, pulse: Pulse) -> None:
        """Give up an actor that gives no sign any more, and end it where it can be reached."""
        import ray

        await until_silent(lambda: self._signs, pulse)
        self._is_silent.set()
        ray.kill(self._actor)
        node, pid = self._place or ("", 0)
        if node == ray.get_runtime_context().get_node_id():  # one that is stopped hears no Ray
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    async def aclose(self) -> None:
        """Close the actor's files and end it."""
        import ray
        import ray.exceptions

        for task in self._tasks:
            task.cancel()
        if self._is_silent.is_set():
            return
        try:
            await cast(Awaitable[None], self._actor.aclose.remote())
        except ray.exceptions.RayTaskError as err:  # it could not send its journal; its own words
            raise SetupError(f"a worker of the cluster could not end: {err.cause}") from err
        except ray.exceptions.RayError:
            return  # it is dead already
        ray.kill(self._actor)


def ray_hire(place: str, pulse: Pulse) -> Hire:
    """Return what starts actors, with a cluster to start them in.

    Args:
        place: Folder of the run, under which all machines see it, or the URL that it is kept under.
        pulse: How an actor shows that it is alive, from its beginning on.

    Raises:
        SetupError: Ray is not installed.
    """
    join_cluster()
    import ray

    actor_class = cast(Any, ray.remote)(concurrency_groups={_PULSE: 1})(_Actor)
    pulse = pulse._replace(begin_s=None)  # a cluster may take its time to make room

    async def hire(name: str, share: Share) -> RayWorker:
        options = actor_class.options(max_concurrency=share.max_conn + 2, max_restarts=0)
        return RayWorker(options.remote(place, name, share), pulse)

    return hire


def join_cluster() -> None:
    """Join the cluster that `RAY_ADDRESS` names, or start a small one here.

    Raises:
        SetupError: Ray is not installed.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
    except ImportError as err:
        raise SetupError(f"the ray executor needs: {install_hint('ray')}") from err
    if ray.is_initialized():
        return
    if os.environ.get("RAY_ADDRESS"):
        ray.init(log_to_driver=False)
        return
    ray.init(
        include_dashboard=False,
        object_store_memory=_OBJECT_STORE_BYTES,
        log_to_driver=False,
        configure_logging=False,
        _node_ip_address="127.0.0.1",
    )
