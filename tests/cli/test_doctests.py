"""The examples in the docstrings of the small text functions."""

import doctest
from types import ModuleType

import pytest

from sonde.cli import figures, page, printable


@pytest.mark.parametrize("module", [figures, page, printable])
def test_the_examples_hold(module: ModuleType) -> None:
    outcome = doctest.testmod(module)

    assert outcome.attempted > 0
    assert outcome.failed == 0
