"""Ctrl-C and SIGTERM: the first asks a run to stop where it can go on, the second ends at once."""

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import Self, TypeVar

from .exits import ExitCode

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SHOW_CURSOR = "\x1b[?25h"

_Outcome = TypeVar("_Outcome")
_Handler = Callable[[int, FrameType | None], object] | int | None


class Interrupts:
    """Listens for signals while it is entered."""

    def __init__(self, on_first: Callable[[], None]) -> None:
        """Hand in what the person is told.

        Args:
            on_first: Called when a run was asked to stop; from a signal handler, so it is short.
        """
        self._on_first = on_first
        self._before: dict[signal.Signals, _Handler] = {}
        self._cancel: Callable[[], object] | None = None
        self.was_asked = False

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = {each: signal.signal(each, self._hear) for each in _SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for each, handler in self._before.items():
            signal.signal(each, handler)

    def run(self, work: Coroutine[object, object, _Outcome]) -> _Outcome:
        """Run a coroutine to its end; a signal cancels it.

        Raises:
            asyncio.CancelledError: A signal came.
        """
        return asyncio.run(self._watched(work))

    async def _watched(self, work: Coroutine[object, object, _Outcome]) -> _Outcome:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if task is not None:
            self._cancel = lambda: loop.call_soon_threadsafe(task.cancel)
        try:
            with _waking(loop) if self._before else nullcontext():
                return await work
        finally:
            self._cancel = None

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if self.was_asked:
            if sys.stderr.isatty():
                sys.stderr.write(_SHOW_CURSOR)
            os._exit(ExitCode.INTERRUPTED)
        self.was_asked = True
        if self._cancel is None:
            raise KeyboardInterrupt
        self._on_first()
        self._cancel()


@contextmanager
def _waking(loop: asyncio.AbstractEventLoop) -> Generator[None]:
    """Wake the loop of the main thread at every signal.

    Python calls a handler between two of its own steps. A signal that comes just before the loop
    begins to wait, or that the system gives to another thread, would else be heard only when
    something else wakes the loop: in a slow model call, minutes later.
    """
    heard, told = socket.socketpair()
    with heard, told:
        heard.setblocking(False)
        told.setblocking(False)
        loop.add_reader(heard, heard.recv, 4096)
        before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            loop.remove_reader(heard)
