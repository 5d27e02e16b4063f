"""Gates without a lesson, the learned one, and the rules that stand above its curve."""

from dataclasses import replace

import numpy as np
import pytest

from sonde.policies.gating.gates import (
    ClosedGate,
    Gate,
    HandGate,
    NoveltyGate,
    OpenGate,
    StaticGate,
)
from sonde.policies.gating.graphs import star
from sonde.policies.gating.learned import LearnedGate
from sonde.policies.gating.links import FEATURES, Links, LinkState, links_of

_ROLES = ("lead", "w1", "w2")


def _links(*, novel: float = 1.0, match: float = 0.9, roles: tuple[str, ...] = _ROLES) -> Links:
    """Three members; w1 (index 1) holds an answer that nobody has heard."""
    size = len(roles)
    state = LinkState(
        novel=np.full((size, size), novel),
        novel_confidence=np.full((size, size), 0.8),
        confidence=np.array([0.0, 0.8, 0.0]),
        is_final=np.array([False, True, False]),
        match=np.full((size, size), match),
        sent_before=np.zeros((size, size), dtype=np.bool_),
        final_sent=np.zeros((size, size), dtype=np.bool_),
        decider=0,
        round_fraction=1 / 3,
    )
    return links_of(state, roles=roles)


def _shut(**weights: float) -> LearnedGate:
    values = {"constant": -9.0} | weights
    return LearnedGate(weights=np.array([values.get(name, 0.0) for name in FEATURES]))


def test_features_of_a_link_are_worked_by_hand() -> None:
    x = _links().features
    named = dict(zip(FEATURES, x[1, 0].tolist(), strict=True))
    entropy = -(0.8 * np.log2(0.8) + 0.2 * np.log2(0.2))
    assert named.pop("sender_entropy") == pytest.approx(entropy)
    assert named == {
        "constant": 1.0,
        "novelty": 1.0,
        "novel_confidence": 0.8,
        "receiver_answered": 0.0,
        "receiver_match": 0.9,
        "receiver_is_decider": 1.0,
        "sender_is_final": 1.0,
        "round_fraction": 1 / 3,
        "novelty*match": 0.9,
        "novelty*final*decider": 1.0,
        "sent_before": 0.0,
    }


@pytest.mark.parametrize(
    "gate",
    [OpenGate(), ClosedGate(), NoveltyGate(), HandGate(), StaticGate(graph=star(3)), _shut()],
)
def test_no_gate_lets_a_member_speak_to_itself(gate: Gate) -> None:
    opening = gate.decide(_links())
    assert not np.diagonal(opening.is_open).any()
    assert opening.is_open.shape == (3, 3)


def test_the_plain_gates_open_what_they_say() -> None:
    assert OpenGate().decide(_links(novel=0)).is_open.sum() == 6
    assert ClosedGate().decide(_links()).is_open.sum() == 0
    assert NoveltyGate().decide(_links()).is_open.sum() == 6
    assert NoveltyGate().decide(_links(novel=0)).is_open.sum() == 0
    assert StaticGate(graph=star(3)).decide(_links()).is_open.sum() == 4
    by_hand = HandGate().decide(_links(match=0.1)).is_open
    assert by_hand.tolist() == [[False] * 3, [True, False, False], [False] * 3]


def test_a_static_graph_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="graph over 5 members cannot gate a team of 3"):
        StaticGate(graph=star(5)).decide(_links())


def test_the_first_answer_to_the_decider_is_never_gated() -> None:
    links = _links()
    opening = _shut().decide(links)
    assert opening.is_open.tolist() == [[False] * 3, [True, False, False], [False] * 3]
    heard = replace(links, is_first_answer=np.zeros((3, 3), dtype=np.bool_))
    assert not _shut().decide(heard).is_open.any()


def test_a_feature_that_is_no_number_falls_back_to_novelty_for_that_link() -> None:
    links = _links()
    links.features[2, 1, FEATURES.index("receiver_match")] = np.nan
    opening = _shut().decide(links)
    assert opening.is_open[2, 1]
    assert opening.is_open.sum() == 2  # and the first answer


def test_an_unknown_role_falls_back_to_novelty_on_its_links() -> None:
    gate = replace(_shut(), known_roles=frozenset({"lead", "w1"}))
    opening = gate.decide(_links())
    assert opening.is_open[:, 2].tolist() == [True, True, False]
    assert opening.is_open[2, :].tolist() == [True, True, False]
    assert not opening.is_open[0, 1]


def test_nothing_new_is_never_sent() -> None:
    eager = LearnedGate(weights=np.array([9.0] + [0.0] * (len(FEATURES) - 1)))
    assert eager.decide(_links(novel=0)).is_open.sum() == 0
    assert eager.decide(_links()).is_open.sum() == 6


def test_biases_move_one_pair_of_roles_and_strange_ones_are_dropped() -> None:
    gate = replace(_shut(), biases={("w1", "w2"): 12.0, ("w9", "w2"): 12.0})
    assert gate.decide(_links()).is_open[1, 2]
    assert not gate.decide(_links()).is_open[2, 1]
    assert set(gate.for_roles(_ROLES).biases) == {("w1", "w2")}


def test_weights_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="12 finite weights"):
        LearnedGate(weights=np.array([np.nan] * len(FEATURES)))
