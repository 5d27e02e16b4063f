"""Telling finished attempts anew without a call: by another scorer, or under another price book."""

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ...costs.frozen_book import freeze
from ...costs.pricing import PriceBook
from ...costs.repricing import repriced_events
from ...memory.journal import parse_event
from ...models.resolve import endpoint_url
from ...records.attempt import Attempt
from ...records.errors import SetupError
from ...records.events import Event, ModelCalled, ModelRetried, ToolReturned
from ...records.unknown import add_known
from ..suites.suite import Suite
from .bench_journal import BenchJournal, read_log
from .judging import judged
from .manifest import Manifest, read_manifest, write_manifest
from .places import agents_home, journal_path, journal_paths

_WORKER = "revised"
_CALLS = (ModelCalled, ModelRetried, ToolReturned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """What a revision came to."""

    attempts: int
    """Attempts that were told anew."""
    changed: int
    """Those of them that changed."""


def rescore(folder: Path, suite: Suite, *, scorer: str) -> Revised:
    """Score all attempts of a run again by a scorer, which becomes the run's.

    Raises:
        SetupError: The run cannot be read or written.
        SuiteError: The scorer cannot judge a task.
    """
    manifest = read_manifest(folder)
    tasks = {task.id: task for task in suite.tasks}

    def again(attempt: Attempt) -> Attempt:
        task = tasks.get(attempt.task_id)
        if task is None:
            return attempt
        return judged(attempt, task, scorer_name=scorer, home=agents_home(folder))

    revised = _revise(folder, manifest, lambda _, attempt: again(attempt))
    entry = manifest.suite.model_copy(update={"scorer": scorer})
    write_manifest(folder, manifest.model_copy(update={"suite": entry}))
    return revised


def reprice_run(folder: Path, book: PriceBook) -> Revised:
    """Price all calls of a run again under a book, which becomes the run's.

    What was billed stays, and what a seller told of its own price; the list cost of tokens and of
    what tools bought changes. A call whose usage is unknown keeps its attempt's cost unknown.

    Raises:
        SetupError: The run cannot be read or written.
    """
    manifest = read_manifest(folder)
    calls = _calls(folder)
    books = {
        agent.sha256: book.for_endpoint(endpoint_url(agent.base_url, os.environ))
        if agent.model is not None
        else book
        for agent in manifest.agents
    }

    def again(attempt_id: str, attempt: Attempt) -> Attempt:
        found = calls.get(attempt_id, [])
        agent = manifest.agent(attempt.agent_sha256)
        may_hide_calls = attempt.cost_usd is None and agent.factory is not None
        if "lost_calls" in attempt.detail or not _are_paid(found, may_hide_calls=may_hide_calls):
            return attempt
        again = repriced_events(found, books[attempt.agent_sha256], model=agent.model)
        return replace(attempt, cost_usd=add_known(0.0, *(_cost_of(each) for each in again)))

    revised = _revise(folder, manifest, again)
    freeze(book, agents_home(folder) / "price-books")
    write_manifest(folder, manifest.model_copy(update={"price_book": book.book_id}))
    return revised


def _revise(folder: Path, manifest: Manifest, again: Callable[[str, Attempt], Attempt]) -> Revised:
    """Write down what is told anew as a further revision of its attempt."""
    log = read_log(folder)
    known = {agent.sha256 for agent in manifest.agents}
    mine = {each: a for each, a in log.finished.items() if a.agent_sha256 in known}
    changed = 0
    with BenchJournal(
        journal_path(folder, _WORKER),
        worker=_WORKER,
        suite_sha256=manifest.suite.sha256,
        clock=time.time,
    ) as journal:
        for attempt_id, attempt in mine.items():
            new = again(attempt_id, attempt)
            if new != attempt:
                journal.revise(attempt_id, new, revision=log.revision(attempt_id) + 1)
                changed += 1
    return Revised(attempts=len(mine), changed=changed)


def _are_paid(found: Sequence[Event], *, may_hide_calls: bool) -> bool:
    """Return whether an attempt asked a model, or bought something and asked none."""
    if any(isinstance(each, ModelCalled | ModelRetried) for each in found):
        return True
    has_bought = any(isinstance(each, ToolReturned) and each.purchases for each in found)
    return has_bought and not may_hide_calls


def _cost_of(event: Event) -> float | None:
    return event.cost_usd if isinstance(event, _CALLS) else 0.0


def _calls(folder: Path) -> dict[str, list[Event]]:
    """Return the calls of each attempt to models and tools, by its id."""
    found: dict[str, list[Event]] = {}
    for path in journal_paths(folder):
        for attempt_id, event in _events(path):
            if isinstance(event, _CALLS):
                found.setdefault(attempt_id, []).append(event)
    return found


def _events(path: Path) -> Iterator[tuple[str, Event]]:
    try:
        with path.open("rb") as file:
            for line in file:
                if b'"type":"model.' not in line and b'"type":"tool.returned"' not in line:
                    continue
                start, end = line.find(b'"event":{'), line.rfind(b"}")
                event = parse_event(line[start + 8 : end])
                if event is not None:
                    yield str(json.loads(line)["attempt"]), event
    except OSError as err:
        raise SetupError(f"cannot read the journal {path}: {err.strerror or err}") from err
