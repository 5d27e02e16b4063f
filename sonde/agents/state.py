"""The graph's state: ids and small values only; texts stand in the run's folder."""

from typing import TypedDict

MAX_QUESTION_CHARS = 20_000
"""Longest question; a longer text is a document, and belongs into a file."""


class RunState(TypedDict, total=False):
    """What a checkpoint holds. Give `question`; read `answer`, `confidence`, `stop_reason`."""

    question: str
    """The question, on the way in; it then stands in the journal."""
    run_id: str
    """Id of the run, once it is open."""
    round: int
    """Rounds begun."""
    kept_turns: int
    """Latest turns that the memory policy keeps."""
    next: str
    """The node to go to."""
    stop: str
    """Why the search ended, where a limit or an error ended it."""
    detail: str
    """What kind of error, where the model failed."""
    answer: str | None
    """The answer."""
    confidence: float | None
    """Its probability."""
    stop_reason: str
    """Why the run ended."""


class RunOutcome(TypedDict, total=False):
    """What the graph gives; so little is put together once, at the end, and not after each node."""

    run_id: str
    """Id of the run."""
    answer: str | None
    """The answer."""
    confidence: float | None
    """Its probability."""
    stop_reason: str
    """Why the run ended."""
