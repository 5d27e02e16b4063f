"""The loop as a LangGraph graph: rounds, until the answer.

┌─► round ─► answer
│   │   │
├───┘   ▼
└────  ask

A round rebuilds the workspace, decides, and acts, all in one superstep: each costs a tenth of a
round. Only a question to the person is a node of its own, because there the graph may be
interrupted. The first round opens the run.
"""

# langgraph's overloads leave parts of their types open:
# pyright: reportUnknownMemberType=false
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command

from .acting import act, ask
from .answer import answer
from .deciding import decide
from .open_runs import OpenRuns
from .run import Run
from .state import RunOutcome, RunState

Node: TypeAlias = Callable[[RunState, Run], Awaitable[RunState]]
Graph: TypeAlias = CompiledStateGraph[RunState, None, RunState, RunOutcome]


class _Step(Protocol):
    """A node as LangGraph calls it."""

    async def __call__(self, state: RunState) -> "RunState | Command[str]": ...


STEPS_A_ROUND = 2
"""Most supersteps of a round: itself, and asking the person."""


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
            return routed(update)

        return step

    builder = StateGraph(RunState, output_schema=RunOutcome)
    builder.add_node("round", on_run(play_round), destinations=("round", "ask", "answer"))
    builder.add_node("ask", on_run(ask), destinations=("round", "answer"))
    builder.add_node("answer", on_run(answer))
    builder.add_edge(START, "round")
    builder.add_edge("answer", END)
    return builder.compile()


async def play_round(state: RunState, run: Run) -> RunState:
    """Decide, and act at once unless the person is to be asked, or the search has ended."""
    decided = await decide(state, run)
    if decided.get("next") != "act":
        return decided
    return decided | await act(state | decided, run)


def _begun(run: Run) -> RunState:
    """Return the state of a run that has just been opened, whatever was in the state before."""
    return RunState(
        run_id=run.folder.run_id, question="", round=0, kept_turns=0, stop="", detail=""
    )


def checkpointed(graph: Graph, saver: BaseCheckpointSaver[str]) -> Graph:
    """Return the graph with a place for its checkpoints; compiling it takes as long as a round."""
    return graph.copy({"checkpointer": saver})


def routed(update: RunState) -> "Command[str]":
    """Return an update that goes to its own next node: half the cost of a conditional edge."""
    return Command(update=update, goto=update.get("next", "answer"))


def recursion_limit(rounds: int) -> int:
    """Return LangGraph's limit of supersteps for so many rounds, above anything they can take."""
    return STEPS_A_ROUND * (rounds + 1) + 8
