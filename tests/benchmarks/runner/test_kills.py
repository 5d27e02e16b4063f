"""A run that is killed in the middle, against a server that counts: nothing lost, nothing doubled.

The whole experiment is `scripts/bench_kills.py`; here it runs small, with a server that also
refuses whatever is more than four requests at a time.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_SCRIPTS = Path(__file__).parents[3] / "scripts"


@pytest.mark.loopback
@pytest.mark.parametrize("executor", ["local", "procs"])
def test_a_killed_run_in_a_storm_of_refusals_adds_up(executor: str) -> None:
    command = [sys.executable, str(_SCRIPTS / "bench_kills.py"), "--executor", executor]
    done = subprocess.run(
        [*command, "--tasks", "24", "--kills", "1", "--conn", "12", "--most", "4"],
        env={**os.environ, "PYTHONPATH": str(_SCRIPTS)},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert (found["tasks"], found["scored"], found["kills"]) == (24, 24, 1)
    assert found["abandoned"] > 0
    assert found["refusals"] > 0
    assert found["largest"] <= 4
    assert found["tokens"] + found["server_tokens_of_lost"] == found["server_tokens"]
