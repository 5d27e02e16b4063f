"""The examples in the docstrings run."""

import doctest
from types import ModuleType

import pytest

from sonde.agents import choosing
from sonde.models.chat import forecast
from sonde.models.exact import fact_table


@pytest.mark.parametrize("module", [choosing, fact_table, forecast])
def test_examples_run(module: ModuleType) -> None:
    outcome = doctest.testmod(module)
    assert outcome.attempted > 0
    assert outcome.failed == 0
