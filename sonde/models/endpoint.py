"""One endpoint: how many requests at a time, and what to do when one fails."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from ..records.usage import Usage
from .chat_model import ChatModel
from .dialect import Dialect
from .faults import Fault, Outcome
from .limiter import AdaptiveLimiter


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request that was sent for a call, told as soon as it ended."""

    number: int
    """Its number within the call, from 1."""
    outcome: Outcome
    """How it ended."""
    detail: str = ""
    """What went wrong, without secrets; empty for a good one."""
    wait_s: float | None = None
    """Seconds until the next attempt; None where this was the last."""
    usage: Usage | None = None
    """Tokens it took. For a good one that of the reply: book one of the two, not both."""


OnAttempt = Callable[[Attempt], None]


class ObservableModel(Protocol):
    """A chat model that tells each of its attempts."""

    def observed_by(self, on_attempt: OnAttempt) -> ChatModel:
        """Return the same model, which tells its attempts to this function."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrySchedule:
    """When to try again: exponential backoff with jitter, never sooner than the endpoint asks."""

    attempts: int = 5
    """The most attempts for one call."""
    base_s: float = 0.5
    """The longest first wait; it doubles with every attempt."""
    cap_s: float = 30.0
    """The longest wait that we choose ourselves."""
    total_s: float = 900.0
    """The longest that all attempts and waits of a call may take together."""

    def wait_s(self, number: int, *, retry_after_s: float | None, rng: random.Random) -> float:
        """Return how long to wait after attempt `number`, from 1."""
        backoff_s = min(self.cap_s, self.base_s * 2 ** (number - 1))
        if retry_after_s is not None:
            return retry_after_s + rng.uniform(0, self.base_s)
        return rng.uniform(backoff_s / 2, backoff_s)


class Endpoint:
    """What all models behind one address share: a limiter, a schedule of retries, dialects."""

    def __init__(
        self,
        *,
        limiter: AdaptiveLimiter | None = None,
        schedule: RetrySchedule | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        rng: random.Random | None = None,
    ) -> None:
        self.limiter = limiter or AdaptiveLimiter()
        self.schedule = schedule or RetrySchedule()
        self.dialects: dict[str, Dialect] = {}
        self._clock = clock
        self._sleep = sleep
        self._rng = rng or random.Random()

    def start_call(
        self, *, where: str, on_attempt: OnAttempt | None = None, total_s: float | None = None
    ) -> "Call":
        """Start the count of attempts and of time for one call.

        Args:
            where: The endpoint and model, for messages.
            on_attempt: Told of every attempt when it ended.
            total_s: The longest that all attempts and waits may take together; None takes the
                schedule's. The wait for a slot of the limiter does not count.
        """
        schedule = self.schedule
        return Call(
            schedule=schedule if total_s is None else replace(schedule, total_s=total_s),
            clock=self._clock,
            sleep=self._sleep,
            rng=self._rng,
            where=where,
            on_attempt=on_attempt,
        )


class Call:
    """One call over all its attempts: decides after each fault whether there is another."""

    def __init__(
        self,
        *,
        schedule: RetrySchedule,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        rng: random.Random,
        where: str,
        on_attempt: OnAttempt | None,
    ) -> None:
        self._schedule = schedule
        self._clock = clock
        self._sleep = sleep
        self._rng = rng
        self._where = where
        self._on_attempt = on_attempt
        self._deadline: float | None = None
        self._sent = 0
        self._mended = 0
        self.last_fault: Fault | None = None

    @property
    def left_s(self) -> float:
        """Seconds that are left of the total; they run from the first time that this is asked."""
        if self._deadline is None:
            self._deadline = self._clock() + self._schedule.total_s
        return max(0.0, self._deadline - self._clock())

    @property
    def out_of_time(self) -> Fault:
        """What the last attempt of a call comes to whose time is up."""
        told = f"no whole reply within {self._schedule.total_s:g} s, the limit of one call"
        step = "(`call_timeout_s=...`)"
        return Fault(outcome=Outcome.OUT_OF_TIME, message=f"{told} {step}")

    def succeed(self, usage: Usage) -> None:
        """Note that the attempt brought a usable reply."""
        self._sent += 1
        self._tell(Attempt(number=self._sent, outcome=Outcome.OK, usage=usage))

    async def recover(self, fault: Fault) -> None:
        """Wait until the next attempt may go.

        Raises:
            SondeError: There is no next attempt; the error tells of this fault.
        """
        self._sent += 1
        self._mended += fault.is_mended
        self.last_fault = fault
        wait_s = self._next_wait_s(fault)
        self._tell(
            Attempt(
                number=self._sent,
                outcome=fault.outcome,
                detail=fault.message,
                wait_s=wait_s,
                usage=fault.usage,
            )
        )
        if wait_s is None:
            raise fault.error(where=self._where, attempts=self._sent)
        if wait_s > 0:
            await self._sleep(wait_s)

    def _next_wait_s(self, fault: Fault) -> float | None:
        left_s = self.left_s
        if not fault.may_retry or left_s <= 0:
            return None
        if fault.is_mended:
            return 0.0
        number = self._sent - self._mended
        if number >= self._schedule.attempts:
            return None
        after_s = fault.retry_after_s
        wait_s = self._schedule.wait_s(number, retry_after_s=after_s, rng=self._rng)
        return wait_s if wait_s < left_s else None

    def _tell(self, attempt: Attempt) -> None:
        if self._on_attempt is not None:
            self._on_attempt(attempt)
