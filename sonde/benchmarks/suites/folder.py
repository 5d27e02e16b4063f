"""A suite written into a folder, in the form that `load_suite` reads."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...records.json_types import JsonObject, JsonValue
from .card import CARD
from .facts.pages import Page, write_corpus

_CORPUS = "corpus.jsonl"
_TASKS = "tasks.jsonl"
_FILES = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task to be written."""

    id: str
    """Unique within the suite."""
    input: str
    """What is asked."""
    target: tuple[str, ...]
    """Accepted answers."""
    level: str | None = None
    """Level of difficulty."""
    cluster: str | None = None
    """Cluster of tasks that are not independent."""
    choices: tuple[str, ...] = ()
    """Answers to choose from."""
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """Attachments of its own, by name."""
    shared: tuple[str, ...] = ()
    """Names of attachments that other tasks have too."""
    metadata: JsonObject = field(default_factory=dict[str, JsonValue])
    """Whatever else is told of it."""


def write_suite(
    folder: Path,
    *,
    name: str,
    scorer: str,
    tasks: Sequence[NewTask],
    pages: Sequence[Page] = (),
    corpus: Sequence[str] = (),
    shared: Mapping[str, bytes] | None = None,
    answerer: str | None = None,
) -> None:
    """Write tasks, attachments, corpus and card into a folder that is there and empty.

    Args:
        folder: The folder.
        name: Name of the suite.
        scorer: Name of its scorer.
        tasks: What is asked.
        pages: The corpus, to be written; none where there is nothing to search.
        corpus: Files and folders of a corpus that stand in the folder already.
        shared: Attachments that several tasks name, by their names.
        answerer: Name of the simulated person.
    """
    card: dict[str, JsonValue] = {"name": name, "scorer": scorer, "tasks": _TASKS}
    if pages:
        write_corpus(folder / _CORPUS, list(pages))
        corpus = (*corpus, _CORPUS)
    if corpus:
        card["corpus"] = list(corpus)
    if answerer:
        card["answerer"] = answerer
    for file, data in (shared or {}).items():
        _attach(folder, file, data)
    lines = [json.dumps(_row(folder, task), ensure_ascii=False) for task in tasks]
    (folder / _TASKS).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (folder / CARD).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def _row(folder: Path, task: NewTask) -> JsonObject:
    """Write a task's attachments, and return its line without what is empty."""
    names = [f"{_FILES}/{name}" for name in task.shared]
    names += [_attach(folder, f"{task.id}-{name}", data) for name, data in task.files.items()]
    told: dict[str, JsonValue] = {
        "id": task.id,
        "input": task.input,
        "target": list(task.target),
        "level": task.level,
        "cluster": task.cluster,
        "choices": list(task.choices),
        "files": names,
        "metadata": task.metadata,
    }
    return {key: value for key, value in told.items() if value}


def _attach(folder: Path, name: str, data: bytes) -> str:
    """Write an attachment, and return what a task calls it."""
    (folder / _FILES).mkdir(exist_ok=True)
    (folder / _FILES / name).write_bytes(data)
    return f"{_FILES}/{name}"
