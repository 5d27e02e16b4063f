"""Going on with a run: after an interruption, with a larger budget, and never twice at once."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sonde.agents.agent import Agent
from sonde.agents.record import replay
from sonde.agents.settings import RunSettings
from sonde.agents.sitting import open_run, settings_of
from sonde.costs.budget import Budget, WorstCase
from sonde.memory.home import Home
from sonde.memory.journal import read_journal
from sonde.memory.policy import MemoryPolicy
from sonde.memory.run_lock import is_locked
from sonde.models.scripted import ScriptedModel
from sonde.models.token_estimate import estimate_tokens
from sonde.records.errors import ModelUnreachable, SetupError
from sonde.records.events import RunResumed, RunStarted, Warned
from sonde.records.messages import ChatReply, ChatRequest
from sonde.records.stopping import StopReason
from sonde.tools.decorator import FunctionTool, tool

QUESTION = "What is the fourth value?"
MakeAgent = Callable[..., Agent]


def _measure_tool() -> FunctionTool[..., str]:
    @tool
    def measure(depth: int) -> str:
        """Measure at a depth."""
        return f"value {depth * 7}"

    return measure


def _reply(request: ChatRequest) -> str:
    """Measure at the next depth, known from the prompt alone; answer after the fourth."""
    prompt = request.messages[-1].content
    done = max((n for n in range(1, 5) if f"value {n * 7}" in prompt), default=0)
    if done == 4 or "measure" not in request.messages[0].content:
        return f"<report>all {done}</report><answer>value {done * 7}</answer>"
    call = json.dumps({"name": "measure", "arguments": {"depth": done + 1}})
    return f"<report>measured {done}, value {done * 7}</report><tool_call>{call}</tool_call>"


class _Stuck(ScriptedModel):
    """A model that never comes back from its third call."""

    def __init__(self, replies: Callable[[ChatRequest], str]) -> None:
        super().__init__(replies)
        self.is_stuck = asyncio.Event()

    async def complete(self, request: ChatRequest) -> ChatReply:
        if len(self.requests) == 2:
            self.is_stuck.set()
            await asyncio.Event().wait()
        return await super().complete(request)


def _broken_off(make_agent: MakeAgent, **options: object) -> None:
    """Begin a run and break it off at its third call."""

    async def begin() -> None:
        model = _Stuck(_reply)
        run = asyncio.create_task(make_agent(model, **options).arun(QUESTION))
        async with asyncio.timeout(30):
            await model.is_stuck.wait()
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run

    asyncio.run(begin())


@pytest.mark.parametrize("memory", list(MemoryPolicy))
def test_an_interrupted_run_goes_on_where_it_stood(
    make_agent: MakeAgent, home: Path, memory: MemoryPolicy
) -> None:
    tools = [_measure_tool()]

    _broken_off(make_agent, tools=tools, memory=memory)
    (run,) = Home(home).list_runs()
    types = [event.type for event in read_journal(run.journal).events]
    assert types[-1] == "run.interrupted"
    model = ScriptedModel(_reply)
    result = make_agent(model, tools=tools, memory=memory).resume(run.run_id)
    assert result.answer == "value 28"
    assert (result.rounds, result.steps) == (5, 4)
    assert len(model.requests) == 3  # rounds 3, 4 and 5: the first two are not repeated
    prompt = model.requests[0].messages[-1].content
    assert "value 14" in prompt
    if memory is MemoryPolicy.WORKSPACE:
        assert '"depth": 1}' not in prompt
    if memory in (MemoryPolicy.APPEND, MemoryPolicy.SUMMARIZE):
        assert '"depth": 1}' in prompt


def test_a_larger_budget_lets_a_stopped_run_go_on(make_agent: MakeAgent) -> None:
    agent = make_agent(ScriptedModel(_reply), tools=[_measure_tool()], budget=Budget(rounds=2))
    first = agent.run(QUESTION)
    assert first.stop_reason is StopReason.BUDGET_ROUNDS
    assert first.answer == "value 14"
    same = agent.resume(first.run_id)
    assert same == first
    more = agent.resume(first.run_id, budget=Budget(rounds=10))
    assert more.stop_reason is StopReason.ANSWERED
    assert more.answer == "value 28"
    assert more.steps == 4
    assert more.usage.total is not None
    assert first.usage.total is not None
    assert more.usage.total > first.usage.total
    assert agent.resume(first.run_id) == more


def test_no_two_processes_work_on_one_run(make_agent: MakeAgent, home: Path) -> None:
    agent = make_agent(ScriptedModel(_reply), tools=[_measure_tool()])
    run_id = agent.run(QUESTION).run_id
    folder = Home(home).run(run_id)
    with (
        open_run(
            folder,
            question=None,
            settings=RunSettings(),
            reserve=WorstCase(tokens=0, usd=None),
            count_tokens=estimate_tokens,
        ),
        pytest.raises(SetupError, match="another process"),
    ):
        agent.resume(run_id)
    assert agent.resume(run_id).answer == "value 28"


def test_settings_survive_the_journal() -> None:
    settings = RunSettings(
        memory=MemoryPolicy.SUMMARIZE,
        budget=Budget(usd=0.5, rounds=3),
        origin={"model": "m", "corpus": ["a", "b"]},
        seed=7,
    )
    started = RunStarted(at=0, run_id="r", question="q", settings=settings.as_json())
    assert settings_of(replay([started])) == settings


def test_a_journal_without_a_start_cannot_be_resumed(make_agent: MakeAgent, home: Path) -> None:
    folder = Home(home).new_run()
    folder.journal.write_text('{"half": ', encoding="utf-8")
    with pytest.raises(SetupError, match="holds no readable start"):
        make_agent(ScriptedModel([])).resume(folder.run_id)


def test_a_run_that_dies_under_its_larger_budget_goes_on_under_it(
    make_agent: MakeAgent, home: Path
) -> None:
    tools = [_measure_tool()]
    first = make_agent(ScriptedModel(_reply), tools=tools, budget=Budget(rounds=1)).run(QUESTION)
    assert first.stop_reason is StopReason.BUDGET_ROUNDS

    async def die() -> None:
        model = _Stuck(_reply)
        agent = make_agent(model, tools=tools)
        wider = Budget(rounds=10)
        run = asyncio.create_task(agent.aresume(first.run_id, budget=wider))
        async with asyncio.timeout(30):
            await model.is_stuck.wait()
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run

    asyncio.run(die())
    last = make_agent(ScriptedModel(_reply), tools=tools).resume(first.run_id)
    assert last.stop_reason is StopReason.ANSWERED
    assert last.answer == "value 28"


def test_limits_that_a_new_budget_does_not_name_stay(make_agent: MakeAgent, home: Path) -> None:
    agent = make_agent(
        ScriptedModel(_reply), tools=[_measure_tool()], budget=Budget(rounds=1, tokens=50_000)
    )
    first = agent.run(QUESTION)
    agent.resume(first.run_id, budget=Budget(rounds=2))
    contents = read_journal(Home(home).run(first.run_id).journal)
    assert settings_of(replay(contents.events)).budget == Budget(rounds=2, tokens=50_000)


def test_a_run_that_its_provider_failed_goes_on_when_it_is_back(make_agent: MakeAgent) -> None:
    down = ModelUnreachable("the server is down")
    script = [_reply_text(1), down, down]
    first = make_agent(ScriptedModel(script), tools=[_measure_tool()]).run(QUESTION)
    assert first.stop_reason is StopReason.PROVIDER_ERROR
    again = make_agent(ScriptedModel(_reply), tools=[_measure_tool()]).resume(first.run_id)
    assert again.stop_reason is StopReason.ANSWERED
    assert again.answer == "value 28"


def _reply_text(depth: int) -> str:
    call = json.dumps({"name": "measure", "arguments": {"depth": depth}})
    return f"<report>to measure</report><tool_call>{call}</tool_call>"


def test_the_pause_between_two_sittings_is_no_time_of_the_run() -> None:
    events = [
        RunStarted(at=0.0, run_id="r", question="q"),
        Warned(at=2.0, message="x"),
        RunResumed(at=1_000.0),
        Warned(at=1_003.0, message="y"),
    ]
    assert replay(events).seconds == 5.0


def test_an_agent_of_a_larger_budget_takes_a_stopped_run_on(make_agent: MakeAgent) -> None:
    tools = [_measure_tool()]
    narrow, wide = Budget(rounds=2), Budget(rounds=10)
    first = make_agent(ScriptedModel(_reply), tools=tools, budget=narrow).run(QUESTION)
    assert first.stop_reason is StopReason.BUDGET_ROUNDS

    other_limit = Budget(rounds=2, seconds=900)
    stopped = make_agent(ScriptedModel(_reply), tools=tools, budget=other_limit)
    assert stopped.resume(first.run_id) == first

    more = make_agent(ScriptedModel(_reply), tools=tools, budget=wide).resume(first.run_id)
    assert more.stop_reason is StopReason.ANSWERED
    assert more.answer == "value 28"
    assert more.warnings == ()


def test_limits_wider_than_the_agents_are_told(make_agent: MakeAgent, home: Path) -> None:
    tools = [_measure_tool()]
    _broken_off(make_agent, tools=tools, budget=Budget(rounds=9))
    (run,) = Home(home).list_runs()
    agent = make_agent(ScriptedModel(_reply), tools=tools, budget=Budget(rounds=8, usd=1.0))
    result = agent.resume(run.run_id)
    assert result.answer == "value 28"
    told = [each for each in result.warnings if "the run keeps" in each]
    assert told == [
        "the run keeps no limit in usd, wider than the agent's 1; resume it with "
        "`budget=Budget(usd=1)` to narrow it",
        "the run keeps its limit of 9 in rounds, wider than the agent's 8; resume it with "
        "`budget=Budget(rounds=8)` to narrow it",
    ]


def test_another_model_or_corpus_is_told(
    make_agent: MakeAgent, home: Path, corpus: Path, tmp_path: Path
) -> None:
    tools = [_measure_tool()]
    _broken_off(make_agent, tools=tools)
    (run,) = Home(home).list_runs()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "page.md").write_text("# Page\n\nNothing of depths.", encoding="utf-8")
    other = ScriptedModel(_reply, name="other")
    agent = Agent(other, corpus=elsewhere, tools=tools, home=home, environ={})
    warnings = agent.resume(run.run_id).warnings
    assert f"the run was begun with the model {ScriptedModel([]).name}, and goes on with other" in (
        warnings
    )
    assert (
        f"the run was begun over {corpus}, and goes on over {elsewhere}; "
        "what it had found there still counts"
    ) in warnings


def test_a_clock_that_is_set_back_gives_no_time_back() -> None:
    events = [
        RunStarted(at=5_000.0, run_id="r", question="q"),
        Warned(at=5_004.0, message="x"),
        Warned(at=1_000.0, message="y"),
        Warned(at=1_003.0, message="z"),
    ]
    assert replay(events).seconds == 7.0


def test_a_run_whose_store_is_gone_cannot_go_on(make_agent: MakeAgent, home: Path) -> None:
    tools = [_measure_tool()]
    _broken_off(make_agent, tools=tools)
    (run,) = Home(home).list_runs()
    for file in run.path.glob("evidence.db*"):
        file.unlink()
    with pytest.raises(SetupError, match=r"evidence\.db lacks 4 of 4 texts") as refused:
        make_agent(ScriptedModel(_reply), tools=tools).resume(run.run_id)
    assert refused.tb is not None  # although its frames are still there
    assert not is_locked(run)


def test_a_journal_with_a_damaged_line_goes_on_and_says_so(
    make_agent: MakeAgent, home: Path
) -> None:
    tools = [_measure_tool()]
    _broken_off(make_agent, tools=tools)
    (run,) = Home(home).list_runs()
    lines = run.journal.read_bytes().splitlines(keepends=True)
    run.journal.write_bytes(b"".join([lines[0], b"\xff{\n", *lines[1:]]))
    result = make_agent(ScriptedModel(_reply), tools=tools).resume(run.run_id)
    assert result.answer == "value 28"
    assert any(each.startswith("1 line(s) of the journal cannot be") for each in result.warnings)
