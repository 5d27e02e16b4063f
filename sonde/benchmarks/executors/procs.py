"""The executor of processes: each worker is a Python process of its own, fed by a pipe."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import cast

from pydantic import TypeAdapter

from ...records.attempt import Attempt
from ...records.errors import SetupError
from ...records.json_types import JsonObject
from ..runner.spec import AttemptSpec
from .crew import WorkerLost
from .pulse import Pulse, until_silent
from .worker_side import SIGN, Share

_LONGEST_LINE = 16_000_000
_END_S = 20.0
_ATTEMPT = TypeAdapter(Attempt)


class ProcessWorker:
    """A worker process. Specs go in as lines, finished attempts come out as lines."""

    def __init__(self, process: Process, name: str, pulse: Pulse) -> None:
        """Listen to a process that has just been started."""
        self._process = process
        self._name = name
        self._signs = 0
        self._waiting: dict[str, asyncio.Future[Attempt]] = {}
        self._complaint: str | None = None
        self._listening = asyncio.create_task(self._listen())
        self._watching = asyncio.create_task(self._watch(pulse))

    @classmethod
    async def start(
        cls, folder: Path, name: str, share: Share, *, pulse: Pulse | None = None
    ) -> "ProcessWorker":
        """Start a process.

        Args:
            folder: Folder of the run.
            name: Name of the worker.
            share: Its part of the limits.
            pulse: How it shows that it is alive.
        """
        pulse = pulse or Pulse()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "sonde.benchmarks.executors.worker_process",
            str(folder.absolute()),
            name,
            json.dumps(share._asdict()),
            repr(pulse.beat_s),
            stdin=PIPE,
            stdout=PIPE,
            limit=_LONGEST_LINE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)},
        )
        return cls(process, name, pulse)

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._process.pid

    async def attempt(self, spec: AttemptSpec) -> Attempt:
        """Have an attempt made.

        Raises:
            WorkerLost: The process ended before.
            SetupError: The process could not begin; its own words.
        """
        if self._listening.done():
            raise self._loss()
        turn = asyncio.get_running_loop().create_future()
        self._waiting[spec.attempt_id] = turn
        line = json.dumps({**spec.key._asdict(), "retry": spec.retry}) + "\n"
        try:
            if self._process.stdin is not None:
                self._process.stdin.write(line.encode())
                await self._process.stdin.drain()
        except ConnectionError:
            pass  # the process is gone; its end is told below
        return await turn

    async def aclose(self) -> None:
        """Close the pipe, which ends the process, and wait for it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), timeout=_END_S)
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        await self._listening
        self._watching.cancel()

    async def _watch(self, pulse: Pulse) -> None:
        """End a process that gives no sign any more; then it is lost like any that has died."""
        await until_silent(lambda: self._signs, pulse)
        if self._process.returncode is None:
            self._process.kill()

    async def _listen(self) -> None:
        try:
            await self._take_attempts()
        finally:  # whatever ended the listening: nobody waits for what cannot come
            for turn in self._waiting.values():
                if not turn.done():
                    turn.set_exception(self._loss())

    async def _take_attempts(self) -> None:
        stream = self._process.stdout
        while stream is not None and (line := await stream.readline()):
            self._signs += 1
            if line == SIGN:
                continue
            told = cast(JsonObject, json.loads(line))
            if "complaint" in told:
                self._complaint = str(told["complaint"])
                continue
            turn = self._waiting.pop(str(told["attempt"]), None)
            if turn is not None and not turn.done():
                turn.set_result(_ATTEMPT.validate_json(json.dumps(told["of"])))

    def _loss(self) -> Exception:
        if self._complaint is not None:
            return SetupError(self._complaint)
        return WorkerLost(f"worker {self._name} ended")
