"""Polishing by trial: the baseline by hand, and steps that climb."""

import numpy as np
import pytest

from sonde.policies.gating.learned import LearnedGate
from sonde.policies.gating.links import FEATURES, Links, LinkState, links_of
from sonde.policies.gating.polish import ExploringGate, Polisher, leave_one_out

_ROLES = ("lead", "w1")


def _links(runs: int) -> Links:
    shape = (runs, 2, 2)
    return links_of(
        LinkState(
            novel=np.ones(shape),
            novel_confidence=np.full(shape, 0.5),
            confidence=np.zeros((runs, 2)),
            is_final=np.zeros((runs, 2), dtype=np.bool_),
            match=np.zeros(shape),
            sent_before=np.zeros(shape, dtype=np.bool_),
            final_sent=np.zeros(shape, dtype=np.bool_),
            decider=0,
            round_fraction=1.0,
        ),
        roles=_ROLES,
    )


def test_the_baseline_is_the_mean_of_the_others() -> None:
    found = leave_one_out(np.array([[1.0, 0.0], [0.3, 0.3]]))
    assert found.tolist() == [[1.0, -1.0], [0.0, 0.0]]
    with pytest.raises(ValueError, match="at least two trials"):
        leave_one_out(np.ones((3, 1)))


def test_an_exploring_gate_opens_as_often_as_its_gate_says() -> None:
    gate = LearnedGate(weights=np.array([-1.0] + [0.0] * (len(FEATURES) - 1)))
    tried = ExploringGate(gate, np.random.default_rng(2))
    opening = tried.decide(_links(20_000))
    share = opening.is_open[:, 1, 0].mean()
    assert share == pytest.approx(1 / (1 + np.e), abs=0.02)
    assert not opening.is_open[:, 0, 0].any()


def test_what_pays_is_tried_more_and_what_does_not_less() -> None:
    """Only messages from w1 to the lead pay; each message costs."""
    rng = np.random.default_rng(5)
    gate = LearnedGate(weights=np.zeros(len(FEATURES)))
    polisher = Polisher(roles=_ROLES, rate=0.2)
    for _ in range(60):
        tried = ExploringGate(gate, rng)
        is_open = tried.decide(_links(64)).is_open
        utility = 1.0 * is_open[:, 1, 0] - 0.3 * is_open.sum(axis=(1, 2))
        gate = polisher.step(tried, leave_one_out(utility.reshape(16, 4)).ravel())
    probability = gate.decide(_links(1)).probability[0]
    assert probability[1, 0] > 0.85
    assert probability[0, 1] < 0.15
