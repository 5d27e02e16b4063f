"""The same question has the same answer and confidence in every process."""

import json
import os
import subprocess
import sys
from pathlib import Path

_SOUNDING = Path(__file__).parents[3] / "examples" / "sounding"


def _asked(question: str, home: Path, hash_seed: int) -> tuple[str, float]:
    command = [sys.executable, "-m", "sonde", "ask", question, "--format", "json", "-q"]
    environment = {"SONDE_HOME": str(home), "SONDE_MODEL": "", "PYTHONHASHSEED": str(hash_seed)}
    done = subprocess.run(
        [*command, "--corpus", str(_SOUNDING)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    result = json.loads(done.stdout)
    return result["answer"], result["confidence"]


def test_no_answer_hangs_on_the_order_in_which_python_walks_a_set(tmp_path: Path) -> None:
    question = "How deep did Beebe and Barton go in the bathysphere in 1934?"
    answers = {_asked(question, tmp_path / "home", seed) for seed in (1, 8, 9, 11)}
    assert len(answers) == 1
