"""How many requests may be under way: found out from what the endpoint refuses."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from sonde.models.limiter import AdaptiveLimiter
from sonde.records.errors import ModelUnreachable


async def serve(limiter: AdaptiveLimiter, *, is_refused: bool = False) -> None:
    async with limiter.slot() as slot:
        await asyncio.sleep(0)
        slot.refuse() if is_refused else slot.succeed()


def test_no_more_requests_run_than_the_limit_allows() -> None:
    limiter = AdaptiveLimiter(start=3, ceiling=3)
    most = 0

    async def watch() -> None:
        nonlocal most
        async with limiter.slot():
            most = max(most, limiter.in_flight)
            await asyncio.sleep(0)

    async def crowd() -> None:
        await asyncio.gather(*(watch() for _ in range(20)))

    asyncio.run(crowd())

    assert (most, limiter.in_flight) == (3, 0)


def test_requests_are_served_in_the_order_they_came() -> None:
    limiter = AdaptiveLimiter(start=1)
    served: list[int] = []

    async def ask(number: int) -> None:
        async with limiter.slot():
            served.append(number)
            await asyncio.sleep(0)

    async def crowd() -> None:
        await asyncio.gather(*(ask(number) for number in range(9)))

    asyncio.run(crowd())

    assert served == list(range(9))


def test_a_burst_of_refusals_halves_the_limit_once() -> None:
    limiter = AdaptiveLimiter(start=16)

    async def burst() -> None:
        await asyncio.gather(*(serve(limiter, is_refused=True) for _ in range(16)))

    asyncio.run(burst())

    assert limiter.limit == 8


def test_refusals_one_after_another_halve_it_down_to_one() -> None:
    limiter = AdaptiveLimiter(start=16)

    async def refuse() -> None:
        for _ in range(9):
            await serve(limiter, is_refused=True)

    asyncio.run(refuse())

    assert limiter.limit == 1


def test_a_limits_worth_of_successes_raises_it_by_about_one() -> None:
    limiter = AdaptiveLimiter(start=4, ceiling=6)

    async def crowd(size: int) -> None:
        await asyncio.gather(*(serve(limiter) for _ in range(size)))

    asyncio.run(crowd(9))
    grown = limiter.limit
    asyncio.run(crowd(200))

    assert (grown, limiter.limit) == (5, 6)


def test_the_limit_does_not_grow_while_it_binds_nobody() -> None:
    limiter = AdaptiveLimiter(start=4)

    async def one_by_one() -> None:
        for _ in range(50):
            await serve(limiter)

    asyncio.run(one_by_one())

    assert limiter.limit == 4


def test_who_waits_too_long_is_told_and_leaves_no_trace() -> None:
    limiter = AdaptiveLimiter(start=1, queue_s=0.01)

    async def wait_in_vain() -> None:
        async with limiter.slot():
            with pytest.raises(ModelUnreachable, match=r"no slot came free within 0\.01 s"):
                await serve(limiter)
        await serve(limiter)

    asyncio.run(wait_in_vain())

    assert limiter.in_flight == 0


def test_a_waiter_who_is_cancelled_hands_its_turn_on() -> None:
    limiter = AdaptiveLimiter(start=1)

    async def cancel_one() -> None:
        async with limiter.slot():
            first = asyncio.ensure_future(serve(limiter))
            second = asyncio.ensure_future(serve(limiter))
            await asyncio.sleep(0)
        first.cancel()  # its turn was given to it in the same step
        await asyncio.wait_for(second, timeout=5)
        with pytest.raises(asyncio.CancelledError):
            await first

    asyncio.run(cancel_one())

    assert limiter.in_flight == 0


@pytest.mark.parametrize("start", [0, 200])
def test_a_start_outside_the_bounds_is_refused(start: int) -> None:
    with pytest.raises(ValueError, match="start must be in"):
        AdaptiveLimiter(start=start)


def test_a_ceiling_holds_from_now_on_and_what_was_learned_stays() -> None:
    fresh, learned = AdaptiveLimiter(start=8), AdaptiveLimiter(start=8)
    asyncio.run(serve(learned, is_refused=True))

    fresh.hold_to(16)
    learned.hold_to(16)

    assert (fresh.limit, learned.limit) == (16, 4)
    with pytest.raises(ValueError, match="at least 1"):
        fresh.hold_to(0)


def test_event_loops_of_several_threads_share_one_limit() -> None:
    limiter = AdaptiveLimiter(start=2, ceiling=2)
    seen: list[int] = []

    async def ask() -> None:
        async with limiter.slot() as slot:
            seen.append(limiter.in_flight)
            await asyncio.sleep(0)
            slot.succeed()

    async def crowd() -> None:
        await asyncio.gather(*(ask() for _ in range(50)))

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(asyncio.run, crowd()) for _ in range(4)]:
            done.result(timeout=30)

    assert (len(seen), max(seen), limiter.in_flight) == (200, 2, 0)


def test_a_waiter_whose_loop_was_closed_blocks_nobody() -> None:
    limiter = AdaptiveLimiter(start=1)
    held = limiter.slot()
    outer, dead = asyncio.new_event_loop(), asyncio.new_event_loop()
    outer.run_until_complete(held.__aenter__())
    waiter = dead.create_task(serve(limiter))
    dead.run_until_complete(asyncio.sleep(0))
    dead.close()
    outer.run_until_complete(held.__aexit__(None, None, None))
    outer.run_until_complete(asyncio.wait_for(serve(limiter), timeout=5))
    outer.close()

    assert not waiter.done()
    assert limiter.in_flight == 0
    waiter.get_coro().close()  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue, reportUnknownMemberType]  # so that it is not warned of
