"""What a long run costs beside its model: CPU a round, files, memory, at several lengths.

Usage: python scripts/rounds_footprint.py [ROUNDS ...]        (default 32 256 2048)

A scripted model calls one trivial tool a round, rewrites a 200-word report, and answers at the end.
Each length runs in a process of its own. The cost of a round should not depend on their number.
"""

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sonde import Agent, Budget, Result, ScriptedModel, tool
from sonde.records.messages import ChatRequest

_MB = 1_000_000
_COLUMNS = (
    "rounds",
    "CPU ms/round",
    "journal MB",
    "evidence MB",
    "peak MB",
    "prompt tokens",
    "largest prompt",
)


def main() -> None:
    """Run each length in a child process and print one line for each."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(_measure(int(sys.argv[2]))))
        return
    print(" ".join(f"{name:>15}" for name in _COLUMNS))
    for rounds in [int(each) for each in sys.argv[1:]] or [32, 256, 2048]:
        child = subprocess.run(
            [sys.executable, __file__, "--one", str(rounds)],
            capture_output=True,
            text=True,
            timeout=900,
            check=True,
        )
        row = json.loads(child.stdout)
        print(" ".join(f"{value:>15,.2f}" for value in [rounds, *row.values()]))


def _measure(rounds: int) -> dict[str, float]:
    @tool
    def probe(depth: int) -> str:
        """Measure at a depth."""
        return f"At {depth} metres the pressure is {depth * 0.1:.1f} bar. " * 8

    largest = 0
    made = 0
    report = "The pressure rises with depth. " * 40

    def reply(request: ChatRequest) -> str:
        nonlocal made, largest
        made += 1
        largest = max(largest, sum(len(message.content) for message in request.messages) // 4)
        if made > rounds:
            return f"<report>{report}</report><answer>done</answer>"
        call = json.dumps({"name": "probe", "arguments": {"depth": made}})
        return f"<report>{report}{made}</report><tool_call>{call}</tool_call>"

    with tempfile.TemporaryDirectory() as home:
        agent = Agent(
            ScriptedModel(reply),
            tools=[probe],
            home=home,
            environ={},
            budget=Budget(rounds=rounds + 2),
        )
        _run(agent)  # warm: imports and caches
        made = largest = 0
        before = time.process_time()
        result = _run(agent)
        cpu_ms = (time.process_time() - before) * 1_000 / result.rounds
        folder = Path(home) / "runs" / result.run_id
        size = {name: _size(folder, name) for name in ("journal", "evidence")}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    return {
        "cpu_ms": cpu_ms,
        **size,
        "peak": peak,
        "tokens": result.usage.prompt or 0,
        "largest": largest,
    }


def _run(agent: Agent) -> Result:
    return asyncio.run(agent.arun("How does the pressure rise with depth?"))


def _size(folder: Path, name: str) -> float:
    return sum(path.stat().st_size for path in folder.glob(f"{name}*")) / _MB


if __name__ == "__main__":
    main()
