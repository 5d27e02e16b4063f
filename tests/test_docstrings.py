"""Every example in a docstring of the package runs."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import sonde

_ROOT = Path(sonde.__file__).parent
_WITH_EXAMPLES = sorted(
    ".".join(("sonde", *path.relative_to(_ROOT).with_suffix("").parts))
    for path in _ROOT.rglob("*.py")
    if "    >>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("module", _WITH_EXAMPLES)
def test_the_examples_of_a_module_run(module: str) -> None:
    outcome = doctest.testmod(import_module(module))
    assert outcome.attempted > 0
    assert outcome.failed == 0
