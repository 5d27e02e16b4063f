"""The team as a LangGraph graph: a router sends to members, and each of them leads back to it.

          ┌──────────────► lead ──┐
router ───┼──────────────► w1 ────┼──► router ... until nobody is called
   ▲      └──────────────► w2 ────┘
One superstep of members is one round. A member that received nothing is not sent to, so not run.
"""

# langgraph's overloads leave parts of their types open:
# pyright: reportUnknownMemberType=false
import operator
from collections.abc import Callable, Sequence
from typing import Annotated, Protocol, TypeAlias, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command, Send

from .member import Teammate
from .router import route
from .team_run import TeamRun

ROUTER = "router"


class TeamState(TypedDict, total=False):
    """What the graph carries: ids and small values; claims stand in the run."""

    run_id: str
    """Id of the run."""
    is_begun: bool
    """Whether the members have been called at all."""
    called: Annotated[list[str], operator.add]
    """Names of the members that were called, in order."""


class Errand(TypedDict):
    """What is sent to one member."""

    run_id: str
    """Id of the run."""
    member: int
    """Index of the member."""
    at_once: int
    """How many are called at the same time."""


TeamGraph: TypeAlias = CompiledStateGraph[TeamState, None, TeamState, TeamState]


class _Node(Protocol):
    async def __call__(self, state: Errand) -> TeamState: ...


def build_team_graph(members: Sequence[Teammate], run_of: Callable[[str], TeamRun]) -> TeamGraph:
    """Return the compiled graph of a team.

    Args:
        members: The team.
        run_of: Returns an open run by its id.
    """
    names = [member.name for member in members]

    async def router(state: TeamState) -> Command[str]:
        run = run_of(state.get("run_id", ""))
        is_first = not state.get("is_begun", False)
        called = list(range(len(names))) if is_first else route(run)
        sends = [
            Send(names[i], Errand(run_id=run.folder.run_id, member=i, at_once=len(called)))
            for i in called
        ]
        return Command(update=TeamState(is_begun=True), goto=sends or END)

    def node_of(name: str) -> _Node:
        async def node(state: Errand) -> TeamState:
            await run_of(state["run_id"]).call(state["member"], called=state["at_once"])
            return TeamState(called=[name])

        return node

    builder = StateGraph(TeamState)
    builder.add_node(ROUTER, router, destinations=(*names, END))
    for name in names:
        builder.add_node(name, node_of(name))
        builder.add_edge(name, ROUTER)
    builder.add_edge(START, ROUTER)
    return builder.compile()


def recursion_limit(rounds: int) -> int:
    """Return LangGraph's limit of supersteps: two a round, gated and escalated, and the first."""
    return 2 * (2 * rounds + 1) + 4
