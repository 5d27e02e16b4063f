"""A person who thinks of one row of a table and answers questions about it."""

import csv
import re
from collections.abc import Callable, Mapping, Sequence

from ....records.errors import SuiteError
from ....text.words import words
from ..suite import Task

_OPTIONS = re.compile(r"\s*\([^)]*\)\s*$")
_LEAST_OVERLAP = 0.6
_OPPOSITE = {"yes": "no", "no": "yes"}


def knows_table(task: Task) -> Callable[[str], str]:
    """Return the person who means the row that is the task's answer.

    The table is the task's first attachment; its first column names the rows. A question is
    understood by the heading that it holds, or, for yes or no, by the value or the name of a row
    that it holds. Headings under the task's `misled` are answered with the opposite, each time.

    Raises:
        SuiteError: There is no table, or the answer is none of its rows.
    """
    rows = _rows(task)
    meant = next((row for row in rows if next(iter(row.values())) in task.target), None)
    if meant is None:
        raise SuiteError(f"task {task.id!r}: its answer {task.target} is no row of its table")
    headings = list(meant)[1:]
    told = task.metadata.get("misled")
    misled = (
        set(told) if isinstance(told, Sequence) and not isinstance(told, str) else set[object]()
    )
    values = {heading: list(dict.fromkeys(row[heading] for row in rows)) for heading in meant}

    def answer(question: str) -> str:
        asked = words(_OPTIONS.sub("", question))
        heading = _heading(asked, headings)
        if heading is not None:
            said = meant[heading]
            return _OPPOSITE.get(said, said) if heading in misled else said
        named = _value(asked, values)
        if named is not None:
            return "yes" if meant[named[0]] == named[1] else "no"
        return f"I do not understand the question. You may ask about: {'; '.join(headings)}"

    return answer


def _rows(task: Task) -> list[Mapping[str, str]]:
    if not task.files:
        raise SuiteError(f"task {task.id!r} has no table attached")
    with task.files[0].open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _heading(asked: Sequence[str], headings: Sequence[str]) -> str | None:
    """Return the heading that a question holds, the longest one; else the one most like it."""
    sentence = f" {' '.join(asked)} "
    held = [each for each in headings if f" {' '.join(words(each))} " in sentence]
    if held:
        return max(held, key=lambda each: len(words(each)))
    shares = {each: _overlap(asked, words(each)) for each in headings if len(words(each)) > 2}
    best = max(shares, key=lambda each: shares[each], default=None)
    if best is None or shares[best] < _LEAST_OVERLAP:
        return None
    return best if list(shares.values()).count(shares[best]) == 1 else None


def _value(asked: Sequence[str], values: Mapping[str, Sequence[str]]) -> tuple[str, str] | None:
    """Return the only column and value whose words a question holds."""
    sentence = f" {' '.join(asked)} "
    held = [
        (heading, value)
        for heading, each in values.items()
        for value in each
        if f" {' '.join(words(value))} " in sentence and value not in _OPPOSITE
    ]
    return held[0] if len(held) == 1 else None


def _overlap(asked: Sequence[str], heading: Sequence[str]) -> float:
    one, other = set(asked), set(heading)
    return len(one & other) / len(one | other)
