"""Driving the graph through one run, from its start or from its last checkpoint."""

from collections.abc import Callable

from langchain_core.runnables import RunnableConfig
from langgraph.errors import GraphRecursionError

from ..records.errors import SondeError
from .checkpoints import RunSaver
from .graph import Graph, recursion_limit, routed
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
    saver = RunSaver(run.store.connection)
    try:
        graph = make_graph(saver)
        rounds = run.the_parts().settings.budget.rounds or 0
        config = RunnableConfig(
            configurable={"thread_id": run.folder.run_id}, recursion_limit=recursion_limit(rounds)
        )
        given = RunState(question=run.question, run_id=run.folder.run_id)
        if saver.get_tuple(config) is not None:  # a round was finished: go on behind it
            await _take_up(graph, config, run)
            given = None
        # Nobody reads the graph's stream here, since the run tells its own events: none is made.
        await graph.ainvoke(given, config, stream_mode="custom", durability="sync")  # pyright: ignore[reportUnknownMemberType] -- its overloads are open
    except GraphRecursionError as err:
        raise SondeError(f"the graph did not end within its rounds: {err}; report this") from err


async def _take_up(graph: Graph, config: RunnableConfig, run: Run) -> None:
    """Make a stored run ready to go on; one that had ended searches on under a new budget.

    A round whose action was decided and not carried out, since no source answered, is done first.
    """
    snapshot = await graph.aget_state(config)
    if not snapshot.next:
        update = RunState(next="round", stop="", detail="")
        pending = run.record.pending_round(run.store)
        if pending is not None:
            update = update | RunState(round=pending - 1)
        await graph.aupdate_state(config, routed(update), as_node="round")
