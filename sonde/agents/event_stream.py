"""A run's events as they happen, for whoever waits for each of them."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence

from ..records.events import Event
from .run import Listener

Start = Callable[[Sequence[Listener]], Coroutine[object, object, object]]
"""Starts a run that its listeners hear."""


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
