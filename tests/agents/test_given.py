"""Things of the wrong kind: what was given, what is wanted, and an example, in one sentence."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sonde
from sonde import Corpus
from sonde.agents.agent import Agent
from sonde.agents.team.agent_member import Member
from sonde.agents.team.team import Team
from sonde.costs.budget import Budget
from sonde.models.scripted import ScriptedModel
from sonde.records.errors import SetupError

ANY: Any = sonde
"""The public doors, which take anything here."""


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"corpus": 3}, 'corpus must be a folder, .* not 3 (an int); .*Agent(corpus="docs/")'),
        ({"corpus": [3]}, "corpus must be a folder, .* not 3"),
        ({"tools": 3}, "tools must be a list of tools or functions, not 3"),
        ({"tools": "search"}, "tools must be a list of tools or functions, not 'search'"),
        ({"tools": [3]}, "tools must be .* not 3"),
        ({"images": 3}, "images must be a list of pictures, not 3"),
        ({"budget": {"usd": 1}}, "not {'usd': 1} (a dict); .*Agent(budget=Budget(usd=1))"),
        ({"budget": 3}, "budget must be a Budget, not 3"),
        ({"policy": 3}, "policy must be one of model, gain, cip, random, or a query policy"),
        ({"ask_price": "x"}, "ask_price must be a number above 0"),
        ({"clarify": 3}, "clarify must be auto, never or always"),
        ({"calibration": 3}, "calibration must be a file that `sonde calibrate` wrote"),
        ({"memory": 3}, "memory must be the name of a memory policy"),
        ({"alpha": "x"}, "alpha must be a number between 0 and 1, not 'x' (a str)"),
        ({"alpha": True}, "alpha must be a number between 0 and 1, not True (a bool)"),
        ({"tool_protocol": 3}, "tool_protocol must be text or native"),
        ({"prompts": 3}, "prompts must be a folder"),
        ({"record": 3}, "record must be a folder"),
        ({"replay": 3}, "replay must be a folder"),
        ({"ask_user": 3}, "ask_user must be a function that takes the question"),
        ({"base_url": 3}, "base_url must be an address"),
        ({"call_timeout_s": "x"}, "call_timeout_s must be a number of seconds"),
        ({"workspace_tokens": "x"}, "workspace_tokens must be a whole number of tokens"),
        ({"seed": "x"}, "seed must be a whole number"),
        ({"seed": 1.5}, "seed must be a whole number"),
        ({"prices": 3}, "prices must be a price book"),
        ({"home": 3}, "home must be a folder"),
        ({"environ": 3}, "environ must be a mapping"),
        ({"origin": 3}, "origin must be a mapping"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_an_agent_says_what_it_wants(options: dict[str, Any], told: str, tmp_path: Path) -> None:
    given: dict[str, Any] = {"home": tmp_path, **options}
    with pytest.raises(SetupError, match=_pattern(told)):
        Agent(ScriptedModel([]), **given)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"rounds": "six"}, "budget rounds must be a whole number, not 'six' (a str)"),
        ({"rounds": 2.5}, "budget rounds must be a whole number, not 2.5 (a float)"),
        ({"usd": "1"}, "budget usd must be a number, not '1' (a str); .*Budget(usd=0.5)"),
        ({"calls": True}, "budget calls must be a whole number, not True (a bool)"),
        ({"seconds": -1}, "budget seconds must be 0 or more, not -1"),
    ],
)
def test_a_budget_says_what_it_wants(options: dict[str, Any], told: str) -> None:
    with pytest.raises(SetupError, match=_pattern(told)):
        Budget(**options)


def test_a_question_is_a_text(tmp_path: Path) -> None:
    agent: Any = Agent(ScriptedModel([]), home=tmp_path)
    team: Any = Team([agent], home=tmp_path)
    for ask in (agent.run, team.run):
        with pytest.raises(SetupError, match=r"question must be a text, not 5 \(an int\)"):
            ask(5)
    with pytest.raises(SetupError, match="run_id must be a text, not 5"):
        agent.resume(5)


@pytest.mark.parametrize(
    ("members", "options", "told"),
    [
        (["a", "b"], {}, "a member must be an agent, not 'a' (a str); .*Team([Agent("),
        ("ab", {}, "members must be a list of agents, not 'ab'"),
        (3, {}, "members must be a list of agents, not 3"),
        (None, {"rounds": "x"}, "rounds must be a whole number, 1 or more, not 'x'"),
        (None, {"budget": {"usd": 1}}, "Team(budget=Budget(usd=1))"),
        (None, {"message_budget": "x"}, "message_budget must be a whole number"),
        (None, {"tau": "x"}, "tau must be a confidence"),
        (None, {"check_share": "x"}, "check_share must be a share"),
        (None, {"seed": "x"}, "seed must be a whole number"),
        (None, {"home": 3}, "home must be a folder"),
    ],
    ids=str,
)
def test_a_team_says_what_it_wants(
    members: Any, options: dict[str, Any], told: str, tmp_path: Path
) -> None:
    if members is None:
        members = [Agent(ScriptedModel([]), home=tmp_path)]
    given: dict[str, Any] = {"home": tmp_path, **options}
    with pytest.raises(SetupError, match=_pattern(told)):
        Team(members, **given)


def test_a_member_is_a_name_and_an_agent(tmp_path: Path) -> None:
    agent: Any = Agent(ScriptedModel([]), home=tmp_path)
    name: Any = 3
    with pytest.raises(SetupError, match="name must be a text, not 3"):
        Member(name, agent)
    with pytest.raises(SetupError, match="agent must be an Agent, not 3"):
        Member("weather", name)


def test_one_picture_need_not_stand_in_a_list(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"the picture 'absent.png' cannot be read"):
        Agent(ScriptedModel([]), images="absent.png", home=tmp_path)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: ANY.Corpus.open(3, index_root="x"), "paths must be a folder, a file or a list"),
        (lambda: ANY.Corpus.open(["docs"], index_root=3), "index_root must be a folder, not 3"),
        (lambda: ANY.web_tools(3), "search must be names of providers, not 3"),
        (lambda: ANY.ScriptedModel(3), "replies must be a list of replies or a function, not 3"),
        (lambda: ANY.QueryTableTool(3), "paths must be a list of files, not 3"),
        (lambda: ANY.read_fact_table(3), "path must be a CSV file, not 3"),
        (
            lambda: ANY.ModelPrice(input_per_mtok="x", output_per_mtok=1),
            "input_per_mtok must be a number, not 'x'",
        ),
        (lambda: ANY.Agent(ScriptedModel([]), output_type=3), "output_type must be a type, not 3"),
        (
            lambda: ANY.Agent(ScriptedModel([]), output_type=list[str]),
            "output_type must be a type whose JSON is an object and no array",
        ),
        (lambda: ANY.Agent(ScriptedModel([])).resume("x", budget=3), "budget must be a Budget"),
        (lambda: ANY.Agent(corpus="https://a.example"), "the web is searched and read by"),
        (lambda: ANY.Team([ANY.Agent(ScriptedModel([]))], gate=3), "gate must be one of novelty"),
    ],
)
def test_every_public_door_says_what_it_wants(make: Callable[[], object], told: str) -> None:
    with pytest.raises(SetupError, match=_pattern(told)):
        make()


def test_one_path_need_not_stand_in_a_list(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("The Trieste was launched in 1953.", encoding="utf-8")
    with Corpus.open(str(page), index_root=str(tmp_path / "indexes")) as corpus:
        assert corpus.stats().documents == 1
    assert ANY.QueryTableTool("facts.csv").paths == (Path("facts.csv"),)


def _pattern(told: str) -> str:
    """Return a pattern of the words in which only `.*` is no word itself."""
    return re.escape(told).replace(r"\.\*", ".*")
