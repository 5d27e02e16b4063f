"""What a short run costs beside its model: many runs of two rounds, in one process.

    python scripts/short_runs.py [RUNS]        (default 200)

A scripted model calls one trivial tool, then answers; each run has its folder, journal, evidence
store and checkpoints. Told is the median of five batches, by the processor's clock and the wall's.
"""

import asyncio
import statistics
import sys
import tempfile
import time

from sonde import Agent, Budget, ScriptedModel, tool
from sonde.records.messages import ChatRequest

_BATCHES = 5


@tool
async def probe(depth: int) -> str:
    """Measure at a depth."""
    return f"value {depth}"


def reply(request: ChatRequest) -> str:
    """Call the tool once, then answer."""
    if "value" in request.messages[-1].content:
        return "<report>measured</report><answer>done</answer>"
    call = '{"name": "probe", "arguments": {"depth": 1}}'
    return f"<report>to measure</report><tool_call>{call}</tool_call>"


async def main(runs: int) -> None:
    """Run the batches and print."""
    with tempfile.TemporaryDirectory() as home:
        agent = Agent(
            ScriptedModel(reply), tools=[probe], home=home, environ={}, budget=Budget(rounds=8)
        )
        await agent.arun("warm")
        cpu_ms: list[float] = []
        wall_ms: list[float] = []
        for _ in range(_BATCHES):
            cpu, wall = time.process_time(), time.perf_counter()
            for number in range(runs // _BATCHES):
                await agent.arun(f"question {number}")
            cpu_ms.append(1_000 * (time.process_time() - cpu) / (runs // _BATCHES))
            wall_ms.append(1_000 * (time.perf_counter() - wall) / (runs // _BATCHES))
    cpu_told, wall_told = statistics.median(cpu_ms), statistics.median(wall_ms)
    print(
        f"{runs} runs of 2 rounds: {cpu_told:.1f} ms CPU, {wall_told:.1f} ms wall a run (medians)"
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
