"""The simulated person of a suite: answers an agent's questions about one task."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from ....records.errors import SuiteError
from ..suite import Suite, Task
from .experimenting import laboratory
from .table_person import knows_table

Person: TypeAlias = Callable[[str], str]
"""Takes a question and answers it; it remembers what it was asked, so each attempt has its own."""

_PEOPLE: Mapping[str, Callable[[Task], Person]] = {
    "knows-table": knows_table,
    "laboratory": laboratory,
}


def person_for(suite: Suite, task: Task, *, patience: int | None = None) -> Person | None:
    """Return who answers the questions of one attempt at a task; None where nobody does.

    Args:
        suite: The suite; its `answerer` names the person.
        task: The task.
        patience: How many questions are answered; None leaves it to the task's `patience`.

    Raises:
        SuiteError: There is no such person, or the task lacks what the person has to know.
    """
    if suite.answerer is None:
        return None
    make = _PEOPLE.get(suite.answerer)
    if make is None:
        raise SuiteError(
            f"suite {suite.name!r} names the answerer {suite.answerer!r}; there are: "
            f"{', '.join(sorted(_PEOPLE))}"
        )
    told = task.metadata.get("patience")
    limit = patience if patience is not None or not isinstance(told, int) else told
    return _patient(make(task), limit)


def _patient(person: Person, limit: int | None) -> Person:
    """Return a person who answers so many questions and no more."""
    asked = 0

    def answer(question: str) -> str:
        nonlocal asked
        asked += 1
        if limit is not None and asked > limit:
            return f"I have answered {limit} questions and answer no more. Please give your answer."
        return person(question)

    return answer
