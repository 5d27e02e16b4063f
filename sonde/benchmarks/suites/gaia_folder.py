"""A folder as GAIA is published: `metadata.jsonl` with its attachments beside."""

from collections.abc import Iterator
from pathlib import Path

from .rows import Row, json_rows
from .suite import Task
from .task_row import tasks_of

METADATA = "metadata.jsonl"
"""Name of the file that makes a folder one of GAIA's."""
_WITHHELD = "?"
"""What stands for the answer where a split keeps it."""
_FIELDS = {
    "id": "task_id",
    "input": "Question",
    "target": "Final answer",
    "level": "Level",
    "files": "file_name",
    "metadata": "sonde",
}


def gaia_tasks(folder: Path) -> Iterator[Task]:
    """Yield the tasks of a split of GAIA; those whose answer is withheld have no target.

    Raises:
        SuiteError: A row lacks its id or question, or cannot be read.
    """
    rows = (_checked(row) for row in json_rows(folder / METADATA))
    return tasks_of(rows, base=folder, fields=_FIELDS)


def _checked(row: Row) -> Row:
    if not isinstance(row.values.get("task_id"), str):
        raise row.refuse(
            "a row of GAIA needs the text `task_id`; without it no answer can be handed in"
        )
    if row.values.get("Final answer") != _WITHHELD:
        return row
    return Row(path=row.path, line=row.line, values={**row.values, "Final answer": None})
