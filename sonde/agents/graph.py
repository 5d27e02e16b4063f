"""The loop as a LangGraph graph: decide, act or ask, until the answer.

decide ─► answer
  ▲ ├─► act ─┐
  │ └─► ask ─┤
  └──────────┘

Each node is a superstep, which costs about as much as sending a request; so the workspace is
rebuilt at the beginning of `decide`, and the first `decide` opens the run.
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
from .nodes import act, ask, decide
from .open_runs import OpenRuns
from .run import Run
from .state import RunOutcome, RunState

Node: TypeAlias = Callable[[RunState, Run], Awaitable[RunState]]
Graph: TypeAlias = CompiledStateGraph[RunState, None, RunState, RunOutcome]


class _Step(Protocol):
    """A node as LangGraph calls it."""

    async def __call__(self, state: RunState) -> "RunState | Command[str]": ...


NODES_A_ROUND = 2
"""Supersteps of one round: decide, and act or ask."""


def build_graph(runs: OpenRuns) -> Graph:
    """Return the compiled graph, which finds the open run of a state and keeps no checkpoints."""

    def on_run(node: Node) -> _Step:
        async def step(state: RunState) -> RunState | Command[str]:
            run = runs.of(state)
            begun = _begun(run) if state.get("question") else RunState()
            try:
                update = begun | await node(state | begun, run)
            except BaseException:
                runs.end(run)
                raise
            if node is answer:
                runs.end(run)
                return update
            return going_on(update)

        return step

    builder = StateGraph(RunState, output_schema=RunOutcome)
    builder.add_node("decide", on_run(decide), destinations=("act", "ask", "answer"))
    builder.add_node("act", on_run(act), destinations=("decide", "answer"))
    builder.add_node("ask", on_run(ask), destinations=("decide", "answer"))
    builder.add_node("answer", on_run(answer))
    builder.add_edge(START, "decide")
    builder.add_edge("answer", END)
    return builder.compile()


def _begun(run: Run) -> RunState:
    """Return the state of a run that has just been opened, whatever was in the state before."""
    return RunState(
        run_id=run.folder.run_id, question="", round=0, kept_turns=0, stop="", detail=""
    )


def checkpointed(graph: Graph, saver: BaseCheckpointSaver[str]) -> Graph:
    """Return the graph with a place for its checkpoints; compiling it takes as long as a round."""
    return graph.copy({"checkpointer": saver})


def going_on(update: RunState) -> "Command[str]":
    """Return an update that goes to its own next node: half the cost of a conditional edge."""
    return Command(update=update, goto=update.get("next", "answer"))


def recursion_limit(rounds: int) -> int:
    """Return LangGraph's limit of supersteps for so many rounds, above anything they can take."""
    return NODES_A_ROUND * (rounds + 1) + 8
