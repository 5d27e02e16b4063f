"""How many requests may be under way at one endpoint: found out, not configured.

Additive increase, multiplicative decrease, as TCP does it (RFC 5681): each refusal halves the
limit, a limit's worth of successes raises it by one.

Event loops of several threads may share one limiter: its counts are under a lock, and a waiter is
woken by its own loop. The lock may be entered again, since a coroutine that is thrown away gives
its slot back whenever the collector comes to it.
"""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from ..records.errors import ModelUnreachable


class Slot:
    """Leave for one request; tells the limiter how it went when it is given back."""

    __slots__ = ("era", "is_refused")

    def __init__(self, era: int) -> None:
        self.era = era
        self.is_refused: bool | None = None

    def succeed(self) -> None:
        """Note that the endpoint served the request."""
        self.is_refused = False

    def refuse(self) -> None:
        """Note that the endpoint asked to slow down."""
        self.is_refused = True


class AdaptiveLimiter:
    """Hands out slots, first come first served, never more than its present limit."""

    def __init__(self, *, start: int = 64, ceiling: int = 128, queue_s: float = 3600.0) -> None:
        if not 1 <= start <= ceiling:
            raise ValueError(f"start must be in 1..{ceiling}, not {start}")
        self._limit = float(start)
        self._ceiling = ceiling
        self._queue_s = queue_s
        self._in_flight = 0
        self._era = 0
        self._queue: deque[_Turn] = deque()
        self._lock = threading.RLock()

    @property
    def limit(self) -> int:
        """How many requests may be under way now."""
        return int(self._limit)

    @property
    def in_flight(self) -> int:
        """How many requests are under way."""
        return self._in_flight

    @asynccontextmanager
    async def slot(self) -> AsyncGenerator[Slot]:
        """Wait for leave to send a request, and give it back at the end.

        Raises:
            ModelUnreachable: None came free within the limit of the queue.
        """
        await self._enter()
        slot = Slot(self._era)
        try:
            yield slot
        finally:
            with self._lock:
                self._in_flight -= 1
                self._learn(slot)
                self._wake()

    def hold_to(self, ceiling: int) -> None:
        """Never allow more than so many at a time, from now on; begin there if nothing is known.

        Raises:
            ValueError: Not even one could go.
        """
        if ceiling < 1:
            raise ValueError(f"at least 1 request at a time is needed, not {ceiling}")
        with self._lock:
            is_learned = self._era > 0
            self._ceiling = ceiling
            self._limit = min(self._limit, ceiling) if is_learned else float(ceiling)
            self._wake()

    async def _enter(self) -> None:
        with self._lock:
            if self._in_flight < self.limit and not self._queue:
                self._in_flight += 1
                return
            turn = _Turn(asyncio.get_running_loop())
            self._queue.append(turn)
        try:
            async with asyncio.timeout(self._queue_s):
                await turn.future
        except BaseException as err:
            self._leave_queue(turn)
            if isinstance(err, TimeoutError):
                raise ModelUnreachable(
                    f"no slot came free within {self._queue_s:g} s at a limit of {self.limit}"
                    " requests; run fewer at a time"
                ) from None
            raise

    def _leave_queue(self, turn: "_Turn") -> None:
        with self._lock:
            if turn.is_given:  # hand the slot on
                self._in_flight -= 1
            with suppress(ValueError):
                self._queue.remove(turn)
            self._wake()

    def _wake(self) -> None:
        while self._queue and self._in_flight < self.limit:
            if self._queue.popleft().give():
                self._in_flight += 1

    def _learn(self, slot: Slot) -> None:
        """Halve once for all refusals of one era; grow only while the limit is what binds."""
        if slot.is_refused and slot.era == self._era:
            self._limit = max(1.0, self._limit / 2)
            self._era += 1
        elif slot.is_refused is False and self._in_flight + 1 >= self.limit:
            self._limit = min(float(self._ceiling), self._limit + 1 / self._limit)


class _Turn:
    """A place in the queue, of a task of some event loop."""

    __slots__ = ("_loop", "future", "is_given")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.future: asyncio.Future[None] = loop.create_future()
        self.is_given = False

    def give(self) -> bool:
        """Give the slot to the one who waits; return whether there is one."""
        if self.future.done():
            return False
        if self._loop is _running_loop():
            self._tell()
            self.is_given = True
        else:
            with suppress(RuntimeError):  # its loop was closed: nobody waits
                self._loop.call_soon_threadsafe(self._tell)
                self.is_given = True
        return self.is_given

    def _tell(self) -> None:
        if not self.future.done():
            self.future.set_result(None)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
