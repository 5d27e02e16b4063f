"""Driving the graph through one run, from its start or from its last checkpoint."""

from collections.abc import Callable

from langchain_core.runnables import RunnableConfig
from langgraph.errors import GraphRecursionError

from ..records.errors import SondeError
from .checkpoints import RunSaver
from .graph import Graph, going_on, recursion_limit
from .run import Run
from .state import RunState


async def walk(run: Run, make_graph: Callable[[RunSaver], Graph]) -> None:
    """Run the graph to its end, checkpointing after every node.

    A run with checkpoints goes on from the last one. One that a limit had stopped, and whose result
    was set aside, goes on as if its last action had just been carried out.

    Raises:
        SetupError: A file of the run cannot be written.
        SondeError: The graph went on past every round that the budget allows.
    """
    saver = RunSaver.open(run.folder.checkpoints)
    try:
        graph = make_graph(saver)
        rounds = run.the_parts().settings.budget.rounds or 0
        config = RunnableConfig(
            configurable={"thread_id": run.folder.run_id}, recursion_limit=recursion_limit(rounds)
        )
        given = await _entry(graph, run, config)
        await graph.ainvoke(given, config, durability="sync")  # pyright: ignore[reportUnknownMemberType] -- its overloads are open
    except GraphRecursionError as err:
        raise SondeError(f"the graph did not end within its rounds: {err}; report this") from err
    finally:
        saver.close()


async def _entry(graph: Graph, run: Run, config: RunnableConfig) -> RunState | None:
    """Return what to hand to the graph: a start, or None to go on from the checkpoint."""
    snapshot = await graph.aget_state(config)
    if not snapshot.values:
        return RunState(question=run.question, run_id=run.folder.run_id)
    if not snapshot.next:  # it had ended: a new budget lets the search go on
        update = going_on(RunState(next="rebuild", stop=""))
        await graph.aupdate_state(config, update, as_node="act")
    return None
