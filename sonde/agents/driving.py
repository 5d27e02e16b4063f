"""Driving open runs through the graph to their results."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import cached_property

from pydantic import TypeAdapter, ValidationError

from ..records.errors import SetupError
from ..records.events import RunInterrupted
from ..records.result import Result
from .builtin_tools import by_interrupt
from .graph import Graph, build_graph, checkpointed
from .open_runs import OpenRuns
from .opening import RunOpener
from .run import Run
from .walk import walk

_NO_FORM = (
    "the answer was not put into the output type: the model wrote no JSON of that form, or nothing "
    "was left to ask it with"
)


class Driver:
    """The graph of an agent, and the runs that are under way in it."""

    def __init__(self, opener: RunOpener, output: TypeAdapter[object] | None) -> None:
        """Make a driver; the graph is compiled when it is first needed.

        Args:
            opener: What opens the runs of a graph that is used on its own.
            output: What the answer's data is to be an instance of; None leaves it as it is.
        """
        self._opener = opener
        self._output = output
        self._runs = OpenRuns(opener.start, opener.reopen)

    @cached_property
    def graph(self) -> Graph:
        """The compiled graph, without a place for checkpoints."""
        return build_graph(self._runs)

    async def drive(
        self, run: Run, *, before_closing: Callable[[Run], None] | None = None
    ) -> Result:
        """Take an open run to its end, and close it.

        Args:
            run: The run.
            before_closing: Called with the run once it has ended and its files are still open.

        Raises:
            SetupError: A file of the run cannot be written, or a person cannot be asked here.
        """
        self._runs.add(run)
        try:
            if run.record.stopped is None:
                await walk(run, lambda saver: checkpointed(self.graph, saver))
            if before_closing is not None:
                before_closing(run)
            return self._result(run)
        except asyncio.CancelledError:
            run.emit(RunInterrupted(at=run.now(), round=run.round, message="interrupted"))
            raise
        finally:
            self._runs.drop(run)

    def _result(self, run: Run) -> Result:
        stopped = run.record.stopped
        if stopped is None:
            if self._opener.ask_user is by_interrupt:
                raise SetupError(
                    "the agent asks by interrupt, which needs a graph around it: use agent.graph "
                    "as a node of one that has a checkpointer, or give ask_user a function"
                )
            raise RuntimeError(f"run {run.folder.run_id} ended without a result")
        result = replace(stopped, trail=run.record.trail())
        if self._output is None:
            return result
        if result.output is None:
            return result if result.answer is None else _warned(result, _NO_FORM)
        try:
            return replace(result, output=self._output.validate_python(result.output))
        except ValidationError as err:
            fault = err.errors(include_url=False)[0]
            place = ".".join(str(part) for part in fault["loc"])
            where = f"{place}: " if place else ""
            return _warned(
                result, f"the answer does not fit the output type: {where}{fault['msg']}"
            )


def _warned(result: Result, message: str) -> Result:
    return replace(result, warnings=(*result.warnings, message))


def run_alone(work: Callable[[], Awaitable[Result]]) -> Result:
    """Run to the end where no event loop runs yet.

    Raises:
        SetupError: One does.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(_awaited(work))
    raise SetupError("an event loop is running here: use `await agent.arun(...)` or `aresume`")


async def _awaited(work: Callable[[], Awaitable[Result]]) -> Result:
    return await work()
