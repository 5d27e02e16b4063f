"""When a call is tried again, and when it ends."""

import asyncio
import random

import pytest

from sonde.models.endpoint import Attempt, Call, Endpoint, RetrySchedule
from sonde.models.faults import Fault, Outcome
from sonde.records.errors import ModelUnreachable, SetupError
from sonde.records.usage import Usage

BUSY = Fault(outcome=Outcome.SERVER_ERROR, message="HTTP 503")


class Clock:
    """A clock that runs only while somebody sleeps by it."""

    def __init__(self) -> None:
        self.waits_s: list[float] = []

    def __call__(self) -> float:
        return sum(self.waits_s)

    async def sleep(self, wait_s: float) -> None:
        self.waits_s.append(wait_s)


def start(
    clock: Clock, *, attempts: int = 5, total_s: float = 900, told: list[Attempt] | None = None
) -> Call:
    endpoint = Endpoint(
        schedule=RetrySchedule(attempts=attempts, total_s=total_s),
        clock=clock,
        sleep=clock.sleep,
        rng=random.Random(3),
    )
    return endpoint.start_call(where="m at u", on_attempt=None if told is None else told.append)


async def fail(call: Call, fault: Fault, times: int) -> None:
    for _ in range(times):
        await call.recover(fault)


def test_waits_double_within_their_jitter_and_stop_at_the_cap() -> None:
    schedule = RetrySchedule(base_s=1.0, cap_s=8.0)
    rng = random.Random(5)

    for number, most_s in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (9, 8.0)]:
        waits_s = [schedule.wait_s(number, retry_after_s=None, rng=rng) for _ in range(200)]
        assert most_s / 2 <= min(waits_s) < max(waits_s) <= most_s
        assert max(waits_s) - min(waits_s) > most_s / 4


def test_a_wait_that_the_endpoint_asks_for_is_kept_and_spread() -> None:
    schedule = RetrySchedule(base_s=1.0, cap_s=8.0)
    rng = random.Random(5)

    waits_s = [schedule.wait_s(1, retry_after_s=60.0, rng=rng) for _ in range(200)]

    assert 60.0 <= min(waits_s) < max(waits_s) <= 61.0


def test_the_last_attempts_fault_is_the_error_with_its_count() -> None:
    clock = Clock()

    with pytest.raises(ModelUnreachable, match=r"m at u: HTTP 503 \(4 attempts.*try again later"):
        asyncio.run(fail(start(clock, attempts=4), BUSY, 9))

    assert len(clock.waits_s) == 3


def test_no_wait_begins_that_would_pass_the_total_time() -> None:
    clock = Clock()

    with pytest.raises(ModelUnreachable):
        asyncio.run(fail(start(clock, attempts=100, total_s=20), BUSY, 200))

    assert 10 < clock() < 20


def test_what_no_retry_mends_is_told_at_once() -> None:
    clock = Clock()
    wrong_key = Fault(outcome=Outcome.MISCONFIGURED, message="HTTP 401")

    with pytest.raises(SetupError, match="m at u: HTTP 401"):
        asyncio.run(fail(start(clock), wrong_key, 1))

    assert clock.waits_s == []


def test_a_mended_request_goes_at_once_and_is_not_counted_as_a_retry() -> None:
    clock = Clock()
    mended = Fault(outcome=Outcome.REFUSED, message="HTTP 400", is_mended=True)
    call = start(clock, attempts=2)

    asyncio.run(fail(call, mended, 5))
    asyncio.run(fail(call, BUSY, 1))

    assert len(clock.waits_s) == 1


def test_every_attempt_is_told_with_its_wait_and_tokens() -> None:
    clock = Clock()
    told: list[Attempt] = []
    call = start(clock, told=told)
    cut = Fault(outcome=Outcome.UNREADABLE, message="no choices", usage=Usage.zero())

    asyncio.run(fail(call, cut, 1))
    call.succeed(Usage(uncached_input=1, output=2))

    assert told == [
        Attempt(
            number=1,
            outcome=Outcome.UNREADABLE,
            detail="no choices",
            wait_s=clock.waits_s[0],
            usage=Usage.zero(),
        ),
        Attempt(number=2, outcome=Outcome.OK, usage=Usage(uncached_input=1, output=2)),
    ]
