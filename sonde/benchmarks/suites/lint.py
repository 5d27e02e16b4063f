"""Remarks on a suite: truths that scorers trip over, duplicates, and files that are not there."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..scorers.choice import choice_of
from ..scorers.gaia import is_number
from .suite import Suite, Task

_THOUSANDS = re.compile(r"^[$€£]?\s*-?\d{1,3}(,\d{3})+(\.\d+)?\s*%?$")
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_WITH_UNIT = re.compile(
    rf"^[$€£]?\s*[-+]?\d[\d,]*(\.\d+)?\s*([%$€£]|(?!{_MONTH})[a-zµ°²³/]{{1,12}})\.?$", re.IGNORECASE
)
_SIGN_BEFORE = re.compile(r"^[$€£]\s*\d")
_CURLY = re.compile("[\u2018\u2019\u201c\u201d\u2013\u2014\u2212\u200b]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing that is wrong with a suite, or may be."""

    task_id: str
    """The task."""
    severity: Literal["error", "warning"]
    """Whether a score would be meaningless, or merely may surprise."""
    kind: str
    """What sort of thing, for filters."""
    message: str
    """What it is, and what to do."""


def lint_suite(suite: Suite) -> list[Remark]:
    """Return remarks on a suite, in the order of its tasks."""
    judged_as_text = suite.scorer == "gaia"
    has_truths = any(task.target for task in suite.tasks)
    twins = {} if suite.answerer else _twins(suite.tasks)
    found: list[Remark] = []
    for task in suite.tasks:
        found.extend(_on_files(task))
        found.extend(_on_choices(task, suite.scorer))
        if not task.target and has_truths:
            found.append(_error(task, "no-truth", "it has no truth among tasks that have one"))
        for truth in task.target if judged_as_text else ():
            found.extend(_on_truth(task, truth))
        if task.id in twins:
            found.append(
                _warning(task, "duplicate", f"asks the same as task {twins[task.id]!r}; keep one")
            )
    return found


def _on_truth(task: Task, truth: str) -> Iterator[Remark]:
    """Yield what GAIA's rule makes of a truth that its author may not expect."""
    elements = [each.strip() for each in re.split("[,;]", truth)]
    if any(is_number(each) and not math.isfinite(float(each)) for each in (truth, *elements)):
        yield _error(
            task,
            "not-finite",
            f"the truth {truth!r} is read as a number: inf is met by every text, nan by none;"
            " word it otherwise",
        )
    elif _THOUSANDS.match(truth.strip()):
        yield _error(
            task,
            "thousands-comma",
            f"the truth {truth!r} is read as a list of {len(elements)} numbers; write it without"
            " commas",
        )
    elif _SIGN_BEFORE.match(truth.strip()) or _WITH_UNIT.match(truth.strip()):
        yield _warning(
            task,
            "unit",
            f"the truth {truth!r} has a unit, so it is compared as a text; write the number, and"
            " name the unit in the question",
        )
    elif len(elements) > 1 and "" in elements:
        yield _warning(
            task, "empty-element", f"the truth {truth!r} is a list with an empty element"
        )
    elif not truth.strip("\"'.,;:!?-()[] "):
        yield _error(task, "only-punctuation", f"the truth {truth!r} is met by an empty answer")
    elif _CURLY.search(truth):
        yield _warning(
            task,
            "typography",
            f"the truth {truth!r} has a typographic quote or dash; only the same one matches it",
        )


def _on_choices(task: Task, scorer: str) -> Iterator[Remark]:
    if scorer != "choice":
        return
    if not task.choices:
        yield _error(task, "no-choices", "it has no choices, and the scorer is `choice`")
    elif len(set(task.choices)) < len(task.choices):
        yield _error(task, "same-choices", "two of its choices read the same")
    for truth in task.target if task.choices else ():
        if choice_of(truth, task.choices) is None:
            yield _error(task, "no-such-choice", f"the truth {truth!r} is none of its choices")


def _on_files(task: Task) -> Iterator[Remark]:
    for file in task.files:
        if not file.is_file():
            yield _error(task, "missing-file", f"the attachment {file} is not there")


def _twins(tasks: Iterable[Task]) -> dict[str, str]:
    """Return tasks that ask what an earlier one asks, by id."""
    first: dict[tuple[object, ...], str] = {}
    twins: dict[str, str] = {}
    for task in tasks:
        asked = (" ".join(task.input.lower().split()), task.choices, task.files)
        earlier = first.setdefault(asked, task.id)
        if earlier != task.id:
            twins[task.id] = earlier
    return twins


def _error(task: Task, kind: str, message: str) -> Remark:
    return Remark(task_id=task.id, severity="error", kind=kind, message=message)


def _warning(task: Task, kind: str, message: str) -> Remark:
    return Remark(task_id=task.id, severity="warning", kind=kind, message=message)
