"""Whether a worker is alive: it gives a sign now and then, however long its attempts take.

A process that is stopped, or whose machine hangs, holds what it has under way for ever without
ending. So it is given up after a while without a sign, like one that has died.
"""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

_TICKS = 4


class Pulse(NamedTuple):
    """How often signs come, and how long none may."""

    beat_s: float = 5.0
    """Seconds between two signs."""
    silence_s: float = 60.0
    """Seconds without one after which a worker is given up."""
    begin_s: float | None = 600.0
    """The same before its first; None waits for ever, as for a cluster that makes room."""


async def until_silent(signs: Callable[[], int], pulse: Pulse) -> None:
    """Return once a worker has been silent for too long.

    Time counts in ticks, so that a leader that was stopped itself reads the signs that wait for it
    before it gives anybody up.

    Args:
        signs: How many have come.
        pulse: How long none may come.
    """
    tick_s, seen, quiet_s = pulse.silence_s / _TICKS, 0, 0.0
    while True:
        limit_s = pulse.silence_s if seen else pulse.begin_s
        if limit_s is not None and quiet_s >= limit_s:
            return
        await asyncio.sleep(tick_s)
        quiet_s = quiet_s + tick_s if signs() == seen else 0.0
        seen = signs()
