"""Check the truths of the suites that ship: generator and independent solver, on fresh tasks.

Usage: python scripts/solve_suites.py [--size 1000] [--seed 1] [SUITE...]
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from suite_solvers.solving import SOLVERS, disagreements

from sonde.benchmarks.suites.loading import load_suite
from sonde.memory.home import Home

_SHOWN = 5


def main() -> int:
    """Print a table and return how many suites disagree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE")
    parser.add_argument("--size", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    wishes = parser.parse_args()
    wrong = 0
    print("| suite | seed | tasks | agree | made in | solved in |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in wishes.suites or sorted(SOLVERS):
            start = time.perf_counter()
            suite = load_suite(name, home=Home(Path(folder)), seed=wishes.seed, size=wishes.size)
            made = time.perf_counter()
            found = list(disagreements(name, suite))
            solved = time.perf_counter()
            agree = len(suite.tasks) - len(found)
            times = f"{made - start:.1f} s | {solved - made:.1f} s"
            print(f"| {name} | {wishes.seed} | {len(suite.tasks)} | {agree} | {times} |")
            for each in found[:_SHOWN]:
                print(f"  {each.task_id}: {each.question} {each.truth} but {each.solved}")
            wrong += bool(found)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
