"""The world played through the real LangGraph team: the same answers, messages and tokens."""

from pathlib import Path

import pytest

from sonde import Team
from sonde.benchmarks.shards.members import SHARDS_COST, shards_team
from sonde.benchmarks.shards.questions import make_questions
from sonde.benchmarks.shards.rollout import roll
from sonde.policies.gating.gates import Gate, HandGate, NoveltyGate, OpenGate
from sonde.records.errors import SuiteError

from .conftest import Shards


@pytest.mark.parametrize(
    ("name", "tau"), [("open", None), ("novelty", None), ("learned", 0.6), ("hand", 0.8)]
)
def test_the_real_team_plays_as_the_simulation_does(
    shards: Shards, tmp_path: Path, name: str, tau: float | None
) -> None:
    gates: dict[str, Gate] = {
        "open": OpenGate(),
        "novelty": NoveltyGate(),
        "learned": shards.gate,
        "hand": HandGate(),
    }
    questions = make_questions(shards.world, 25, seed=11)
    simulated = roll(shards.world, questions, gates[name], tau=tau)
    team = shards_team(shards.world, questions, gate=gates[name], tau=tau, home=str(tmp_path))
    for row in range(len(questions)):
        result = team.run(questions.text(row))
        assert (result.answer == f"e{questions.answer[row]}") == simulated.is_right[row]
        assert result.message_tokens == simulated.tokens[row]
        assert result.messages == simulated.messages[row]
        assert result.member_calls == simulated.calls[row]
        assert result.is_escalated == simulated.is_escalated[row]


@pytest.mark.parametrize(("name", "most"), [("open", 1), ("novelty", 1), ("novelty", 2)])
def test_a_message_budget_keeps_the_same_claims_in_both(
    shards: Shards, tmp_path: Path, name: str, most: int
) -> None:
    gate = OpenGate() if name == "open" else NoveltyGate()
    questions = make_questions(shards.world, 12, seed=11)
    simulated = roll(shards.world, questions, gate, claims_a_message=most)
    members = shards_team(shards.world, questions, home=str(tmp_path)).members
    team = Team(
        members, gate=gate, message_budget=most, message_cost=SHARDS_COST, home=tmp_path, rounds=3
    )
    for row in range(len(questions)):
        result = team.run(questions.text(row))
        assert result.message_tokens == simulated.tokens[row]
        assert result.messages == simulated.messages[row]
        assert (result.answer == f"e{questions.answer[row]}") == simulated.is_right[row]


def test_a_question_of_another_world_is_refused(shards: Shards, tmp_path: Path) -> None:
    team = shards_team(shards.world, shards.test, home=str(tmp_path))
    with pytest.raises(SuiteError, match="no question of this world"):
        team.run("Where does the Nile end?")
