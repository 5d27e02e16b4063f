"""A run's answers judged by a model: each verdict is written down as it comes, its price apart."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ...records.attempt import Attempt
from ...records.errors import ModelError
from ...records.unknown import add_known
from ...records.usage import Usage
from ..scorers.judge import Judgement, ModelJudge
from ..suites.suite import Suite, Task
from .bench_journal import BenchJournal, BenchLog, read_log
from .manifest import read_manifest
from .places import journal_path

_WORKER = "judged"


@dataclass(slots=True)
class JudgedRun:
    """What judging a run came to."""

    answers: int = 0
    """Answers with a verdict, those of an earlier judging among them."""
    changed: int = 0
    """Attempts whose score is another now."""
    unread: int = 0
    """Answers of which no verdict could be read; their score stands."""
    failed: int = 0
    """Answers for which the judge could not be reached; their score stands."""
    usd: float | None = 0.0
    """What this judging took; None where a price is unknown."""
    last_error: str | None = None
    """Why the judge could not be reached, the last time."""


def to_judge(folder: Path, suite: Suite, judge: ModelJudge) -> int:
    """Return how many answers wait for a verdict of this judge.

    Raises:
        SetupError: The run cannot be read.
    """
    log, tasks = read_log(folder), {task.id: task for task in suite.tasks}
    return sum(not _is_judged(attempt, judge) for _, attempt, _ in _open(log, folder, tasks))


async def judge_run(
    folder: Path,
    suite: Suite,
    judge: ModelJudge,
    *,
    price: Callable[[Usage], float | None],
    max_conn: int = 8,
) -> JudgedRun:
    """Let a model judge the answers of a run; answers that it has judged before are not sent again.

    Args:
        folder: The run.
        suite: Its suite.
        judge: Who judges.
        price: What tokens of the judge cost; None where that is unknown.
        max_conn: Answers that are judged at a time.

    Raises:
        SetupError: The run cannot be read or written.
    """
    log, tasks = read_log(folder), {task.id: task for task in suite.tasks}
    told, gate = JudgedRun(), asyncio.Semaphore(max_conn)
    with BenchJournal(
        journal_path(folder, _WORKER),
        worker=_WORKER,
        suite_sha256=read_manifest(folder).suite.sha256,
        clock=time.time,
    ) as journal:

        async def one(attempt_id: str, attempt: Attempt, task: Task) -> None:
            async with gate:
                try:
                    found = await judge.judge(task, attempt.prediction)
                except ModelError as err:
                    told.failed += 1
                    told.last_error = str(err)
                    return
            new = _with_verdict(attempt, found, judge=judge, usd=price(found.usage))
            told.usd = add_known(told.usd, price(found.usage))
            told.unread += found.score is None
            told.answers += found.score is not None
            told.changed += new.score != attempt.score
            journal.revise(attempt_id, new, revision=log.revision(attempt_id) + 1)

        async with asyncio.TaskGroup() as group:
            for attempt_id, attempt, task in _open(log, folder, tasks):
                if _is_judged(attempt, judge):
                    told.answers += 1
                else:
                    group.create_task(one(attempt_id, attempt, task))
    return told


def _open(
    log: BenchLog, folder: Path, tasks: dict[str, Task]
) -> Iterator[tuple[str, Attempt, Task]]:
    """Yield the attempts that came to their end, with tasks that have a truth."""
    known = {agent.sha256 for agent in read_manifest(folder).agents}
    for attempt_id, attempt in log.finished.items():
        task = tasks.get(attempt.task_id)
        is_over = attempt.status in ("scored", "unscored") and attempt.agent_sha256 in known
        if is_over and task is not None and task.target:
            yield attempt_id, attempt, task


def _is_judged(attempt: Attempt, judge: ModelJudge) -> bool:
    return attempt.detail.get("scorer") == judge.name


def _with_verdict(
    attempt: Attempt, found: Judgement, *, judge: ModelJudge, usd: float | None
) -> Attempt:
    """Return an attempt with a verdict, and what all judges of it took."""
    spent = usd if attempt.judge_usd is None else add_known(attempt.judge_usd, usd)
    if found.score is None:
        return replace(attempt, judge_usd=spent)
    return replace(
        attempt,
        status="scored",
        score=found.score.value,
        judge_usd=spent,
        detail={**attempt.detail, "scorer": judge.name, "score": dict(found.score.detail)},
    )
