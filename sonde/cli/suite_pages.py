"""What `sonde bench suites` prints."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ..benchmarks.suites.lint import lint_suite
from ..benchmarks.suites.loading import load_suite
from ..benchmarks.suites.shipped import shipped_suites, write_shipped
from ..benchmarks.suites.suite import Suite, Task
from ..records.errors import SuiteError
from .exits import ExitCode
from .figures import count
from .printable import printable, shortened
from .screen import say, write_out

_LONGEST_QUESTION = 150
_GAP = "  "


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """What of a suite is to be shown."""

    task: str | None = None
    """Id of one task to show whole."""
    seed: int | None = None
    """Seed of the suite."""
    size: int | None = None
    """How many tasks it has."""
    limit: int = 10
    """How many tasks to show."""
    has_answers: bool = False
    """Whether truths are shown."""


def list_shipped(*, as_json: bool) -> None:
    """Write the suites that ship."""
    suites = [shipped_suites()[name] for name in sorted(shipped_suites())]
    if as_json:
        told = [{"name": s.name, "tasks": s.size, "summary": s.summary} for s in suites]
        write_out(json.dumps(told, ensure_ascii=False, indent=2))
        return
    rows = [("suite", "tasks", "what it measures")]
    rows += [(suite.name, str(suite.size), suite.summary) for suite in suites]
    widths = [max(len(row[at]) for row in rows) for at in (0, 1)]
    lines = [
        _GAP.join((f"{name:<{widths[0]}}", f"{tasks:>{widths[1]}}", what))
        for name, tasks, what in rows
    ]
    write_out("\n".join(lines))


def show_loaded(name: str, glimpse: Glimpse) -> None:
    """Write what a suite holds, or one task of it.

    Raises:
        SuiteError: It cannot be read, or has no such task.
    """
    suite = _loaded(name, seed=glimpse.seed, size=glimpse.size)
    if glimpse.task is None:
        write_out("\n".join(_overview(suite, glimpse)))
        return
    found = [task for task in suite.tasks if task.id == glimpse.task]
    if not found:
        first = suite.tasks[0].id
        raise SuiteError(f"suite {suite.name!r} has no task {glimpse.task!r}; its first is {first}")
    write_out(printable("\n".join(_whole(found[0], has_answers=glimpse.has_answers))))


def lint_loaded(name: str, *, seed: int | None, size: int | None, as_json: bool) -> ExitCode:
    """Write remarks on a suite, and return how the command ends.

    Raises:
        SuiteError: It cannot be read.
    """
    suite = _loaded(name, seed=seed, size=size)
    remarks = lint_suite(suite)
    errors = sum(remark.severity == "error" for remark in remarks)
    if as_json:
        told = [asdict(remark) for remark in remarks]
        write_out(json.dumps(told, ensure_ascii=False, indent=2))
    elif remarks:
        write_out("\n".join(f"{r.severity}: {r.task_id}: {printable(r.message)}" for r in remarks))
    tasks = f"{count(len(suite.tasks), 'task')}, scored by {suite.scorer}"
    say(f"{tasks}: {count(errors, 'error')}, {count(len(remarks) - errors, 'warning')}")
    return ExitCode.USAGE if errors else ExitCode.ANSWERED


def make_shipped(name: str, out: Path, *, seed: int | None, size: int | None) -> None:
    """Write a suite that ships into a folder, and tell what is in it.

    Raises:
        SuiteError: There is no such suite, or the folder is there already.
    """
    write_shipped(name, out, seed=seed, size=size)
    suite = load_suite(out)
    files = sum(len(task.files) for task in suite.tasks)
    write_out(f"{out}: {count(len(suite.tasks), 'task')}, {count(files, 'attachment')}")
    say(f"run it: sonde bench run {out} --agent extractive")


def _loaded(name: str, *, seed: int | None, size: int | None) -> Suite:
    suite = load_suite(name, seed=seed, size=size, check_files=False)
    for note in suite.notes:
        say(note)
    return suite


def _overview(suite: Suite, glimpse: Glimpse) -> list[str]:
    scored = sum(bool(task.target) for task in suite.tasks)
    levels = Counter(task.level for task in suite.tasks if task.level is not None)
    files = Counter(file.suffix or "?" for task in suite.tasks for file in task.files)
    lines = [
        f"{suite.name}: {count(len(suite.tasks), 'task')}, {scored} with a truth, "
        f"scored by {suite.scorer}",
        f"content {suite.content_sha256[:16]}",
    ]
    if levels:
        lines.append("levels: " + _counts(levels))
    if files:
        lines.append("attachments: " + _counts(files))
    lines += [f"corpus: {path}" for path in suite.corpus]
    if suite.answerer:
        lines.append(f"questions are answered by: {suite.answerer}")
    lines.append("")
    for task in suite.tasks[: glimpse.limit]:
        lines.append(f"{task.id}{_GAP}{shortened(task.input, _LONGEST_QUESTION)}")
        if glimpse.has_answers:
            lines.append(f"{' ' * len(task.id)}{_GAP}= {_truth(task)}")
    if len(suite.tasks) > glimpse.limit:
        lines.append(f"{len(suite.tasks) - glimpse.limit} more; --limit {len(suite.tasks)}")
    return [printable(line) for line in lines]


def _whole(task: Task, *, has_answers: bool) -> Sequence[str]:
    lines = [task.input, ""]
    lines += [f"choice: {choice}" for choice in task.choices]
    lines += [f"attached: {file}" for file in task.files]
    lines += [f"level: {task.level}"] if task.level is not None else []
    if has_answers:
        lines += [f"answer: {target}" for target in task.target] or ["answer: withheld"]
        lines += [
            f"{name}: {json.dumps(v, ensure_ascii=False)}" for name, v in task.metadata.items()
        ]
    return lines


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in sorted(counter.items()))


def _truth(task: Task) -> str:
    return shortened(" | ".join(task.target) or "withheld", _LONGEST_QUESTION)
