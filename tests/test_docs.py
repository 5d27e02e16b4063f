"""The docs that are made from the code are up to date."""

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]


def test_the_page_of_commands_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(_ROOT / "scripts" / "write_cli_docs.py"), "--check"],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
