"""A suite: tasks with their truths, and the corpus that they are answered from."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ...records.json_types import JsonObject, JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One question of a suite."""

    id: str
    """Unique within the suite."""
    input: str
    """What the agent is asked, whole."""
    target: tuple[str, ...] = ()
    """Accepted answers; empty where the truth is withheld, and the task is run unscored."""
    choices: tuple[str, ...] = ()
    """Answers to choose from; empty for a free answer."""
    files: tuple[Path, ...] = ()
    """Attachments, absolute paths."""
    level: str | None = None
    """Level of difficulty, such as GAIA's 1, 2 and 3; None where there is none."""
    cluster: str | None = None
    """Tasks of one cluster are not independent: the bootstrap draws clusters. None: its own."""
    metadata: JsonObject = field(default_factory=dict[str, JsonValue])
    """Whatever else the suite tells: hops, required entities, gold documents."""


@dataclass(frozen=True, kw_only=True)
class Suite:
    """Tasks in their order, with the corpus and the scorer that belong to them."""

    name: str
    """Its name, for people."""
    tasks: tuple[Task, ...]
    """What is asked."""
    scorer: str = "gaia"
    """Name of the scorer that judges it."""
    corpus: tuple[Path, ...] = ()
    """Folders or files that all tasks are answered from; empty where there is none."""
    answerer: str | None = None
    """Name of the simulated person who answers the agent's questions; None where there is none."""
    notes: tuple[str, ...] = ()
    """What whoever opened it should know, such as that it has just been made anew."""

    @property
    def is_scored(self) -> bool:
        """Whether every task has a truth; else the suite is run for its submission."""
        return all(task.target for task in self.tasks)

    @cached_property
    def content_sha256(self) -> str:
        """Digest of what is asked and what is right: ids, inputs, choices and targets by id."""
        rows = sorted([t.id, t.input, list(t.choices), list(t.target)] for t in self.tasks)
        text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
