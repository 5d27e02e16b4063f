"""The runs that an agent has open, by id."""

from collections.abc import Callable

from ..records.errors import SetupError
from .run import Run
from .state import RunState


class OpenRuns:
    """Finds the open run of a state; a graph that is used on its own opens and closes its runs."""

    def __init__(self, start: Callable[[str], Run], reopen: Callable[[str], Run]) -> None:
        """Hand in how runs are opened.

        Args:
            start: Opens a new run for a question.
            reopen: Opens a stored run by its id.
        """
        self._start = start
        self._reopen = reopen
        self._runs: dict[str, Run] = {}
        self._own: set[str] = set()

    def add(self, run: Run) -> None:
        """Take in a run that its opener will also close."""
        self._runs[run.folder.run_id] = run

    def of(self, state: RunState) -> Run:
        """Return the run of a state, opening it where the graph runs on its own.

        Raises:
            SetupError: The state holds neither a question nor a run id.
        """
        run_id, question = state.get("run_id", ""), state.get("question", "")
        if run_id in self._runs:
            return self._runs[run_id]
        if not run_id and not question:
            raise SetupError('give the graph a question: graph.ainvoke({"question": "..."})')
        run = self._start(question) if question else self._reopen(run_id)
        self._runs[run.folder.run_id] = run
        self._own.add(run.folder.run_id)
        return run

    def end(self, run: Run) -> None:
        """Close a run that the graph itself opened."""
        if run.folder.run_id in self._own:
            self._own.discard(run.folder.run_id)
            self.drop(run)

    def drop(self, run: Run) -> None:
        """Close a run and forget it."""
        self._runs.pop(run.folder.run_id, None)
        run.close()
