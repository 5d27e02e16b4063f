"""What one contestant's process measures of itself; standard library only, for any environment.

A contestant is `make(base_url, calls)`, which returns `do(calls, task)`. Its script is called as
`SCRIPT NAME BASE_URL CALLS` and prints seconds of CPU and of wall and the process's peak memory. A
warm-up task of two calls goes before, so imports, connections and caches are not in the times.
"""

import argparse
import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Mapping

Do = Callable[[int, str], Awaitable[object]]
"""Does the task of so many calls under a name, and returns its answer."""
Make = Callable[[str, int], Do]
"""Sets a contestant up for an address and the longest task it will get."""

OBSERVATION = "The sounding shows rock below sand, as the chart says it should here. " * 6
"""What the one tool brings: some 100 tokens."""
REPORT = "The soundings so far agree with the chart; the deep lies further east. " * 14
"""What the model writes in each round where it is to write reports: some 250 tokens."""
RULES = "You answer questions by soundings. Call `step` until you know enough, then answer."
TOOL_TEXT = "Take the next sounding."


def question(calls: int, task: str) -> str:
    """Return a question that the server's model answers after so many calls."""
    return f"How deep is the sea along the line that was charted? [[calls={calls} task={task}]]"


def observe(n: int) -> str:
    """Return what the tool brings."""
    return f"{n}. {OBSERVATION}"


def main(contestants: Mapping[str, Make]) -> None:
    """Do one task and print what it took.

    Raises:
        RuntimeError: The contestant did not come to the answer.
    """
    options = argparse.ArgumentParser()
    options.add_argument("name", choices=contestants)
    options.add_argument("base_url")
    options.add_argument("calls", type=int)
    chosen = options.parse_args()
    make = contestants[chosen.name]
    sys.stdout.write(json.dumps(asyncio.run(_measure(make, chosen.base_url, chosen.calls))) + "\n")


async def _measure(make: Make, base_url: str, calls: int) -> dict[str, float]:
    do = make(base_url, calls)
    await do(2, "warm")
    cpu, wall = time.process_time(), time.perf_counter()
    answer = await do(calls, "measured")
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    if "done" not in str(answer):
        raise RuntimeError(f"the task ended with {answer!r}, not 'done'")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    return {"cpu_s": cpu, "wall_s": wall, "peak_mb": peak}
