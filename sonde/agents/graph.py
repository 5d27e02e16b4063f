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

from .answer import answer
from .nodes import act, ask, decide, rebuild
from .open_runs import OpenRuns
from .run import Run
from .state import RunState

Node: TypeAlias = Callable[[RunState, Run], Awaitable[RunState]]
Graph: TypeAlias = CompiledStateGraph[RunState, None, RunState, RunState]


class _Step(Protocol):
    """A node as LangGraph calls it."""

    async def __call__(self, state: RunState) -> RunState: ...


NODES_A_ROUND = 3
"""Supersteps of one round: rebuild, decide, act."""


def build_graph(runs: OpenRuns, *, saver: BaseCheckpointSaver[str] | None = None) -> Graph:
    """Return the compiled graph.

    Args:
        runs: Finds the open run of a state.
        saver: Where checkpoints go; None keeps none.
    """

    async def begin(state: RunState) -> RunState:
        run = runs.of(state)
        return RunState(run_id=run.folder.run_id, question="", round=0, kept_turns=0, stop="")

    def on_run(node: Node) -> _Step:
        async def step(state: RunState) -> RunState:
            run = runs.of(state)
            update = await node(state, run)
            if node is answer:
                runs.end(run)
            return update

        return step

    nodes: dict[str, Node] = {
        "rebuild": rebuild,
        "decide": decide,
        "act": act,
        "ask": ask,
        "answer": answer,
    }
    builder = StateGraph(RunState)
    builder.add_node("open", begin)
    for name, node in nodes.items():
        builder.add_node(name, on_run(node))
    builder.add_edge(START, "open")
    builder.add_edge("open", "rebuild")
    builder.add_conditional_edges("rebuild", _next_node, ["decide", "answer"])
    builder.add_conditional_edges("decide", _next_node, ["act", "ask", "answer"])
    builder.add_conditional_edges("act", _next_node, ["rebuild", "answer"])
    builder.add_conditional_edges("ask", _next_node, ["rebuild", "answer"])
    builder.add_edge("answer", END)
    return builder.compile(checkpointer=saver)


def recursion_limit(rounds: int) -> int:
    """Return LangGraph's limit of supersteps for so many rounds, above anything they can take."""
    return NODES_A_ROUND * (rounds + 1) + 8


async def _next_node(state: RunState) -> str:  # asynchronous, or it would get a thread each time
    return state.get("next", "answer")
