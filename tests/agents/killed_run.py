"""A run in a process of its own that is killed in the middle: started by the test beside it.

Usage: killed_run.py FOLDER run|resume KILL_AT, where KILL_AT is the number of the event after
which the process kills itself with SIGKILL, 0 for never. Every call of the model and every use of
the tool is also noted in a file, which tells what really happened. Prints the result as JSON.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from sonde import Agent, Event, ScriptedModel, tool
from sonde.memory.home import Home
from sonde.records.messages import ChatRequest

ROUNDS = 4


def main(folder: Path, deed: str, kill_at: int) -> None:
    """Run or resume the agent in a folder."""

    @tool
    def measure(depth: int) -> str:
        """Measure at a depth."""
        _note(folder / "tool_uses", str(depth))
        return f"value {depth * 7}"

    def reply(request: ChatRequest) -> str:
        _note(folder / "model_calls", "call")
        prompt = request.messages[-1].content
        done = max((n for n in range(1, ROUNDS + 1) if f"value {n * 7}" in prompt), default=0)
        if done == ROUNDS:
            return f"<report>all {done}</report><answer>The last is value {done * 7}.</answer>"
        call = json.dumps({"name": "measure", "arguments": {"depth": done + 1}})
        return f"<report>measured {done}</report><tool_call>{call}</tool_call>"

    seen = 0

    def listen(_: Event) -> None:
        nonlocal seen
        seen += 1
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    agent = Agent(ScriptedModel(reply), tools=[measure], home=folder, environ={})
    if deed == "run":
        result = asyncio.run(agent.arun("What is the last value?", listeners=[listen]))
    else:
        (run,) = Home(folder).list_runs()
        result = asyncio.run(agent.aresume(run.run_id, listeners=[listen]))
    sys.stdout.write(
        json.dumps(
            {
                "answer": result.answer,
                "rounds": result.rounds,
                "steps": result.steps,
                "tokens": result.usage.total,
                "events": seen,
            }
        )
    )


def _note(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
