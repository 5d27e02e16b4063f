"""Running a function that blocks without blocking the event loop."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from typing import TypeVar

Value = TypeVar("Value")


async def in_thread(deed: Callable[[], Value]) -> Value:
    """Return what a function returns; it runs in a thread of its own.

    A thread cannot be killed: when the caller stops waiting, the function runs on to its end
    unseen. The thread is a daemon, so that it holds up neither other tools nor the end of the
    program, as it would in asyncio's own pool.
    """
    future: Future[Value] = Future()
    future.set_running_or_notify_cancel()
    context = copy_context()

    def work() -> None:
        try:
            future.set_result(context.run(deed))
        except StopIteration as err:  # the one exception that a future cannot carry
            future.set_exception(
                RuntimeError("StopIteration was raised").with_traceback(err.__traceback__)
            )
        except BaseException as err:  # noqa: BLE001 (it is raised again where the caller waits)
            future.set_exception(err)

    threading.Thread(target=work, name="sonde-tool", daemon=True).start()
    return await asyncio.wrap_future(future)
