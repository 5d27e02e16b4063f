"""A run under the random policy that kills itself: started by the test beside it.

Usage: killed_choice.py FOLDER KILL_AT, where KILL_AT is the number of the event after which the
process kills itself with SIGKILL, 0 for never. Prints the questions of all rounds, and the answer.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from sonde import Agent, Event
from sonde.memory.home import Home
from sonde.models.exact.reading import parse_fact_table
from sonde.models.exact.reasoner import ExactReasoner

ITEMS = 16
BITS = 6


def main(folder: Path, kill_at: int) -> None:
    """Run, or go on with the run that stands in the folder."""
    heading = "item," + ",".join(f"bit {bit}" for bit in range(BITS))
    rows = [
        f"item {n},"
        + ",".join("yes" if (n * 7 + bit * n) >> bit & 1 else "no" for bit in range(BITS))
        for n in range(ITEMS)
    ]
    table = parse_fact_table("\n".join([heading, *rows]), name="bits")

    def answer(question: str) -> str:
        column = table.column_of(question)
        assert column is not None
        return table.columns[column].values[int(table.cells[5, column])]

    seen = 0

    def listen(_: Event) -> None:
        nonlocal seen
        seen += 1
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    agent = Agent(
        ExactReasoner(table), policy="random", seed=11, ask_user=answer, home=folder, environ={}
    )
    runs = Home(folder).list_runs()
    if runs:
        result = asyncio.run(agent.aresume(runs[0].run_id, listeners=[listen]))
    else:
        result = asyncio.run(agent.arun("Which item?", listeners=[listen]))
    told = [each.choice.chosen for each in result.trail if each.choice is not None]
    sys.stdout.write(json.dumps({"chosen": told, "answer": result.answer, "steps": result.steps}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
