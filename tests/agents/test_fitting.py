"""A prompt that overflows the model's context, wherever it is asked: half of it goes once more."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel

from sonde import Agent, ScriptedModel
from sonde.memory.home import RunFolder
from sonde.models.fitting import ask_fitting
from sonde.records.errors import ContextOverflow
from sonde.records.messages import ChatReply, ChatRequest

MakeAgent = Callable[..., Agent]
HALVED = "the workspace was halved"
SEARCH = (
    "<report>x</report><belief>Auguste Piccard: 60%\nDon Walsh: 30%</belief>"
    '<tool_call>{"name": "search_corpus", "arguments": {"queries": ["Trieste"]}}</tool_call>'
    '<tool_call>{"name": "search_corpus", "arguments": {"queries": ["Alvin"]}}</tool_call>'
)
ANSWER = "<report>x</report><answer>Auguste Piccard</answer>"
FULL = ContextOverflow("512 tokens at most")


class Year(BaseModel):
    """A year."""

    year: int


def test_the_second_asking_is_with_half_and_the_last() -> None:
    shares: list[float] = []

    async def ask(share: float) -> str:
        shares.append(share)
        raise FULL

    with pytest.raises(ContextOverflow, match="512 tokens"):
        asyncio.run(ask_fitting(ask))
    assert shares == [1.0, 0.5]


def test_a_forecast_that_overflows_is_asked_for_once_more(make_agent: MakeAgent) -> None:
    model = ScriptedModel([SEARCH, FULL, "1: 10%\n2: 70%", ANSWER])
    result = make_agent(model, policy="gain").run("Who designed the Trieste?")
    assert result.answer == "Auguste Piccard"
    assert any(HALVED in warning for warning in result.warnings)
    choice = result.trail[0].choice
    assert choice is not None
    assert choice.chosen == 1


def test_what_a_question_leaves_open_is_asked_for_once_more(make_agent: MakeAgent) -> None:
    model = ScriptedModel([FULL, "[]", ANSWER])

    def shrug(_: str) -> str:
        return "nothing"

    agent = make_agent(model, clarify="auto", ask_user=shrug)
    assert agent.run("Who designed it?").answer == "Auguste Piccard"


def test_a_repair_that_overflows_is_begun_anew_in_half_the_workspace(make_agent: MakeAgent) -> None:
    model = ScriptedModel(["neither action nor answer", FULL, ANSWER])
    result = make_agent(model).run("Who designed the Trieste?")
    assert result.answer == "Auguste Piccard"
    assert HALVED in result.warnings[0]
    assert [len(request.messages) for request in model.requests] == [2, 4, 2]


def test_a_form_whose_repair_overflows_is_asked_for_without_the_faulty_one(
    make_agent: MakeAgent,
) -> None:
    model = ScriptedModel([ANSWER, "no JSON", FULL, '{"year": 1953}'])
    result = make_agent(model, output_type=Year).run("When?")
    assert result.output == Year(year=1953)
    assert [len(request.messages) for request in model.requests[1:]] == [2, 4, 2]


def test_a_member_of_a_team_is_asked_once_more(make_agent: MakeAgent, tmp_path: Path) -> None:
    folder = tmp_path / "member"
    folder.mkdir()
    agent = make_agent(ScriptedModel([FULL, ANSWER]))
    done = asyncio.run(agent.consult("Who designed the Trieste?", folder=RunFolder(folder)))
    assert done.result.answer == "Auguste Piccard"
    assert HALVED in done.result.warnings[0]


def test_samples_that_overflow_are_drawn_again_from_half_the_workspace(
    make_agent: MakeAgent,
) -> None:
    seen: list[int] = []

    def reply(request: ChatRequest) -> str | ChatReply:
        if "as few words as possible" not in request.messages[0].content:
            return SEARCH if not seen else ANSWER
        seen.append(len(request.messages[1].content))
        if len(seen) <= 8:
            raise FULL
        return "Don Walsh"

    result = make_agent(ScriptedModel(reply), belief="samples").run("Who? " + "Say why. " * 20)
    assert len(seen) == 16
    assert result.trail[0].belief[0].text == "Don Walsh"
