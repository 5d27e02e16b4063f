"""Measures a first answer from a cold start: a fresh home, the index built, one question answered.

    python scripts/first_answer.py [--corpus FOLDER] [--most SECONDS] [--runs N]

Prints the median of processor and wall seconds, and what importing takes of them, by package.
Ends with 1 where the median of processor seconds is above `--most` (2 by default).
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

_CORPUS = Path(__file__).resolve().parent.parent / "examples" / "sounding"
_QUESTION = "Who paid for the building of the bathysphere?"
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|\s*(\S+)")
_PACKAGES = ("langgraph", "langchain_core", "langsmith", "pydantic", "numpy", "scipy", "tantivy",
             "sqlite3", "rich", "openai", "sonde")  # fmt: skip


class Took(NamedTuple):
    """Seconds of one process."""

    cpu_s: float
    wall_s: float


def first_answer(corpus: Path, *options: str) -> tuple[Took, str]:
    """Return what a first answer took, and what the process wrote to stderr."""
    with tempfile.TemporaryDirectory() as home:
        before, start = os.times(), time.perf_counter()
        done = subprocess.run(
            [sys.executable, *options, "-m", "sonde", "ask", _QUESTION, "--corpus", str(corpus)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "SONDE_HOME": home, "SONDE_MODEL": "", "SONDE_READER": ""},
            timeout=120,
            text=True,
        )
        after, wall_s = os.times(), time.perf_counter() - start
    user = after.children_user - before.children_user
    system = after.children_system - before.children_system
    return Took(user + system, wall_s), done.stderr


def own_seconds(trace: str) -> dict[str, float]:
    """Return the seconds that each package's own modules took to import."""
    spent: dict[str, float] = dict.fromkeys(_PACKAGES, 0.0)
    for own, _, name in _IMPORT.findall(trace):
        package = name.split(".")[0]
        if package in spent:
            spent[package] += int(own) / 1e6
    return spent


def main() -> int:
    """Measure, print, and compare with the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=_CORPUS)
    parser.add_argument("--most", type=float, default=2.0, help="processor seconds allowed")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    figures = [first_answer(args.corpus)[0] for _ in range(args.runs)]
    cpu_s = statistics.median(took.cpu_s for took in figures)
    wall_s = statistics.median(took.wall_s for took in figures)
    print(f"first answer: {cpu_s:.2f} s of CPU, {wall_s:.2f} s wall (median of {args.runs})")
    spent = own_seconds(first_answer(args.corpus, "-X", "importtime")[1])
    for package, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"  importing {package:<16}{seconds:6.3f} s")
    return int(cpu_s > args.most)


if __name__ == "__main__":
    sys.exit(main())
