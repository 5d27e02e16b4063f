"""How long a report over 50 runs of 500 tasks takes to write and, in Chromium, to open.

Usage: python scripts/report_scale.py [--runs 50] [--tasks 500]
"""

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np

from sonde.benchmarks.bench_run import BenchRun
from sonde.benchmarks.report.html_page import as_html
from sonde.benchmarks.report.report import make_report
from sonde.records.attempt import Attempt
from sonde.records.usage import Usage

_SUITE = "0" * 64
_OPENINGS = 3


def main() -> int:
    """Print the seconds; 1 where a bound is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--tasks", type=int, default=500)
    given = parser.parse_args()
    runs = [make_run(number, given.tasks) for number in range(given.runs)]
    start, cpu = time.perf_counter(), time.process_time()
    page = as_html(make_report(runs))
    wall_s, cpu_s = time.perf_counter() - start, time.process_time() - cpu
    print(f"{given.runs} runs of {given.tasks} tasks: {len(page) / 1e6:.1f} MB")
    print(f"written in {wall_s:.1f} s ({cpu_s:.1f} s of processor); bound 10 s")
    opened = _opened_s(page)
    if opened is None:
        print("not opened: there is no Chromium here")
        return int(cpu_s > 10)
    print(f"opened and drawn in {opened:.2f} s, the best of {_OPENINGS}; bound 2 s")
    return int(cpu_s > 10 or opened > 2)


def make_run(number: int, tasks: int) -> BenchRun:
    """Return a run whose accuracy and cost rise with its number."""
    rng = np.random.default_rng(number)
    scores = rng.uniform(size=tasks) < 0.2 + 0.012 * number
    costs = 0.002 * 1.1**number * rng.lognormal(0, 0.5, size=tasks)
    attempts = tuple(
        Attempt(
            suite_sha256=_SUITE,
            task_id=f"t{task}",
            epoch=1,
            agent_sha256=str(number),
            status="scored",
            level=str(1 + task % 3),
            score=float(scores[task]),
            rounds=3,
            steps=4,
            usage=Usage(uncached_input=1_000, output=200),
            cost_usd=float(costs[task]),
            wall_s=2.0,
        )
        for task in range(tasks)
    )
    return BenchRun(
        run_id=f"run-{number}",
        agent=f"agent {number:02}",
        agent_sha256=str(number),
        suite="drawn",
        suite_sha256=_SUITE,
        task_ids=tuple(f"t{task}" for task in range(tasks)),
        attempts=attempts,
    )


def _opened_s(page: str) -> float | None:
    browser_path = shutil.which("chromium")
    if browser_path is None:
        return None
    from playwright.sync_api import sync_playwright

    found: list[float] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        file = Path(folder) / "report.html"
        file.write_text(page, encoding="utf-8")
        browser = driver.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for _ in range(_OPENINGS):
            tab = browser.new_page(offline=True)
            tab.goto(file.as_uri(), wait_until="commit")
            tab.wait_for_selector("html[data-ready]", timeout=60_000)
            found.append(float(tab.evaluate("performance.now()")) / 1_000)
            tab.close()
        browser.close()
    return min(found)


if __name__ == "__main__":
    raise SystemExit(main())
