"""Whole runs: an answer with citations and a bill."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel

from sonde.agents.agent import Agent
from sonde.costs.budget import Budget
from sonde.costs.pricing import ModelPrice, PriceBook
from sonde.memory.home import Home
from sonde.memory.journal import read_journal
from sonde.models.chat.reasoner import ChatReasoner
from sonde.models.scripted import ScriptedModel
from sonde.records.errors import ModelUnreachable, SetupError
from sonde.records.events import Event, ModelCalled, RunStopped
from sonde.records.messages import ChatRequest
from sonde.records.stopping import StopReason
from sonde.tools.decorator import tool

from .replies import ANSWER, QUESTION, SEARCH

_BOOK = PriceBook(
    book_id="test", prices={"scripted": ModelPrice(input_per_mtok=1.0, output_per_mtok=2.0)}
)
MakeAgent = Callable[..., Agent]


def _call(name: str, **arguments: str) -> str:
    call = json.dumps({"name": name, "arguments": arguments})
    return f"<report>x</report><tool_call>{call}</tool_call>"


def _events(home: Path, run_id: str) -> tuple[Event, ...]:
    return read_journal(Home(home).run(run_id).journal).events


def test_a_run_searches_reads_and_answers_with_a_checked_citation(
    make_agent: MakeAgent, home: Path, corpus: Path
) -> None:
    model = ScriptedModel([SEARCH, ANSWER])
    result = make_agent(model, prices=_BOOK).run(QUESTION)
    assert result.answer == "Auguste Piccard [e1]"
    assert result.stop_reason is StopReason.ANSWERED
    assert (result.rounds, result.steps) == (2, 1)
    assert result.confidence == 0.9
    assert [member.text for member in result.confidence_set] == ["Auguste Piccard"]
    (citation,) = result.citations
    assert citation.quote == "designed by Auguste Piccard"
    text = (corpus / "trieste.md").read_text(encoding="utf-8")
    assert text[citation.start : citation.end] == citation.quote
    booked = [e for e in _events(home, result.run_id) if isinstance(e, ModelCalled)]
    assert result.usage.total == sum(call.usage.total or 0 for call in booked) > 0
    assert result.cost_usd == pytest.approx(sum(call.cost_usd or 0 for call in booked))
    assert result.cost_known


def test_the_second_round_sees_the_report_and_the_pages_but_not_the_first_reply(
    make_agent: MakeAgent,
) -> None:
    model = ScriptedModel(["I think about this at length. " + SEARCH, ANSWER])
    make_agent(model).run(QUESTION)
    prompt = "\n".join(message.content for message in model.requests[1].messages)
    assert "Nothing is known yet." in prompt
    assert "designed by Auguste Piccard" in prompt
    assert "I think about this at length" not in prompt


def test_an_invented_source_is_dropped_and_reported(make_agent: MakeAgent) -> None:
    answer = (
        "<report>x</report><answer>Ada Lovelace [e99] "
        '[e1: "designed by Ada Lovelace"] see http://invented.example/page</answer>'
    )
    result = make_agent(ScriptedModel([SEARCH, answer])).run(QUESTION)
    assert result.citations == ()
    assert result.answer is not None
    assert "e99" not in result.answer
    assert "invented.example" not in result.answer
    assert len([w for w in result.warnings if "dropped" in w or "removed" in w]) == 3


def test_a_model_that_declines_ends_in_abstention(make_agent: MakeAgent) -> None:
    declined = "<report>Nothing found.</report><answer>ABSTAIN: no document names it</answer>"
    result = make_agent(ScriptedModel([SEARCH, declined])).run(QUESTION)
    assert result.stop_reason is StopReason.ABSTAINED
    assert result.answer is None
    assert result.confidence is None


def test_a_failing_model_ends_the_run_with_the_best_answer_so_far(make_agent: MakeAgent) -> None:
    believing = SEARCH.replace("</report>", "</report><belief>Auguste Piccard: 60%</belief>")
    down = ModelUnreachable("the server is down")
    result = make_agent(ScriptedModel([believing, down, down])).run(QUESTION)
    assert result.stop_reason is StopReason.PROVIDER_ERROR
    assert result.answer == "Auguste Piccard"
    assert result.cost_usd is None
    assert any("server is down" in warning for warning in result.warnings)


def test_the_same_search_twice_brings_no_gain_and_ends_the_search(make_agent: MakeAgent) -> None:
    model = ScriptedModel([SEARCH, SEARCH, ANSWER])
    result = make_agent(model).run(QUESTION)
    assert result.stop_reason is StopReason.NO_GAIN
    assert result.answer == "Auguste Piccard [e1]"


def test_a_tool_that_fails_is_told_to_the_model(make_agent: MakeAgent) -> None:
    @tool
    def broken(isbn: str) -> int:
        """Count the copies of a book."""
        raise ValueError(f"no shelf for {isbn}")

    call = (
        '<report>x</report><tool_call>{"name": "broken", "arguments": {"isbn": "12"}}</tool_call>'
    )
    model = ScriptedModel([call, ANSWER.replace("[e1]", "")])
    make_agent(model, tools=[broken]).run(QUESTION)
    assert "no shelf for 12" in model.requests[1].messages[-1].content


def test_recall_brings_a_dropped_page_back(make_agent: MakeAgent) -> None:
    other = SEARCH.replace("Trieste designer", "Alvin Woods Hole commissioned")
    recall = _call("recall", evidence_id="e1")
    model = ScriptedModel([SEARCH, other, recall, ANSWER])
    make_agent(model).run(QUESTION)
    assert "designed by Auguste Piccard" not in model.requests[2].messages[-1].content
    assert "designed by Auguste Piccard" in model.requests[3].messages[-1].content


def test_a_person_is_asked_through_the_callback(make_agent: MakeAgent) -> None:
    asked: list[str] = []

    def person(question: str) -> str:
        asked.append(question)
        return "the deep-diving one"

    ask = _call("ask_user", question="Which?")
    model = ScriptedModel([ask, SEARCH, ANSWER])
    result = make_agent(model, ask_user=person).run(QUESTION)
    assert asked == ["Which?"]
    assert "the deep-diving one" in model.requests[1].messages[-1].content
    assert result.steps == 2


class Designer(BaseModel):
    name: str


def test_an_output_type_gives_an_instance(make_agent: MakeAgent) -> None:
    model = ScriptedModel([SEARCH, ANSWER, '{"name": "Auguste Piccard"}'])
    result = make_agent(model, output_type=Designer).run(QUESTION)
    assert result.output == Designer(name="Auguste Piccard")


def test_an_answer_that_does_not_take_the_form_says_so(make_agent: MakeAgent) -> None:
    model = ScriptedModel([ANSWER, "no JSON", "no JSON", "no JSON"])
    result = make_agent(model, output_type=Designer).run(QUESTION)
    assert result.answer is not None
    assert result.output is None
    assert "not put into the output type" in result.warnings[-1]

    wrong = ScriptedModel([ANSWER, '{"name": 3}'])
    result = make_agent(wrong, output_type=Designer).run(QUESTION)
    assert result.output == {"name": 3}
    assert "does not fit the output type: name: Input should be" in result.warnings[-1]


def test_the_stream_ends_with_the_result_that_a_run_returns(make_agent: MakeAgent) -> None:
    model = ScriptedModel([SEARCH, ANSWER, '{"name": "Auguste Piccard"}'])
    agent = make_agent(model, output_type=Designer)

    async def last() -> Event:
        return [event async for event in agent.stream(QUESTION)][-1]

    stopped = asyncio.run(last())
    assert isinstance(stopped, RunStopped)
    assert stopped.result.output == Designer(name="Auguste Piccard")
    assert stopped.result.trail


def test_a_reader_that_only_extracts_cannot_give_structured_output(make_agent: MakeAgent) -> None:
    with pytest.raises(SetupError, match="only extracts"):
        make_agent(output_type=Designer)


def test_the_stream_ends_with_the_result(make_agent: MakeAgent) -> None:
    async def collect() -> list[Event]:
        return [
            event async for event in make_agent(ScriptedModel([SEARCH, ANSWER])).stream(QUESTION)
        ]

    events = asyncio.run(collect())
    assert events[0].type == "run.started"
    last = events[-1]
    assert isinstance(last, RunStopped)
    assert last.result.answer == "Auguste Piccard [e1]"
    assert {"round.started", "tool.called", "tool.returned", "budget"} <= {e.type for e in events}


def test_a_stream_that_fails_raises_its_error(make_agent: MakeAgent) -> None:
    async def collect() -> None:
        async for _ in make_agent(ScriptedModel([])).stream("  "):
            pass

    with pytest.raises(SetupError, match="question is empty"):
        asyncio.run(collect())


def test_the_graph_runs_on_its_own(make_agent: MakeAgent) -> None:
    agent = make_agent(ScriptedModel([SEARCH, ANSWER]))
    state = asyncio.run(agent.graph.ainvoke({"question": QUESTION}))  # pyright: ignore[reportUnknownMemberType] -- langgraph
    assert state["answer"] == "Auguste Piccard [e1]"
    assert state["stop_reason"] == "answered"


def test_one_agent_answers_many_questions_at_once(make_agent: MakeAgent) -> None:
    def reply(request: ChatRequest) -> str:
        prompt = request.messages[-1].content
        return ANSWER if "Nothing is known yet." in prompt else SEARCH

    agent = make_agent(ScriptedModel(reply))

    async def several() -> list[str | None]:
        results = await asyncio.gather(*(agent.arun(f"{QUESTION} {n}") for n in range(8)))
        assert len({result.run_id for result in results}) == 8
        return [result.answer for result in results]

    assert asyncio.run(several()) == ["Auguste Piccard [e1]"] * 8


def test_checkpoints_hold_ids_and_small_values_only(make_agent: MakeAgent, home: Path) -> None:
    result = make_agent(ScriptedModel([SEARCH, ANSWER])).run(QUESTION)
    path = Home(home).run(result.run_id).evidence
    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT checkpoint FROM checkpoints").fetchall()
        writes = db.execute("SELECT value FROM writes").fetchall()
    db.close()
    everything = b"".join(bytes(value) for (value,) in [*rows, *writes])
    assert len(rows) == 3  # between the rounds, before the answer, and at the end
    assert b"Challenger" not in everything
    assert max(len(value) for (value,) in rows) < 3_000


def test_run_inside_a_loop_says_what_to_use(make_agent: MakeAgent) -> None:
    async def inside() -> None:
        make_agent(ScriptedModel([])).run(QUESTION)

    with pytest.raises(SetupError, match=r"await agent\.arun"):
        asyncio.run(inside())


def test_text_that_utf8_cannot_hold_does_not_end_a_run(make_agent: MakeAgent) -> None:
    @tool
    def names() -> str:
        """List file names."""
        return "caf\udce9.txt"

    model = ScriptedModel([_call("names"), ANSWER.replace("[e1]", "")])
    result = make_agent(model, tools=[names]).run(QUESTION)
    assert result.stop_reason is StopReason.ANSWERED
    assert "caf?.txt" in model.requests[1].messages[-1].content


def test_a_reasoner_of_ones_own_has_an_unknown_bill(make_agent: MakeAgent) -> None:
    own = ChatReasoner(ScriptedModel([SEARCH, ANSWER]), count_tokens=len)
    result = make_agent(own).run(QUESTION)
    assert result.answer == "Auguste Piccard [e1]"
    assert result.cost_usd is None
    assert result.usage.total is None
    with pytest.raises(SetupError, match="cannot be counted"):
        make_agent(own, budget=Budget(calls=3)).run(QUESTION)


def test_confidence_is_of_the_answer_that_is_given(make_agent: MakeAgent) -> None:
    stray = ANSWER.replace("Auguste Piccard: 90%", "no: 90%").replace(
        "<answer>Auguste Piccard", "<answer>It was unknown for long"
    )
    result = make_agent(ScriptedModel([SEARCH, stray])).run(QUESTION)
    assert result.confidence is None
