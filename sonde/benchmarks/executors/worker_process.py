"""A worker process: specs come in as lines of JSON, finished attempts go out as lines.

Started by `procs.py`; it ends when its standard input closes, and writes down what it breaks off.
"""

import asyncio
import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter

from ...records.attempt import Attempt
from ...records.errors import SondeError
from ..runner.spec import AttemptSpec, Key
from .worker_side import Share, WorkerSide, ended_tasks

_ATTEMPT = TypeAdapter(Attempt)
_LONGEST_LINE = 1_000_000


class _Desk:
    """Where specs come in and attempts go out; the real stdout is kept for them alone."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "wb", buffering=0)
        self._turn = threading.Lock()
        os.dup2(2, 1)  # what an agent prints must not stand between the lines

    def tell(self, line: bytes) -> None:
        """Write one line."""
        with self._turn:
            self._out.write(line + b"\n")

    def show_life(self, *, every_s: float) -> None:
        """Give a sign now and then, from a thread of its own: an agent may hold the others up."""

        def beat() -> None:
            with suppress(OSError):  # the leader is gone, and this process ends soon
                while True:
                    self.tell(b"")  # which arrives as `SIGN`
                    time.sleep(every_s)

        threading.Thread(target=beat, name="pulse", daemon=True).start()

    def complain(self, err: SondeError) -> None:
        """Tell what the leader's user must mend."""
        self.tell(json.dumps({"complaint": str(err)}).encode())


async def _work(side: WorkerSide, desk: _Desk) -> None:
    reader = asyncio.StreamReader(limit=_LONGEST_LINE)
    loop = asyncio.get_running_loop()
    pipe, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    tasks: set[asyncio.Task[None]] = set()

    async def make(spec: AttemptSpec) -> None:
        try:
            attempt = await side.make(spec)
        except SondeError as err:  # such as a full disk: the leader must hear of it, and we end
            desk.complain(err)
            pipe.close()  # as if the leader had: what is under way is written down
            return
        head = f'{{"attempt":"{spec.attempt_id}","of":'.encode()
        desk.tell(head + _ATTEMPT.dump_json(attempt) + b"}")

    try:
        while line := await reader.readline():
            task = asyncio.create_task(make(_spec(line)))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
    finally:
        await ended_tasks(tasks)
        await side.aclose()


def _spec(line: bytes) -> AttemptSpec:
    told: dict[str, str | int] = json.loads(line)
    key = Key(str(told["agent_sha256"]), str(told["task_id"]), int(told["epoch"]))
    return AttemptSpec(key, int(told["retry"]))


def main(folder: Path, name: str, share: Share, *, beat_s: float) -> int:
    """Work until the standard input closes; give a sign every so many seconds."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the leader is asked, and closes the pipe
    desk = _Desk()
    desk.show_life(every_s=beat_s)
    try:
        side = WorkerSide(folder, name, share)
    except SondeError as err:
        desk.complain(err)
        return 2
    asyncio.run(_work(side, desk))
    return 0


if __name__ == "__main__":
    share_of_limits = Share(**json.loads(sys.argv[3]))
    raise SystemExit(
        main(Path(sys.argv[1]), sys.argv[2], share_of_limits, beat_s=float(sys.argv[4]))
    )
