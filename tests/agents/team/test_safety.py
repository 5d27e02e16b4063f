"""A team degrades safely: each rule, seen from the outside."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from sonde import Budget, SetupError, StopReason, Team
from sonde.agents.team.checks import Checks
from sonde.agents.team.exchange import MessageCost
from sonde.agents.team.gate_file import GateFile, Measured, gate_file_of, gate_text
from sonde.agents.team.member import Assignment, Work
from sonde.agents.team.settings import gate_hash
from sonde.memory.journal import read_journal
from sonde.policies.gating.gates import ClosedGate, StaticGate
from sonde.policies.gating.learned import LearnedGate
from sonde.policies.gating.links import FEATURES
from sonde.records.claims import ANSWER, Claim
from sonde.records.events import Event, LimitReached
from sonde.records.team_events import MemberWorked, MessageSent, TeamChecked, TeamEscalated

_COST = MessageCost(claim_tokens=lambda _: 14)


@dataclass
class Knower:
    """A member that knows one thing, and answers once it has heard of all others' things."""

    name: str
    knows: str
    confidence: float = 0.9
    needs: int = 99
    profile: str = ""
    price: float | None = 0.0
    calls: list[int] = field(default_factory=list[int])

    @property
    def role(self) -> str:
        return self.name

    def match(self, open_question: str) -> float:
        return 0.0

    async def work(self, task: Assignment) -> Work:
        self.calls.append(task.round)
        claims: list[Claim] = []
        if task.round == 0:
            subject = ANSWER if self.knows.startswith("!") else f"thing of {self.name}"
            claims.append(task.claim(subject, self.knows.lstrip("!"), confidence=self.confidence))
        others = [claim for claim in task.held if claim.agent != self.name]
        if len(others) >= self.needs:
            parents = [claim.id for claim in others]
            whole = " ".join(sorted(claim.value for claim in others))
            claims.append(task.claim(ANSWER, whole, confidence=0.95, parents=parents))
        return Work(claims=tuple(claims), open_question=task.question, cost_usd=self.price)


def _members() -> list[Knower]:
    lead = Knower("lead", "lead", confidence=0.1, needs=2)
    return [lead, Knower("left", "one"), Knower("right", "two")]


def _shut() -> LearnedGate:
    return LearnedGate(weights=np.array([-9.0] + [0.0] * (len(FEATURES) - 1)))


def _events(team: Team, run_id: str) -> tuple[Event, ...]:
    return read_journal(team.home.run(run_id).journal).events


def test_a_decider_that_is_not_sure_goes_back_to_full_communication(tmp_path: Path) -> None:
    silent = Team(_members(), gate=ClosedGate(), home=tmp_path, message_cost=_COST)
    assert silent.run("what?").stop_reason is StopReason.ABSTAINED
    saved = Team(_members(), gate=ClosedGate(), tau=0.5, home=tmp_path, message_cost=_COST)
    result = saved.run("what?")
    assert (result.answer, result.is_escalated) == ("one two", True)
    assert result.gated.answer is None
    told = [e for e in _events(saved, result.run_id) if isinstance(e, TeamEscalated)]
    assert [(each.confidence, each.tau) for each in told] == [(None, 0.5)]


def test_a_sure_decider_does_not(tmp_path: Path) -> None:
    members = [Knower("lead", "!done", confidence=0.8), Knower("left", "one")]
    result = Team(members, gate=ClosedGate(), tau=0.5, home=tmp_path).run("what?")
    assert (result.answer, result.is_escalated, result.messages) == ("done", False, 0)


def test_the_first_answer_reaches_the_decider_through_a_shut_gate(tmp_path: Path) -> None:
    members = [Knower("lead", "x"), Knower("left", "!found"), Knower("right", "y")]
    result = Team(members, gate=_shut(), home=tmp_path).run("what?")
    assert (result.answer, result.messages) == ("found", 1)
    assert result.lineage[0].agent == "left"


def test_a_graph_that_cuts_a_member_off_is_refused(tmp_path: Path) -> None:
    graph = np.zeros((3, 3), dtype=np.bool_)
    graph[1, 0] = True
    with pytest.raises(SetupError, match="nothing leads from right to the decider"):
        Team(_members(), gate=StaticGate(graph=graph), home=tmp_path)


def test_a_hard_token_budget_ends_in_delivery_to_the_decider_alone(tmp_path: Path) -> None:
    members = [Knower("lead", "x"), Knower("left", "!found"), Knower("right", "y")]
    free = Team(members, gate="open", home=tmp_path, message_cost=_COST).run("what?")
    budget = Budget(tokens=100)
    team = Team(_fresh(members), gate="open", home=tmp_path, message_cost=_COST, budget=budget)
    result = team.run("what?")
    assert free.message_tokens > 100 >= result.message_tokens
    assert result.stop_reason is StopReason.BUDGET_TOKENS
    assert result.answer == "found"
    sent = [e for e in _events(team, result.run_id) if isinstance(e, MessageSent)]
    assert [(each.sender, each.receiver) for each in sent] == [("left", "lead")]
    assert sum(isinstance(e, MemberWorked) for e in _events(team, result.run_id)) == 3


def test_a_budget_of_dollars_ends_the_talk_too(tmp_path: Path) -> None:
    members = [Knower("lead", "x", price=0.02), Knower("left", "!found", price=0.03)]
    team = Team(members, gate="open", home=tmp_path, budget=Budget(usd=0.05))
    result = team.run("what?")
    assert (result.stop_reason, result.answer) == (StopReason.BUDGET_USD, "found")
    assert result.cost_usd == pytest.approx(0.05)
    assert members[0].calls == [0]


def test_an_unknown_cost_ends_the_talk_under_a_limit_of_dollars(tmp_path: Path) -> None:
    members = [Knower("lead", "x"), Knower("left", "!found", price=None)]
    team = Team(members, gate="open", home=tmp_path, budget=Budget(usd=5.0))
    result = team.run("what?")
    assert (result.stop_reason, result.cost_usd) == (StopReason.BUDGET_USD, None)
    assert (members[0].calls, members[1].calls) == ([0], [0])
    told = [e.message for e in _events(team, result.run_id) if isinstance(e, LimitReached)]
    assert len(told) == 1
    assert "a member's cost is unknown, so a limit of $5 cannot be kept" in told[0]
    free = Team(_fresh(members), gate="open", home=tmp_path).run("what?")
    assert (free.stop_reason, free.cost_usd) == (StopReason.ANSWERED, 0.0)


def test_a_budget_of_seconds_ends_the_talk_too(tmp_path: Path) -> None:
    members = [Knower("lead", "x"), Knower("left", "!found")]
    result = Team(members, gate="open", home=tmp_path, budget=Budget(seconds=0)).run("what?")
    assert (result.stop_reason, result.answer) == (StopReason.DEADLINE, "found")


def test_a_limit_of_calls_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no limit of model calls"):
        Team(_members(), home=tmp_path, budget=Budget(calls=3)).run("what?")


def test_a_gate_of_another_team_is_uncalibrated_and_always_fails_open(tmp_path: Path) -> None:
    file = _file("another team", tau=0.3, alpha=0.02)
    team = Team(_members(), gate=file, home=tmp_path, check_share=0.0)
    assert team.settings.tau == 1.0
    result = team.run("what?")
    assert result.is_escalated
    assert result.answer == "one two"
    assert any("not calibrated for this team" in warning for warning in result.warnings)


def test_a_gate_of_this_team_is_put_to_use_as_it_is(tmp_path: Path) -> None:
    own = _file(Team(_members(), home=tmp_path).hash, tau=0.05, alpha=0.02)
    team = Team(_members(), gate=own, home=tmp_path, check_share=0.0)
    assert (team.settings.tau, team.settings.alpha) == (0.05, 0.02)
    eager = Team(_members(), gate=own, tau=0.3, home=tmp_path)
    assert (eager.settings.tau, eager.settings.alpha) == (0.3, None)  # nothing was promised of it
    path = tmp_path / "gate.json"
    path.write_text(gate_text(own), encoding="utf-8")
    assert Team(_members(), gate=path, home=tmp_path).settings.tau == 0.05


def test_a_gate_that_saves_nothing_is_not_put_to_use(tmp_path: Path) -> None:
    own = _file(Team(_members(), home=tmp_path).hash, tau=0.05, alpha=0.02)
    team = Team(_members(), gate=own.model_copy(update={"is_installed": False}), home=tmp_path)
    result = team.run("what?")
    assert result.gate == "novelty"
    assert any("saved nothing" in warning for warning in result.warnings)


def test_a_share_of_the_runs_is_played_open_too_and_raises_an_alarm(tmp_path: Path) -> None:
    own = _file(Team(_members(), home=tmp_path).hash, tau=0.0, alpha=0.02)
    members = [Knower("lead", "!wrong", confidence=0.6, needs=2), *_members()[1:]]
    own = own.model_copy(update={"team_hash": Team(members, home=tmp_path).hash})
    team = Team(members, gate=own, home=tmp_path, check_share=1.0, message_cost=_COST)
    heard: list[Event] = []
    first = asyncio.run(team.arun("what?", listeners=[heard.append]))
    assert first.answer == "one two"  # the open team's answer stands
    checked = [event for event in heard if isinstance(event, TeamChecked)]
    assert [(each.is_lost, each.losses, each.checks) for each in checked] == [(True, 1, 1)]
    assert _checks(team).losses() == [True]
    assert any("loses more than it promised" in warning for warning in first.warnings)


def test_a_checked_run_is_billed_twice_and_stays_within_its_budget(tmp_path: Path) -> None:
    own = _file(Team(_members(), home=tmp_path).hash, tau=0.0, alpha=0.02)
    checked = Team(_members(), gate=own, home=tmp_path, check_share=1.0, message_cost=_COST)
    gated = Team(_members(), gate=own, home=tmp_path, check_share=0.0, message_cost=_COST)
    opened = Team(_members(), gate="open", home=tmp_path, message_cost=_COST)
    both = gated.run("what?").message_tokens + opened.run("what?").message_tokens
    assert checked.run("what?").message_tokens == both
    limited = Team(
        _members(),
        gate=own,
        home=tmp_path / "other",
        check_share=1.0,
        message_cost=_COST,
        budget=Budget(tokens=200),
    )
    assert limited.run("what?").message_tokens <= 200
    assert _checks(limited).losses() == []  # cut short, so nothing is compared


def test_a_limit_that_cuts_the_check_short_leaves_the_gated_answer(tmp_path: Path) -> None:
    gate = _file(Team(_members(), home=tmp_path).hash, tau=0.0, alpha=0.02)
    whole = Team(_members(), gate=gate, home=tmp_path, check_share=0.0, message_cost=_COST).run("?")
    limit = whole.message_tokens + 20
    team = Team(
        _members(),
        gate=gate,
        home=tmp_path,
        check_share=1.0,
        message_cost=_COST,
        budget=Budget(tokens=limit),
    )
    result = team.run("?")
    assert (result.answer, result.stop_reason) == (whole.answer, whole.stop_reason)
    assert whole.message_tokens <= result.message_tokens <= limit
    assert any("a limit cut the check of the gate short" in each for each in result.warnings)
    assert _checks(team).losses() == []


def test_a_half_written_check_is_passed_over(tmp_path: Path) -> None:
    checks = _checks(Team(_members(), home=tmp_path))
    checks.path.parent.mkdir(parents=True)
    whole = '{"gated": "a", "open": "b", "is_lost": true}'
    checks.path.write_text(f'{whole}\n{{"gated": "a", "op{whole}\n7\n{{}}\n', encoding="utf-8")
    assert checks.losses() == [True]


def test_a_member_that_cannot_go_on_is_passed_over(tmp_path: Path) -> None:
    @dataclass
    class Tired(Knower):
        async def work(self, task: Assignment) -> Work:
            if task.round:
                raise SetupError("a budget of 3 tokens is too small")
            return await Knower.work(self, task)

    members = [Knower("lead", "x"), Tired("left", "!found"), Knower("right", "y")]
    result = Team(members, home=tmp_path).run("what?")
    assert result.answer == "found"
    assert "left: a budget of 3 tokens is too small" in result.warnings


def test_no_run_is_checked_where_nothing_was_learned(tmp_path: Path) -> None:
    team = Team(_members(), home=tmp_path, check_share=1.0)
    team.run("what?")
    assert not _checks(team).path.exists()


def test_losses_of_an_older_gate_or_threshold_do_not_keep_the_alarm_on(tmp_path: Path) -> None:
    members = [Knower("lead", "!wrong", confidence=0.6, needs=2), *_members()[1:]]
    own = _file(Team(members, home=tmp_path).hash, tau=0.0, alpha=0.02)
    lossy = Team(members, gate=own, home=tmp_path, check_share=1.0, message_cost=_COST)
    lossy.run("what?")
    again = own.model_copy(update={"tau": 0.65})
    mended = Team(members, gate=again, home=tmp_path, check_share=1.0, message_cost=_COST)
    assert not mended.run("what?").warnings
    assert (_checks(lossy).losses(), _checks(mended).losses()) == ([True], [False])
    other = own.model_copy(update={"weights": (-8.0, *own.weights[1:])})
    assert _checks(Team(members, gate=other, home=tmp_path)).losses() == []


def _checks(team: Team) -> Checks:
    return Checks(team.home, team.hash, gate_hash(team.settings.gate, team.settings.tau))


def _fresh(members: list[Knower]) -> list[Knower]:
    return [Knower(each.name, each.knows, each.confidence, each.needs) for each in members]


def _file(team_hash: str, *, tau: float, alpha: float) -> GateFile:
    roles = ("lead", "left", "right")
    file = gate_file_of(_shut(), roles=roles, team_hash=team_hash, fitted_on=9)
    update = {"tau": tau, "alpha": alpha, "n": 60, "measured": Measured(open_accuracy=0.9)}
    return file.model_copy(update=update)
