"""The examples in the docstrings run."""

import doctest
from types import ModuleType

import pytest

from sonde.policies import confidence_set, conformal, learn_then_test


@pytest.mark.parametrize("module", [confidence_set, conformal, learn_then_test])
def test_examples_run(module: ModuleType) -> None:
    outcome = doctest.testmod(module)
    assert outcome.attempted > 0
    assert outcome.failed == 0
