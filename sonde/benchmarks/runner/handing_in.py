"""The answers of a run as the file that a leaderboard takes."""

from pathlib import Path

from ..bench_run import BenchRun
from ..suites.submission import SubmissionRow, write_submission

SUBMISSION = "submission.jsonl"
"""Name of the file in a run's folder."""


def hand_in(run: BenchRun, path: Path) -> int:
    """Write one answer for each task of a run, and return how many have one.

    The answer is that of the first repetition; a task without one has an empty answer.

    Raises:
        SuiteError: The file cannot be written.
    """
    first = {each.task_id: each for each in reversed(run.attempts)}
    rows = [
        SubmissionRow(
            task_id=task_id,
            model_answer=(attempt.prediction or "") if (attempt := first.get(task_id)) else "",
            reasoning_trace="" if attempt is None else _told(attempt.detail.get("tools")),
        )
        for task_id in run.task_ids
    ]
    write_submission(path, rows)
    return sum(bool(row.model_answer) for row in rows)


def _told(tools: object) -> str:
    """Return which tools were used, in words."""
    if not isinstance(tools, dict) or not tools:
        return ""
    return ", ".join(f"{name} {count} times" for name, count in tools.items())  # pyright: ignore[reportUnknownVariableType]
