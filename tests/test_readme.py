"""The code of the README and of the builder's page runs, and the picture is the architecture."""

import itertools
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_README = (_ROOT / "README.md").read_text(encoding="utf-8")
_BUILD = (_ROOT / "docs/build.md").read_text(encoding="utf-8")


def _blocks(language: str, page: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


_PYTHON = {"README.md": _blocks("python", _README), "docs/build.md": _blocks("python", _BUILD)}
_RUN_EACH = """
import json, sys
for number, code in enumerate(json.load(sys.stdin), start=1):
    exec(compile(code, f"block {number}", "exec"), {"__name__": "__main__"})
"""
_COMMANDS = [
    line.removeprefix("$ ")
    for block in _blocks("console", _README)
    for line in block.splitlines()
    if line.startswith("$ ")
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to work in that holds the examples, so that nothing is left in the project."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "examples").symlink_to(_ROOT / "examples")
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A home that the commands of the README share, and no model."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("OPENAI_")}
    return kept | {"SONDE_HOME": str(tmp_path_factory.mktemp("home")), "SONDE_MODEL": ""}


def test_there_is_code_to_run() -> None:
    assert all(len(blocks) >= 2 for blocks in _PYTHON.values())
    assert len(_COMMANDS) >= 3


@pytest.mark.parametrize("page", _PYTHON)
def test_the_python_of_a_page_runs(page: str, place: Path, environment: dict[str, str]) -> None:
    """In one process, since most of its time is the import of langgraph; each block by itself."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _RUN_EACH],
        input=json.dumps(_PYTHON[page]),
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_commands_of_the_readme_run_in_order(place: Path, environment: dict[str, str]) -> None:
    for command in _COMMANDS:
        arguments = shlex.split(command)
        assert arguments[0] == "sonde"
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=place,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode in (0, 4), f"{command}\n{done.stderr}"  # 4: it abstained
        assert done.stdout.strip(), command


def test_the_picture_matches_the_import_contracts() -> None:
    """Each arrow of the picture goes one floor down, and every floor and room is drawn."""
    config = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    (layers,) = [each["layers"] for each in contracts if each["type"] == "layers"]
    floors = [
        [room.strip().removeprefix("sonde.") for room in layer.split("|")] for layer in layers
    ]
    (picture,) = _blocks("mermaid", _README)
    drawn: set[tuple[str, str]] = set()
    for line in picture.splitlines()[1:]:
        steps = [[room.strip() for room in step.split("&")] for step in line.split("-->")]
        for upper, lower in itertools.pairwise(steps):
            drawn |= {(above, below) for above in upper for below in lower}
    expected = {
        (above, below)
        for upper, lower in itertools.pairwise(floors)
        for above in upper
        for below in lower
    }
    assert drawn == expected


def test_links_to_files_lead_somewhere() -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)\)", _README)
    assert targets
    missing = [target for target in targets if not (_ROOT / target).exists()]
    assert missing == []
