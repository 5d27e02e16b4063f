"""Asking once more with less, where a prompt was longer than the model's context."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from ..records.errors import ContextOverflow

LESS = 0.5
"""Share of what can be left out that the second asking keeps."""
_Answer = TypeVar("_Answer")


async def ask_fitting(
    ask: Callable[[float], Awaitable[_Answer]],
    *,
    on_overflow: Callable[[ContextOverflow], None] | None = None,
) -> _Answer:
    """Return what comes of asking with everything, or else with half of it.

    Every call whose prompt can be made shorter goes through here: decisions, forecasts, beliefs,
    open slots, the form of an answer, a judge. A request that overflows is refused at the door and
    costs nothing, so the second asking is the first that is paid.

    Args:
        ask: Asks with a share of what can be left out: first 1, then `LESS`.
        on_overflow: Told of the overflow, before the second asking.

    Raises:
        ContextOverflow: The shorter prompt did not fit either.
    """
    try:
        return await ask(1.0)
    except ContextOverflow as err:
        if on_overflow is not None:
            on_overflow(err)
    return await ask(LESS)
