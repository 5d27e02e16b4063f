"""What a scorer is given and what it says: the outcome of an attempt, and its score."""

from dataclasses import dataclass, field
from typing import Protocol

from ...records.json_types import JsonObject, JsonValue
from ...records.usage import Usage
from ..suites.suite import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One text that the agent was shown by a tool."""

    text: str
    """What it says."""
    title: str = ""
    """Title of its document."""
    is_opened: bool = False
    """Whether the agent opened the document; False for what a search showed of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obtained:
    """What a run brought to light besides its answer."""

    seen: tuple[Seen, ...] | None = None
    """Texts in the order in which they were shown; None is unknown."""
    steps: int | None = None
    """Actions carried out; None is unknown."""


ANSWER_ALONE = Obtained()
"""For a run of which the answer alone is known: what it saw, and in how many steps, is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a scorer says of one answer."""

    value: float
    """0 for wrong to 1 for right."""
    detail: JsonObject = field(default_factory=dict[str, JsonValue])
    """Further figures, by name: precision, recall, isr."""
    entities_required: int | None = None
    """Size of the set that the task asks for; None where it asks for none."""
    entities_found: int | None = None
    """How many of these the agent obtained."""
    usage: Usage | None = None
    """Tokens that a model judge took, to be booked apart from the agent's; None without one."""


class Scorer(Protocol):
    """Judge one answer by a rule."""

    def __call__(self, task: Task, prediction: str | None, obtained: Obtained, /) -> Score:
        """Return the score of an answer; None stands for no answer, and is judged as empty.

        Raises:
            SuiteError: The task has no truth that this scorer can judge by.
        """
        ...
