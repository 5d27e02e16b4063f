"""Whole runs: an answer with citations and a bill, and every way to stop."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from itertools import count
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
from sonde.records.messages import ChatReply, ChatRequest
from sonde.records.stopping import StopReason
from sonde.tools.decorator import tool

QUESTION = "Who designed the Trieste?"
SEARCH = (
    "<report>Nothing is known yet.</report>"
    '<tool_call>{"name": "search_corpus", "arguments": {"queries": ["Trieste designer"]}}'
    "</tool_call>"
)
ANSWER = (
    "<report>Confirmed: Auguste Piccard designed it [e1].</report>"
    "<belief>Auguste Piccard: 90%\nDon Walsh: 5%</belief>"
    '<answer>Auguste Piccard [e1: "designed by Auguste Piccard"]</answer>'
)
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


def _searching() -> ScriptedModel:
    """Return a model that searches for something new in every round, and answers when told to."""
    numbers = count(1)

    def reply(request: ChatRequest) -> str:
        if "search_corpus" not in request.messages[0].content:  # no tools are offered: the end
            return ANSWER
        return SEARCH.replace("Trieste designer", f"Trieste {next(numbers)}")

    return ScriptedModel(reply)


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        (Budget(rounds=3), StopReason.BUDGET_ROUNDS),
        (Budget(calls=4), StopReason.BUDGET_CALLS),
        (Budget(tokens=30_000), StopReason.BUDGET_TOKENS),
        (Budget(usd=0.04), StopReason.BUDGET_USD),
    ],
)
def test_each_limit_ends_in_its_stop_reason_with_an_answer_and_is_kept(
    make_agent: MakeAgent, budget: Budget, reason: StopReason
) -> None:
    model = _searching()
    agent = make_agent(model, budget=budget, prices=_BOOK, workspace_tokens=5_000)
    result = agent.run(QUESTION)
    assert result.stop_reason is reason
    assert result.answer == "Auguste Piccard [e1]"
    if budget.rounds is not None:
        assert result.rounds == budget.rounds
    if budget.calls is not None:
        assert len(model.requests) <= budget.calls
    if budget.tokens is not None:
        assert result.usage.total is not None
        assert result.usage.total <= budget.tokens
    if budget.usd is not None:
        assert result.cost_usd is not None
        assert result.cost_usd <= budget.usd


def test_the_time_limit_ends_a_call_that_hangs(make_agent: MakeAgent) -> None:
    class Hanging(ScriptedModel):
        async def complete(self, request: ChatRequest) -> ChatReply:
            await asyncio.Event().wait()
            raise AssertionError("unreachable")

    result = make_agent(Hanging([]), budget=Budget(seconds=0.3)).run(QUESTION)
    assert result.stop_reason is StopReason.DEADLINE
    assert result.answer is None


def test_every_prompt_stays_under_the_cap(make_agent: MakeAgent) -> None:
    from sonde.models.token_estimate import estimate_tokens

    model = _searching()
    make_agent(model, budget=Budget(rounds=8), workspace_tokens=3_000).run(QUESTION)
    sizes = [
        sum(estimate_tokens(message.content) for message in request.messages)
        for request in model.requests
    ]
    assert len(sizes) == 9
    assert max(sizes) <= 3_000


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


@pytest.mark.parametrize(
    ("question", "message"),
    [("", "question is empty"), (" \x00\x07 ", "question is empty"), ("x" * 100_000, "100,000")],
)
def test_a_question_that_is_none_is_refused(
    make_agent: MakeAgent, question: str, message: str
) -> None:
    with pytest.raises(SetupError, match=message):
        make_agent(ScriptedModel([])).run(question)


def test_control_characters_do_not_reach_the_model(make_agent: MakeAgent) -> None:
    model = ScriptedModel([SEARCH, ANSWER])
    make_agent(model).run("Who designed\x1b[31m the\x00 Trieste?")
    assert "\x1b" not in model.requests[0].messages[-1].content
    assert "\x00" not in model.requests[0].messages[-1].content


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alpha": 1.5}, "alpha must lie"),
        ({"memory": "elephant"}, "no memory policy 'elephant'"),
        ({"policy": "magic"}, "no policy 'magic'"),
        ({"tools": ["text"]}, "tools must be"),
    ],
)
def test_options_that_cannot_be_used_are_refused(
    make_agent: MakeAgent, options: dict[str, object], message: str
) -> None:
    with pytest.raises(SetupError, match=message):
        make_agent(ScriptedModel([]), **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"budget": Budget(tokens=100)}, "too small for one round"),
        ({"workspace_tokens": 100}, "too small for one round"),
        ({"budget": Budget(usd=1.0)}, "no price is known"),
    ],
)
def test_a_budget_that_cannot_work_is_refused_before_the_first_call(
    make_agent: MakeAgent, options: dict[str, object], message: str
) -> None:
    model = ScriptedModel([])
    with pytest.raises(SetupError, match=message):
        make_agent(model, **options).run(QUESTION)
    assert model.requests == []


def test_without_corpus_and_model_there_is_nothing_to_do(home: Path) -> None:
    with pytest.raises(SetupError, match="give a corpus"):
        Agent(home=home, environ={}).run(QUESTION)


def test_a_missing_corpus_is_refused_at_once(home: Path, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="check the path"):
        Agent(corpus=tmp_path / "none", home=home, environ={})


def test_run_inside_a_loop_says_what_to_use(make_agent: MakeAgent) -> None:
    async def inside() -> None:
        make_agent(ScriptedModel([])).run(QUESTION)

    with pytest.raises(SetupError, match=r"await agent\.arun"):
        asyncio.run(inside())


def test_the_least_token_limit_that_is_advised_is_enough_for_one_step(
    make_agent: MakeAgent,
) -> None:
    with pytest.raises(SetupError) as caught:
        make_agent(ScriptedModel([]), budget=Budget(tokens=100)).run(QUESTION)
    advised = int(str(caught.value).split("Budget(tokens=")[1].split(")")[0])
    result = make_agent(_searching(), budget=Budget(tokens=advised)).run(QUESTION)
    assert result.steps >= 1
    assert result.answer is not None
    assert result.usage.total is not None
    assert result.usage.total <= advised


def test_one_call_of_unknown_cost_does_not_end_a_large_budget(make_agent: MakeAgent) -> None:
    flaky = [SEARCH, ModelUnreachable("connection reset")]
    agent = make_agent(ScriptedModel(flaky), budget=Budget(usd=100.0), prices=_BOOK)
    first = agent.run(QUESTION)
    assert first.stop_reason is StopReason.PROVIDER_ERROR
    assert first.cost_usd is None
    back = make_agent(ScriptedModel([ANSWER]), budget=Budget(usd=100.0), prices=_BOOK)
    second = back.resume(first.run_id)
    assert second.stop_reason is StopReason.ANSWERED


def test_text_that_utf8_cannot_hold_does_not_end_a_run(make_agent: MakeAgent) -> None:
    @tool
    def names() -> str:
        """List file names."""
        return "caf\udce9.txt"

    model = ScriptedModel([_call("names"), ANSWER.replace("[e1]", "")])
    result = make_agent(model, tools=[names]).run(QUESTION)
    assert result.stop_reason is StopReason.ANSWERED
    assert "caf?.txt" in model.requests[1].messages[-1].content


def test_a_seed_reaches_the_model(make_agent: MakeAgent) -> None:
    for seed in (None, 7):
        model = ScriptedModel([SEARCH, ANSWER])
        make_agent(model, seed=seed).run(QUESTION)
        assert {request.seed for request in model.requests} == {seed}


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
