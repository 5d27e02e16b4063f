"""An agent as a node of somebody else's graph, with LangChain's tools, asking by interrupt."""

# langgraph's overloads leave parts of their types open:
# pyright: reportUnknownMemberType=false
import asyncio
import json
from pathlib import Path
from typing import Annotated, TypedDict

import pytest
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool, InjectedToolArg, StructuredTool, ToolException, tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command
from pydantic import BaseModel, Field

from sonde.agents.agent import Agent
from sonde.agents.builtin_tools import by_interrupt
from sonde.memory.home import Home
from sonde.memory.journal import read_journal
from sonde.models.scripted import ScriptedModel
from sonde.records.errors import SetupError, ToolError
from sonde.records.events import PersonAsked, ToolReturned
from sonde.records.json_types import JsonValue
from sonde.tools.langchain_tool import LangChainTool, is_langchain_tool


@tool
def copies(title: str, shelf: int = 1, key: Annotated[str, InjectedToolArg] = "k") -> str:
    """Copies of a book in the warehouse."""
    if title == "none":
        raise ToolException("no such book")
    return f"{len(title) * shelf} copies"


class _Depth(BaseModel):
    """How deep."""

    metres: float = Field(description="Depth below the surface.")


async def _pressure(metres: float) -> dict[str, float]:
    return {"bar": round(metres / 10, 1)}


pressure = StructuredTool.from_function(
    coroutine=_pressure, name="pressure", description="Pressure at a depth.", args_schema=_Depth
)


def call(name: str, **arguments: JsonValue) -> str:
    action = json.dumps({"name": name, "arguments": arguments})
    return f"<report>Working.</report><tool_call>{action}</tool_call>"


def answer(text: str) -> str:
    return f"<report>Done.</report><answer>{text}</answer>"


def test_a_langchain_tool_keeps_its_name_its_words_and_its_schema() -> None:
    spec = LangChainTool(copies).spec
    assert (spec.name, spec.description) == ("copies", "Copies of a book in the warehouse.")
    assert spec.parameters == {
        "type": "object",
        "properties": {"title": {"type": "string"}, "shelf": {"type": "integer", "default": 1}},
        "required": ["title"],
    }
    depth = LangChainTool(pressure).spec.parameters["properties"]
    assert depth == {"metres": {"type": "number", "description": "Depth below the surface."}}


@pytest.mark.parametrize("given", [copies, pressure])
def test_tools_are_told_by_their_form(given: BaseTool) -> None:
    assert is_langchain_tool(given)
    assert not is_langchain_tool(print)
    assert not is_langchain_tool(BaseTool)


def test_a_langchain_tool_fails_in_words() -> None:
    with pytest.raises(ToolError, match="no such book"):
        asyncio.run(LangChainTool(copies).call({"title": "none"}))
    with pytest.raises(ToolError, match="metres"):
        asyncio.run(LangChainTool(pressure).call({"metres": "deep"}))


def test_langchain_tools_pass_straight_into_an_agent(tmp_path: Path) -> None:
    replies = [call("copies", title="Dune", shelf=2), call("pressure", metres=50), answer("8")]
    agent = Agent(ScriptedModel(replies), tools=[copies, pressure], home=tmp_path, environ={})
    result = agent.run("How many copies?")
    model = agent_model(agent)
    assert result.answer == "8"
    assert "8 copies" in str(model.requests[1].messages[-1].content)
    assert '{"bar":5.0}' in str(model.requests[2].messages[-1].content)


def agent_model(agent: Agent) -> ScriptedModel:
    model = agent._opener.brain.chat_model  # pyright: ignore[reportPrivateUsage] -- what it was asked
    assert isinstance(model, ScriptedModel)
    return model


class Letter(TypedDict, total=False):
    """The state of a graph around the agent."""

    question: str
    answer: str | None
    confidence: float | None
    letter: str


def around(agent: Agent, *, is_kept: bool = False):
    def prepare(state: Letter) -> Letter:
        return {"question": state.get("question", "").strip()}

    def write(state: Letter) -> Letter:
        return {"letter": f"{state.get('question')} {state.get('answer')}."}

    builder = StateGraph(Letter)
    builder.add_node("prepare", prepare)
    builder.add_node("research", agent.graph)
    builder.add_node("write", write)
    builder.add_edge(START, "prepare")
    builder.add_edge("prepare", "research")
    builder.add_edge("research", "write")
    builder.add_edge("write", END)
    return builder.compile(checkpointer=InMemorySaver() if is_kept else None)


def test_an_agent_is_a_node_of_a_parent_graph(tmp_path: Path) -> None:
    (tmp_path / "trieste.md").write_text(
        "# Trieste\n\nThe bathyscaphe Trieste was launched on 26 August 1953 near Naples.",
        encoding="utf-8",
    )
    agent = Agent(corpus=tmp_path / "trieste.md", home=tmp_path / "home", environ={})
    asked = " When was the bathyscaphe Trieste launched? "
    state = asyncio.run(around(agent).ainvoke({"question": asked}))
    assert state["letter"] == f"{asked.strip()} 26 August 1953."
    assert state["confidence"] is not None
    again = asyncio.run(around(agent).ainvoke({"question": asked}))
    assert again["letter"] == state["letter"]
    assert len(Home(tmp_path / "home").list_runs()) == 2


def test_a_question_to_the_person_interrupts_the_parent_graph(tmp_path: Path) -> None:
    replies = [call("ask_user", question="Which ship?"), answer("The Trieste.")]
    agent = Agent(ScriptedModel(replies), ask_user=by_interrupt, home=tmp_path, environ={})
    graph = around(agent, is_kept=True)

    async def go() -> tuple[str, str]:
        thread = RunnableConfig(configurable={"thread_id": "1"})
        stopped = await graph.ainvoke({"question": "Which one?"}, thread)
        asked = stopped["__interrupt__"][0].value
        ended = await graph.ainvoke(Command(resume="the one of 1953"), thread)
        return asked["question"], ended["letter"]

    assert asyncio.run(go()) == ("Which ship?", "Which one? The Trieste..")
    model = agent_model(agent)
    assert "The person answers: the one of 1953" in str(model.requests[1].messages[-1].content)
    events = read_journal(Home(tmp_path).run(None).journal).events
    assert any(isinstance(event, PersonAsked) for event in events)
    assert [event.tool for event in events if isinstance(event, ToolReturned)] == ["ask_user"]


def test_asking_by_interrupt_without_a_graph_around_is_told(tmp_path: Path) -> None:
    replies = [call("ask_user", question="Which ship?")]
    agent = Agent(ScriptedModel(replies), ask_user=by_interrupt, home=tmp_path, environ={})
    with pytest.raises(SetupError, match="needs a graph around it"):
        agent.run("Which one?")
