"""Ways to ask a chat model: native tool calls, prompts of one's own, ReAct; and its refusals."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sonde.agents.agent import Agent
from sonde.costs.budget import Budget
from sonde.models.scripted import ScriptedModel
from sonde.records.errors import ContentFiltered, ContextOverflow, ModelUnreachable, SetupError
from sonde.records.messages import ChatReply
from sonde.records.stopping import StopReason
from sonde.records.tooling import Action
from sonde.records.usage import Usage

QUESTION = "Who designed the Trieste?"
CALL = '<tool_call>{"name": "search_corpus", "arguments": {"queries": ["Trieste"]}}</tool_call>'
ANSWER = '<answer>Auguste Piccard [e1: "designed by Auguste Piccard"]</answer>'
MakeAgent = Callable[..., Agent]


def test_native_tool_calls_are_made_and_tools_are_offered_beside_the_prompt(
    make_agent: MakeAgent,
) -> None:
    action = Action(tool="search_corpus", arguments={"queries": ["Trieste"]}, call_id="c7")
    usage = Usage(uncached_input=10, output=5)
    reply = ChatReply(
        text="<report>r</report>", usage=usage, model="m", finish="tool_calls", tool_calls=(action,)
    )
    model = ScriptedModel([reply, f"<report>r</report>{ANSWER}"])
    result = make_agent(model, tool_protocol="native").run(QUESTION)
    assert result.answer == "Auguste Piccard [e1]"
    assert "search_corpus" in [spec.name for spec in model.requests[0].tools]
    assert "<tool_call>" not in model.requests[0].messages[0].content


def test_the_react_loop_keeps_everything_and_asks_for_no_report(make_agent: MakeAgent) -> None:
    second = CALL.replace('"Trieste"', '"Piccard"')
    model = ScriptedModel([f"<think>first</think>{CALL}", second, ANSWER])
    result = make_agent(model, memory="react").run(QUESTION)
    assert result.answer == "Auguste Piccard [e1]"
    assert (result.rounds, len(model.requests)) == (3, 3)  # no repair for a missing report
    rules, last = model.requests[2].messages[0].content, model.requests[2].messages[1].content
    assert "<report>" not in rules
    assert '"Trieste"' in last
    assert '"Piccard"' in last
    begins = model.requests[1].messages[1].content.split("\n\nAct or answer")[0]
    assert last.startswith(begins.rstrip())  # so a provider can cache it


def test_prompts_of_ones_own_replace_those_of_the_same_name(
    make_agent: MakeAgent, tmp_path: Path
) -> None:
    folder = tmp_path / "prompts"
    folder.mkdir()
    own = "<!-- system -->\nBe a pirate.\n{{acting}}\n<!-- user -->\n{{question}}\n{{notes}}"
    (folder / "first.md").write_text(own, encoding="utf-8")
    model = ScriptedModel([f"<report>r</report>{ANSWER}"])
    make_agent(model, prompts=folder).run(QUESTION)
    assert model.requests[0].messages[0].content.startswith("Be a pirate.")
    with pytest.raises(SetupError, match="no prompt"):
        make_agent(model, prompts=tmp_path)


def test_an_unknown_tool_protocol_is_refused(make_agent: MakeAgent) -> None:
    with pytest.raises(SetupError, match="there are: text, native"):
        make_agent(ScriptedModel([]), tool_protocol="tags")


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (ContentFiltered("flagged"), "content_filter"),
        (ContextOverflow("too long"), "context_overflow"),
        (ModelUnreachable("down"), "unreachable"),
    ],
)
def test_a_failing_model_is_a_stop_reason_with_its_detail(
    make_agent: MakeAgent, error: Exception, detail: str
) -> None:
    result = make_agent(ScriptedModel([error] * 4)).run(QUESTION)
    assert result.stop_reason is StopReason.PROVIDER_ERROR
    assert result.stop_detail == detail
    answered = make_agent(ScriptedModel([f"<report>r</report>{ANSWER}"])).run(QUESTION)
    assert answered.stop_detail is None


def test_an_overflow_halves_the_workspace_and_asks_once_more(make_agent: MakeAgent) -> None:
    model = ScriptedModel([ContextOverflow("too long"), f"<report>r</report>{ANSWER}"])
    result = make_agent(model).run(QUESTION)
    assert result.stop_reason is StopReason.ANSWERED
    assert any("the workspace was halved" in warning for warning in result.warnings)


def test_a_forced_answer_that_overflows_is_asked_once_more_too(make_agent: MakeAgent) -> None:
    model = ScriptedModel([f"<report>r</report>{CALL}", ContextOverflow("too long"), ANSWER])
    result = make_agent(model, budget=Budget(rounds=1)).run(QUESTION)
    assert result.stop_reason is StopReason.BUDGET_ROUNDS
    assert result.answer
    assert len(model.requests) == 3
    tried, again = (request.messages[-1].content for request in model.requests[1:])
    assert len(again) <= len(tried)


def test_a_limit_of_a_call_is_asked_of_a_model_that_takes_one(make_agent: MakeAgent) -> None:
    with pytest.raises(SetupError, match=r"ScriptedModel takes no call_timeout_s.*within"):
        make_agent(ScriptedModel([]), call_timeout_s=5)
    with pytest.raises(SetupError, match="above 0, not 0"):
        make_agent("openai:tiny", base_url="http://127.0.0.1:9/v1", call_timeout_s=0)
