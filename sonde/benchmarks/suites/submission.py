"""The file of answers that GAIA's leaderboard takes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ...records.errors import SuiteError


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionRow:
    """The answer to one task."""

    task_id: str
    """The task."""
    model_answer: str
    """The answer; empty where there is none."""
    reasoning_trace: str = ""
    """How it was found, in words."""


def write_submission(path: Path, rows: Iterable[SubmissionRow]) -> int:
    """Write answers as JSON lines of task_id, model_answer and reasoning_trace.

    Returns:
        How many were written.

    Raises:
        SuiteError: A task stands there twice, or the file cannot be written.
    """
    lines: dict[str, str] = {}
    for row in rows:
        if row.task_id in lines:
            raise SuiteError(f"two answers to task {row.task_id!r}; a submission takes one of each")
        told = {
            "task_id": row.task_id,
            "model_answer": row.model_answer,
            "reasoning_trace": row.reasoning_trace,
        }
        lines[row.task_id] = json.dumps(told, ensure_ascii=False)
    try:
        path.write_text("".join(f"{line}\n" for line in lines.values()), encoding="utf-8")
    except OSError as err:
        raise SuiteError(f"cannot write {path}: {err.strerror or err}; name another file") from err
    return len(lines)
