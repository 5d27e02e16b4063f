"""The chat reasoner: a call a round, repairs, and what happens when they do not help."""

import asyncio
from datetime import date

import pytest

from sonde.models.chat.reasoner import ChatReasoner
from sonde.models.chat.rendering import ToolProtocol
from sonde.models.reasoner import Capability, Reasoner
from sonde.models.scripted import ScriptedModel
from sonde.models.token_estimate import estimate_tokens
from sonde.records.decision import Decision
from sonde.records.errors import (
    BudgetExceeded,
    ContentFiltered,
    ModelUnreachable,
    ReplyUnreadable,
)
from sonde.records.json_types import JsonObject
from sonde.records.messages import ChatReply, FinishReason
from sonde.records.report import Report
from sonde.records.stopping import Limit
from sonde.records.tooling import Action, ToolSpec
from sonde.records.usage import Usage
from sonde.records.view import View

_TOOLS = [ToolSpec(name="search", description="Search.", parameters={"type": "object"})]
_VIEW = View(question="Which ship?", report=Report(prose="old report"), tokens=8)
_CALL = '<tool_call>{"name": "search", "arguments": {"queries": ["x"]}}</tool_call>'
_GOOD = f"<report>new report</report>{_CALL}"
_BUDGET = BudgetExceeded("the next call could pass the limit", limit=Limit.USD)


def _reply(
    text: str, *, finish: FinishReason = "stop", calls: tuple[Action, ...] = ()
) -> ChatReply:
    return ChatReply(text=text, usage=Usage.zero(), model="m", finish=finish, tool_calls=calls)


def _reasoner(
    model: ScriptedModel,
    *,
    max_repairs: int = 2,
    tool_protocol: ToolProtocol = "text",
    output_schema: JsonObject | None = None,
) -> ChatReasoner:
    return ChatReasoner(
        model,
        count_tokens=estimate_tokens,
        max_repairs=max_repairs,
        today=date(2026, 3, 4),
        tool_protocol=tool_protocol,
        output_schema=output_schema,
    )


def _decide(reasoner: Reasoner, *, is_final: bool = False) -> Decision:
    return asyncio.run(reasoner.decide(_VIEW, _TOOLS, is_final=is_final))


def test_a_good_reply_is_one_call_and_a_new_report() -> None:
    model = ScriptedModel([_GOOD])
    reasoner = _reasoner(model)
    decision = _decide(reasoner)
    assert decision.report == Report(prose="new report")
    assert decision.actions == (Action(tool="search", arguments={"queries": ["x"]}),)
    assert len(model.requests) == 1
    assert model.requests[0].messages == reasoner.prompt(_VIEW, _TOOLS)
    assert model.requests[0].tools == ()
    assert reasoner.name == "scripted"
    assert Capability.FREE_TEXT in reasoner.capabilities
    assert Capability.FORECAST in reasoner.capabilities
    assert Capability.CALIBRATED not in reasoner.capabilities


def test_a_repair_shows_the_faulty_reply_and_says_what_was_wrong() -> None:
    model = ScriptedModel([f"<report>R</report>{_CALL}<answer>x</answer>", _GOOD])
    decision = _decide(_reasoner(model))
    assert decision.report.prose == "new report"
    first, second = model.requests
    assert second.messages[:2] == first.messages
    assert [message.role for message in second.messages[2:]] == ["assistant", "user"]
    assert "<answer>x</answer>" in second.messages[2].content
    assert "both a tool call and an <answer>" in second.messages[3].content


def test_a_second_repair_shows_only_the_last_faulty_reply() -> None:
    model = ScriptedModel(["faulty one", "faulty two", _GOOD])
    _decide(_reasoner(model))
    assert len(model.requests[2].messages) == 4
    assert model.requests[2].messages[2].content == "faulty two"


@pytest.mark.parametrize("max_repairs", [0, 1, 2])
def test_repairs_are_bounded_and_then_the_fault_is_told(max_repairs: int) -> None:
    model = ScriptedModel(["nonsense " * 100] * 9)
    with pytest.raises(ReplyUnreadable, match="neither a tool call nor an <answer>") as told:
        _decide(_reasoner(model, max_repairs=max_repairs))
    assert len(model.requests) == 1 + max_repairs
    assert repr(("nonsense " * 100)[:200]) in str(told.value)
    assert "nonsense " * 30 not in str(told.value)


def test_a_model_that_never_writes_a_report_keeps_the_old_one() -> None:
    model = ScriptedModel([_CALL] * 3)
    decision = _decide(_reasoner(model))
    assert decision.report is _VIEW.report
    assert decision.actions[0].tool == "search"
    assert len(model.requests) == 3


def test_a_cut_reply_is_not_read_as_if_whole_and_repaired_once() -> None:
    model = ScriptedModel([_reply(_GOOD, finish="length"), _GOOD])
    assert _decide(_reasoner(model)).report.prose == "new report"
    assert "cut off at 4096 tokens" in model.requests[1].messages[3].content
    model = ScriptedModel([_reply(_GOOD, finish="length")] * 9)
    with pytest.raises(ReplyUnreadable, match=r"cut off at 4096 tokens.*max_output_tokens=4096"):
        _decide(_reasoner(model, max_repairs=5))
    assert len(model.requests) == 2


def test_a_cut_last_answer_is_kept_and_marked() -> None:
    model = ScriptedModel([_reply("<answer>It was the Tri", finish="length")] * 2)
    draft = _decide(_reasoner(model), is_final=True).draft
    assert draft is not None
    assert draft.text == "It was the Tri […]"


def test_the_last_round_offers_no_tools_and_takes_an_answer() -> None:
    model = ScriptedModel(["<belief>Trieste: 90%</belief><answer>Trieste [e1]</answer>"])
    decision = _decide(_reasoner(model, tool_protocol="native"), is_final=True)
    assert decision.draft is not None
    assert decision.draft.text == "Trieste [e1]"
    assert decision.report is _VIEW.report
    assert decision.belief is not None
    assert model.requests[0].tools == ()


def test_plain_words_are_the_answer_of_the_last_round_after_the_repairs() -> None:
    model = ScriptedModel(["It was the Trieste."] * 3)
    draft = _decide(_reasoner(model), is_final=True).draft
    assert draft is not None
    assert draft.text == "It was the Trieste."
    assert len(model.requests) == 3


def test_a_last_round_with_nothing_to_save_is_told() -> None:
    with pytest.raises(ReplyUnreadable, match="there is no <answer>"):
        _decide(_reasoner(ScriptedModel([_CALL] * 3)), is_final=True)


def test_a_spent_budget_in_a_repair_keeps_the_last_answer_and_else_is_told() -> None:
    model = ScriptedModel(["It was the Trieste.", _BUDGET])
    draft = _decide(_reasoner(model), is_final=True).draft
    assert draft is not None
    assert draft.text == "It was the Trieste."
    with pytest.raises(BudgetExceeded):
        _decide(_reasoner(ScriptedModel(["It was the Trieste.", _BUDGET])))
    with pytest.raises(BudgetExceeded):
        _decide(_reasoner(ScriptedModel(["", _BUDGET])), is_final=True)


def test_a_content_filter_is_a_refusal() -> None:
    model = ScriptedModel([_reply("half", finish="content_filter")])
    with pytest.raises(
        ContentFiltered, match="content filter stopped the reply after 4 characters"
    ):
        _decide(_reasoner(model))


def test_native_calls_come_with_the_report_in_the_text() -> None:
    call = Action(tool="search", arguments={"queries": ["x"]}, call_id="c1")
    model = ScriptedModel(
        [
            _reply("", calls=(call,)),
            _reply("<report>R</report>", finish="tool_calls", calls=(call,)),
        ]
    )
    decision = _decide(_reasoner(model, tool_protocol="native"))
    assert decision.actions == (call,)
    assert decision.report.prose == "R"
    assert model.requests[0].tools == tuple(_TOOLS)
    assert "there is no <report>" in model.requests[1].messages[3].content


def test_the_answer_takes_the_form_of_the_schema_in_a_call_of_its_own() -> None:
    schema: JsonObject = {"type": "object", "required": ["ship"]}
    answer = '<answer>The Trieste [e1: "the Trieste"].</answer>'
    model = ScriptedModel([answer, '{"boat": 1}', '{"ship": "Trieste"}'])
    draft = _decide(_reasoner(model, output_schema=schema)).draft
    assert draft is not None
    assert draft.data == {"ship": "Trieste"}
    assert (draft.text, len(draft.quotes)) == ("The Trieste [e1].", 1)
    assert [request.output_schema for request in model.requests] == [None, schema, schema]
    assert "lacks the members ['ship']" in model.requests[2].messages[3].content


@pytest.mark.parametrize("failure", [_BUDGET, ModelUnreachable("gone"), "no JSON"])
def test_an_answer_whose_form_fails_is_still_an_answer(failure: str | Exception) -> None:
    model = ScriptedModel(["<answer>Trieste</answer>", *[failure] * 3])
    draft = _decide(_reasoner(model, output_schema={"type": "object"})).draft
    assert draft is not None
    assert (draft.text, draft.data) == ("Trieste", None)


def test_actions_and_abstentions_are_not_formatted() -> None:
    for reply in (_GOOD, "<answer>ABSTAIN: nothing</answer>"):
        model = ScriptedModel([reply])
        _decide(_reasoner(model, output_schema={"type": "object"}))
        assert len(model.requests) == 1


def test_prompt_and_repairs_stay_under_view_and_overhead() -> None:
    model = ScriptedModel(["nonsense words " * 2_000] * 3)
    reasoner = _reasoner(model)
    cap = _VIEW.tokens + reasoner.overhead_tokens(_TOOLS)
    with pytest.raises(ReplyUnreadable):
        _decide(reasoner)
    for request in model.requests:
        assert sum(estimate_tokens(one.content) for one in request.messages) <= cap
