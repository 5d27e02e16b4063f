"""How many requests may be under way at one endpoint: found out, not configured.

Additive increase, multiplicative decrease, as TCP does it (RFC 5681): each refusal halves the
limit, a limit's worth of successes raises it by one.
"""

import asyncio
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
        self._queue: deque[asyncio.Future[None]] = deque()

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
            self._in_flight -= 1
            self._learn(slot)
            self._wake()

    async def _enter(self) -> None:
        if self._in_flight < self.limit and not self._queue:
            self._in_flight += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            async with asyncio.timeout(self._queue_s):
                await turn
        except BaseException as err:
            self._leave_queue(turn)
            if isinstance(err, TimeoutError):
                raise ModelUnreachable(
                    f"no slot came free within {self._queue_s:g} s at a limit of {self.limit}"
                    " requests; run fewer at a time"
                ) from None
            raise

    def _leave_queue(self, turn: "asyncio.Future[None]") -> None:
        if turn.done() and not turn.cancelled():  # its slot was given: hand it on
            self._in_flight -= 1
        with suppress(ValueError):
            self._queue.remove(turn)
        self._wake()

    def _wake(self) -> None:
        while self._queue and self._in_flight < self.limit:
            turn = self._queue.popleft()
            if not turn.done():
                self._in_flight += 1
                turn.set_result(None)

    def _learn(self, slot: Slot) -> None:
        """Halve once for all refusals of one era; grow only while the limit is what binds."""
        if slot.is_refused and slot.era == self._era:
            self._limit = max(1.0, self._limit / 2)
            self._era += 1
        elif slot.is_refused is False and self._in_flight + 1 >= self.limit:
            self._limit = min(float(self._ceiling), self._limit + 1 / self._limit)
