"""A run's events as they happen, for whoever waits for each of them."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import replace

from ..records.events import Event, RunStopped
from ..records.result import Result
from .run import Listener

Start = Callable[[Sequence[Listener]], Coroutine[object, object, object]]
"""Starts a run that its listeners hear."""
Ask = Callable[[Sequence[Listener]], Coroutine[object, object, Result]]
"""Starts a run of one agent, and returns its result."""


async def event_stream(start: Start) -> AsyncGenerator[Event, None]:
    """Yield every event of a run; who stops listening stops the run."""
    queue: asyncio.Queue[Event] = asyncio.Queue()
    task = asyncio.create_task(start([queue.put_nowait]))
    try:
        while not (task.done() and queue.empty()):
            getter = asyncio.create_task(queue.get())
            await asyncio.wait({task, getter}, return_when=asyncio.FIRST_COMPLETED)
            if getter.done():
                yield getter.result()
            else:
                getter.cancel()
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def result_stream(ask: Ask) -> AsyncGenerator[Event, None]:
    """Yield every event of an agent's run; the last holds the result as the agent returns it.

    While the run goes on its result is without the trail, and the output is not of its type.
    """
    results: list[Result] = []

    async def start(listeners: Sequence[Listener]) -> None:
        results.append(await ask(listeners))

    stopped: RunStopped | None = None
    async with aclosing(event_stream(start)) as events:
        async for event in events:
            if isinstance(event, RunStopped):
                stopped = event
            else:
                yield event
    if stopped is not None:
        yield replace(stopped, result=results[-1])
