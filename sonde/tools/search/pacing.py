"""Asking one provider: not too often, once more after a passing fault, and not while it is down."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from .provider import Answer, SearchFailed, SearchProvider

_FAILURES_TO_OPEN = 3
_OPEN_S = 60.0
_LASTING_OPEN_S = 600.0
_LONGEST_WAIT_S = 5.0


@dataclass(slots=True, kw_only=True)
class PacedProvider:
    """A provider behind a rate limit and a breaker.

    After three failures in a row, or one that will last, it is left alone for a while.
    """

    provider: SearchProvider
    """The provider."""
    clock: Callable[[], float] = time.monotonic
    """Seconds, from any zero."""
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    """What waits."""
    _next_at: float = field(default=0.0)
    _failures: int = field(default=0)
    _open_until: float = field(default=0.0)
    _why: str = field(default="")

    async def search(self, query: str, *, limit: int) -> Answer:
        """Return the provider's answer.

        Raises:
            SearchFailed: It gave none, or is left alone since it failed a while ago.
        """
        if self.clock() < self._open_until:
            rest_s = self._open_until - self.clock()
            raise SearchFailed(f"{self._why}; it is left alone for {rest_s:.0f} s more")
        try:
            answer = await self._with_second_try(query, limit)
        except SearchFailed as err:
            self._note_failure(err)
            raise
        self._failures = 0
        return answer

    async def _with_second_try(self, query: str, limit: int) -> Answer:
        try:
            return await self._attempt(query, limit)
        except SearchFailed as err:
            if err.is_lasting or (err.wait_s or 0.0) > _LONGEST_WAIT_S:
                raise
            await self.sleep(1.0 if err.wait_s is None else err.wait_s)
        return await self._attempt(query, limit)

    async def _attempt(self, query: str, limit: int) -> Answer:
        now = self.clock()
        start = max(now, self._next_at)
        self._next_at = start + self.provider.interval_s  # taken before waiting, so calls queue up
        if start > now:
            await self.sleep(start - now)
        return await self.provider.search(query, limit=limit)

    def _note_failure(self, err: SearchFailed) -> None:
        self._failures += 1
        self._why = str(err)
        wait_s = err.wait_s or 0.0
        if err.is_lasting:
            self._open_until = self.clock() + _LASTING_OPEN_S
        elif self._failures >= _FAILURES_TO_OPEN or wait_s > _LONGEST_WAIT_S:
            self._open_until = self.clock() + max(_OPEN_S, wait_s)
