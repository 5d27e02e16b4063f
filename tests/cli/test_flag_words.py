"""Each door speaks its own language: Python's in what is raised, flags at the command line."""

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sonde.agents.agent import Agent
from sonde.cli.flag_words import in_flags
from sonde.records.errors import SetupError

if TYPE_CHECKING:
    from .conftest import Sonde

_PACKAGE = Path(__file__).parents[2] / "sonde"
_OF_COMMANDS = ("cli", "benchmarks")  # a benchmark is run by its command alone
_FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


@pytest.mark.parametrize(
    ("python", "flags"),
    [
        ("give `Budget(tokens=900)`", "give --max-tokens 900"),
        ("give `budget=Budget(usd=0.5)`", "give --max-usd 0.5"),
        (
            'its address: `base_url="http://127.0.0.1/v1"`',
            "its address: --base-url http://127.0.0.1/v1",
        ),
        ('`allow_hosts=["a.example"]` opens it', "--allow-host a.example opens it"),
        ("(`tools=web_tools(...)`) or (`model=...`)", "(--search auto) or (-m NAME)"),
        ("`is_polite=False` reads on", "--ignore-robots reads on"),
        ("`unknown_setting=3` stays", "`unknown_setting=3` stays"),
        ("see `sonde runs list`", "see `sonde runs list`"),
    ],
)
def test_a_setting_is_told_as_its_flag(python: str, flags: str) -> None:
    assert in_flags(python) == flags


def test_the_library_names_no_flag_of_the_command_line() -> None:
    found = [
        f"{path.relative_to(_PACKAGE)}:{line}: {text}"
        for path in sorted(_PACKAGE.rglob("*.py"))
        if path.relative_to(_PACKAGE).parts[0] not in _OF_COMMANDS
        for line, text in _texts(path)
        if _FLAG.search(re.sub(r"sonde [a-z]+ [^`]*", "", text))
    ]
    assert found == []


def test_one_mistake_is_told_in_the_words_of_each_door(sonde: "Sonde", tmp_path: Path) -> None:
    with pytest.raises(SetupError) as raised:
        Agent(home=tmp_path, environ={}).run("How deep?")
    assert "--" not in str(raised.value)
    assert "`corpus=...`" in str(raised.value)

    told = sonde("ask", "How deep?").err
    assert "give a corpus (--corpus PATH), the web (--search auto) or a model (-m NAME)" in told
    assert "corpus=" not in told


def _texts(path: Path) -> list[tuple[int, str]]:
    """Return the texts of a file that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]
