"""Answers to the questions of `shards`, from the registers that are kept up to date."""

import json
import re
from collections.abc import Callable

from sonde.benchmarks.suites.suite import Suite, Task


def shards_solver(suite: Suite) -> Callable[[Task], str]:
    """Return what follows relations through the registers; old copies are not read."""
    leads: dict[tuple[str, str], str] = {}
    for file in sorted(suite.corpus[0].glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"]
            if text.startswith("This is the register of the relation"):
                found = re.findall(r"From (e\d+) (r\d+) leads to (e\d+)\.", text)
                leads |= {(relation, start): end for start, relation, end in found}

    def solve(task: Task) -> str:
        place, *relations = re.findall(r"\b[er]\d+\b", task.input)
        for relation in relations:
            place = leads[relation, place]
        return place

    return solve
