"""Measures the processor time of `sonde --help`: median of five processes, in seconds.

    python scripts/help_speed.py [--most SECONDS]

Ends with 1 where the median is above `--most` (0.25 by default).
"""

import argparse
import os
import statistics
import subprocess
import sys

_RUNS = 5


def cpu_of_help_s() -> float:
    """Return user and system seconds of one child process."""
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", "sonde", "--help"],
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=60,
    )
    after = os.times()
    return (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )


def main() -> int:
    """Measure, print, and compare with the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=float, default=0.25, help="seconds that are allowed")
    most = parser.parse_args().most
    figures = [cpu_of_help_s() for _ in range(_RUNS)]
    median = statistics.median(figures)
    print(f"sonde --help: {median:.3f} s of CPU (median of {_RUNS}; limit {most:g} s)")
    return int(median > most)


if __name__ == "__main__":
    sys.exit(main())
