"""The simulated reasoner: its faults are those that were written down."""

from pathlib import Path

import numpy as np
import pytest

from sonde import Agent
from sonde.models.exact.reading import read_fact_table
from sonde.models.reasoner import Capability
from sonde.models.simulated.reasoner import SimulatedReasoner, with_wrong_facts


def test_it_says_that_it_is_a_simulation() -> None:
    reasoner = SimulatedReasoner(read_fact_table())
    assert reasoner.name == "simulation over animals"
    assert Capability.SIMULATED in reasoner.capabilities


def test_the_share_of_wrong_facts_is_kept_and_seeded() -> None:
    table = read_fact_table()
    wrong = with_wrong_facts(table, 0.1, rng=np.random.default_rng(1))
    again = with_wrong_facts(table, 0.1, rng=np.random.default_rng(1))
    assert (wrong.cells == again.cells).all()
    share = float((wrong.cells != table.cells).mean())
    assert share == pytest.approx(0.1, abs=0.012)


def test_a_share_outside_of_0_and_1_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        with_wrong_facts(read_fact_table(), 1.5, rng=np.random.default_rng(0))


def test_every_result_says_that_it_is_a_simulation(tmp_path: Path) -> None:
    table = read_fact_table()
    agent = Agent(
        SimulatedReasoner(table, exponents=(3.0,)),
        policy="gain",
        ask_user=lambda question: "no",
        home=tmp_path,
        environ={},
    )
    result = agent.run("Which animal?")
    assert result.model == "simulation over animals"
    assert any("no figure of this run was measured" in each for each in result.warnings)
    assert result.trail[0].choice is not None
