"""A team of real agents over three corpora, with no model and no network."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from sonde import Agent, Member, ScriptedModel, SetupError, StopReason, Team
from sonde.agents.team.member import Assignment, Teammate, Work
from sonde.memory.journal import read_journal
from sonde.records.events import Event, RunStarted, RunStopped
from sonde.records.team_events import ClaimMade, LinksWeighed, MemberWorked, MessageSent

from .conftest import ANSWER, QUESTION


def test_a_team_answers_from_what_another_member_owns(team: Team) -> None:
    result = team.run(QUESTION)
    assert result.answer == ANSWER
    assert result.stop_reason is StopReason.ANSWERED
    cited = result.citations[0]
    assert cited.source.endswith("bathysphere.md")
    assert Path(cited.source).read_text(encoding="utf-8")[cited.start : cited.end] == cited.quote
    assert {claim.agent for claim in result.lineage} & {"people"}
    assert result.cost_usd == 0
    assert result.usage.total is None  # no model, so no tokens of one; unknown is not 0
    assert result.message_tokens > 0


def test_a_member_alone_does_not_know(corpora: dict[str, Path], tmp_path: Path) -> None:
    alone = Agent(corpus=corpora["ships"], home=tmp_path / "home")
    answer = alone.run(QUESTION).answer or ""
    assert "Barton" not in answer


def test_every_step_is_in_the_journal(team: Team) -> None:
    heard: list[Event] = []
    result = asyncio.run(team.arun(QUESTION, listeners=[heard.append]))
    events = read_journal(team.home.run(result.run_id).journal).events
    assert [event.type for event in events] == [event.type for event in heard]
    assert isinstance(events[0], RunStarted)
    assert isinstance(events[-1], RunStopped)
    sent = [event for event in events if isinstance(event, MessageSent)]
    assert sum(each.tokens_read + each.tokens_written for each in sent) == result.message_tokens
    known = {event.claim.id for event in events if isinstance(event, ClaimMade)}
    assert all(known.issuperset(each.claims) for each in sent)
    assert all(set(each.claims).issuperset(each.taken) for each in sent)
    weighed = [event for event in events if isinstance(event, LinksWeighed)]
    assert [len(each.links) for each in weighed] == [6] * result.rounds
    worked = [event for event in events if isinstance(event, MemberWorked)]
    assert len(worked) == result.member_calls


def test_who_received_nothing_is_not_called(team: Team) -> None:
    result = team.run(QUESTION)
    events = read_journal(team.home.run(result.run_id).journal).events
    for number in range(1, result.rounds + 1):
        received = {e.receiver for e in events if isinstance(e, MessageSent) and e.round == number}
        called = {e.member for e in events if isinstance(e, MemberWorked) and e.round == number}
        assert called == received


def test_each_member_has_a_node_and_each_leads_back_to_the_router(team: Team) -> None:
    drawn = team.graph.get_graph()
    assert {"router", "ships", "people", "places"} <= set(drawn.nodes)
    back = {edge.source for edge in drawn.edges if edge.target == "router"}
    assert back == {"__start__", "ships", "people", "places"}


def test_the_stream_ends_with_the_result(team: Team) -> None:
    async def watch() -> list[Event]:
        return [event async for event in team.stream(QUESTION)]

    last = asyncio.run(watch())[-1]
    assert isinstance(last, RunStopped)
    assert last.result.answer is not None


def test_a_member_with_a_model_is_on_the_bill(corpora: dict[str, Path], tmp_path: Path) -> None:
    model = ScriptedModel([f"<answer>{ANSWER}</answer>"] * 8)
    home = tmp_path / "home"
    chair = Member("chair", Agent(model, home=home), profile="sums up what the others found")
    team = Team([chair, Agent(corpus=corpora["people"], home=home)], home=home, rounds=1)
    result = team.run(QUESTION)
    assert result.answer == ANSWER
    assert "scripted" in result.model
    assert "extractive" in result.model
    assert result.cpu_s is None
    assert result.usage.total is not None  # those of the model; the reader has none


def test_a_reply_that_cannot_be_read_is_no_answer_of_a_team(
    corpora: dict[str, Path], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    babbling = Agent(ScriptedModel(lambda _: "It was, well, hard to say."), home=home, environ={})
    assert (
        babbling.run(QUESTION).answer == "It was, well, hard to say."
    )  # alone, it is told as such
    knowing = Agent(ScriptedModel(lambda _: f"<answer>{ANSWER}</answer>"), home=home, environ={})
    members = [Member("babbling", babbling), Member("knowing", knowing)]
    result = Team(members, decider="babbling", home=home).run(QUESTION)
    assert result.answer == ANSWER
    assert any("babbling: the last reply was not in the form" in each for each in result.warnings)


def test_names_deciders_and_gates_that_are_not_there_are_told(
    members: list[Agent | Teammate], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with pytest.raises(SetupError, match=r"no member 'nobody' to decide; there are: ships, people"):
        Team(members, decider="nobody", home=home)
    with pytest.raises(SetupError, match="give one of novelty, open, hand"):
        Team(members, gate="closed", home=home)
    with pytest.raises(SetupError, match="at least one member"):
        Team([], home=home)
    with pytest.raises(SetupError, match="at least 1 round"):
        Team(members, rounds=0, home=home)
    with pytest.raises(SetupError, match="the name 'a' is taken"):
        one = Agent(corpus=tmp_path, home=home)
        Team([Member("a", one), Member("a", one)], home=home)
    with pytest.raises(SetupError, match="a letter with up to 39 letters"):
        Member("two words", Agent(corpus=tmp_path, home=home))


def test_agents_over_folders_of_one_name_are_numbered(tmp_path: Path) -> None:
    for side in ("x", "y"):
        (tmp_path / side / "docs").mkdir(parents=True)
    team = Team([Agent(corpus=tmp_path / side / "docs") for side in ("x", "y")], home=tmp_path)
    assert [member.name for member in team.members] == ["docs", "docs2"]


def test_within_a_running_loop_the_sync_door_says_what_to_use(team: Team) -> None:
    async def inside() -> None:
        team.run(QUESTION)

    with pytest.raises(SetupError, match=r"await team\.arun"):
        asyncio.run(inside())


@pytest.mark.parametrize(
    ("folder", "name"),
    [("my docs", "my-docs"), ("a" * 60, "a" * 36), ("\u65e5\u672c", "agent1"), ("...", "agent1")],
)
def test_an_agent_is_named_after_its_folder_as_far_as_it_can_be(
    tmp_path: Path, folder: str, name: str
) -> None:
    (tmp_path / folder).mkdir()
    agent = Agent(corpus=tmp_path / folder, home=tmp_path, environ={})
    assert [member.name for member in Team([agent], home=tmp_path).members] == [name]


@pytest.mark.parametrize("name", ["__end__", "a|b", "a:b", "", "9", "a/../b", "x" * 41])
def test_a_name_that_no_member_can_have_is_refused(tmp_path: Path, name: str) -> None:
    @dataclass
    class Odd:
        name: str
        role: str = "odd"
        profile: str = ""

        def match(self, open_question: str) -> float:
            return 0.0

        async def work(self, task: Assignment) -> Work:
            return Work()

    with pytest.raises(SetupError, match="a member's name is a letter"):
        Team([Odd(name)], home=tmp_path)
