"""The loop as a LangGraph graph: open, then rebuild, decide, act or ask, until the answer.

open ─► rebuild ─► decide ─► answer
           ▲          ├─► act ─┐
           │          └─► ask ─┤
           └───────────────────┘
"""

# langgraph's overloads leave parts of their types open:
# pyright: reportUnknownMemberType=false
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command

from .answer import answer
from .nodes import act, ask, decide, rebuild
from .open_runs import OpenRuns
from .run import Run
from .state import RunState

Node: TypeAlias = Callable[[RunState, Run], Awaitable[RunState]]
Graph: TypeAlias = CompiledStateGraph[RunState, None, RunState, RunState]


class _Step(Protocol):
    """A node as LangGraph calls it."""

    async def __call__(self, state: RunState) -> "RunState | Command[str]": ...


NODES_A_ROUND = 3
"""Supersteps of one round: rebuild, decide, act."""


def build_graph(runs: OpenRuns) -> Graph:
    """Return the compiled graph, which finds the open run of a state and keeps no checkpoints."""

    async def begin(state: RunState) -> RunState:
        run = runs.of(state)
        return RunState(run_id=run.folder.run_id, question="", round=0, kept_turns=0, stop="")

    def on_run(node: Node) -> _Step:
        async def step(state: RunState) -> RunState | Command[str]:
            run = runs.of(state)
            try:
                update = await node(state, run)
            except BaseException:
                runs.end(run)
                raise
            if node is answer:
                runs.end(run)
                return update
            return going_on(update)

        return step

    builder = StateGraph(RunState)
    builder.add_node("open", begin)
    builder.add_node("rebuild", on_run(rebuild), destinations=("decide", "answer"))
    builder.add_node("decide", on_run(decide), destinations=("act", "ask", "answer"))
    builder.add_node("act", on_run(act), destinations=("rebuild", "answer"))
    builder.add_node("ask", on_run(ask), destinations=("rebuild", "answer"))
    builder.add_node("answer", on_run(answer))
    builder.add_edge(START, "open")
    builder.add_edge("open", "rebuild")
    builder.add_edge("answer", END)
    return builder.compile()


def checkpointed(graph: Graph, saver: BaseCheckpointSaver[str]) -> Graph:
    """Return the graph with a place for its checkpoints; compiling it takes as long as a round."""
    return graph.copy({"checkpointer": saver})


def going_on(update: RunState) -> "Command[str]":
    """Return an update that goes to its own next node: half the cost of a conditional edge."""
    return Command(update=update, goto=update.get("next", "answer"))


def recursion_limit(rounds: int) -> int:
    """Return LangGraph's limit of supersteps for so many rounds, above anything they can take."""
    return NODES_A_ROUND * (rounds + 1) + 8
