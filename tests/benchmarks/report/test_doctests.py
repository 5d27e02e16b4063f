"""The examples in the docstrings of the report's words."""

import doctest
from types import ModuleType

import pytest

from sonde.benchmarks.report import resources, wording


@pytest.mark.parametrize("module", [resources, wording])
def test_the_examples_hold(module: ModuleType) -> None:
    outcome = doctest.testmod(module)
    assert outcome.attempted > 0
    assert outcome.failed == 0
