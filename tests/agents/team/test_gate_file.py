"""gate.json: text that can be read back, compared, taken over by another team, or refused."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from sonde import SetupError
from sonde.agents.team.gate_file import GateFile, gate_file_of, gate_text, read_gate
from sonde.policies.gating.learned import LearnedGate
from sonde.policies.gating.links import FEATURES, FEATURES_VERSION


def _file(roles: tuple[str, ...] = ("lead", "w1", "w2")) -> GateFile:
    rng = np.random.default_rng(3)
    biases = {(a, b): float(rng.normal()) for a in roles for b in roles if a != b}
    gate = LearnedGate(weights=rng.normal(0, 2, len(FEATURES)), biases=biases)
    return gate_file_of(gate, roles=roles, team_hash="abc", fitted_on=94)


def test_a_gate_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "gate.json"
    path.write_text(gate_text(_file()), encoding="utf-8")
    again = read_gate(path)
    assert again == _file()
    assert again.gate.weights.tolist() == list(again.weights)
    assert again.gate.biases["w1", "w2"] == again.biases["w1 > w2"]
    assert not again.is_calibrated
    assert again.tau == 1.0


@pytest.mark.parametrize("members", [3, 7, 15, 40])
def test_a_gate_stays_under_ten_kilobytes(members: int) -> None:
    roles = tuple(f"worker-{i}" for i in range(members))
    assert len(gate_text(_file(roles)).encode()) < 10_000


def test_another_team_keeps_the_weights_and_loses_the_promise() -> None:
    own = _file().model_copy(update={"tau": 0.4, "alpha": 0.02, "n": 300})
    assert own.for_team(roles=("lead", "w1", "w2"), team_hash="abc") is own
    other = own.for_team(roles=("lead", "w1", "new"), team_hash="def")
    assert other.weights == own.weights
    assert set(other.biases) == {"lead > w1", "w1 > lead"}
    assert (other.tau, other.alpha, other.is_calibrated) == (1.0, None, False)
    assert other.gate.known_roles == {"lead", "w1", "w2"}  # "new" follows the novelty rule


def test_features_of_another_version_are_refused(tmp_path: Path) -> None:
    given = json.loads(gate_text(_file())) | {"features_version": FEATURES_VERSION + 1}
    path = tmp_path / "gate.json"
    path.write_text(json.dumps(given), encoding="utf-8")
    with pytest.raises(SetupError, match="fit it again with `sonde gate fit`"):
        read_gate(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weights": ["x"]}, "is no gate: weights"),
        ({"tau": 1.5}, "is no gate: tau"),
        ({"surprise": 1}, "is no gate: surprise"),
        ({"weights": [math.nan] * 12}, "is no gate: weights.0"),
        ({"biases": {"lead > w1": math.inf}}, "is no gate: biases.lead > w1"),
        ({"biases": {"lead": 1.0}}, "is no gate: biases.lead"),
        ({"measured": {"sends": {"lead": 1.0}}}, "is no gate: measured.sends.lead"),
    ],
)
def test_what_is_no_gate_is_told_where(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    path = tmp_path / "gate.json"
    path.write_text(json.dumps(json.loads(gate_text(_file())) | change), encoding="utf-8")
    with pytest.raises(SetupError, match=words):
        read_gate(path)


def test_a_gate_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot read the gate"):
        read_gate(tmp_path / "gate.json")


def test_a_file_of_no_text_is_no_gate(tmp_path: Path) -> None:
    path = tmp_path / "gate.json"
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(SetupError, match="is no gate: it is no text"):
        read_gate(path)
