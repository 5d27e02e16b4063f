"""The docs that are made from the code are up to date."""

import re
import subprocess
import sys
from pathlib import Path

from sonde.costs.overrides import read_overrides, read_service_prices

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


def test_the_prices_in_the_docs_can_be_read(tmp_path: Path) -> None:
    page = (_ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    file = tmp_path / "prices.toml"
    file.write_text(block, encoding="utf-8")
    assert read_overrides(file).keys() == {"gpt-5-mini", "llama3.1:8b"}
    assert read_service_prices(file) == {"brave": 0.003}
