"""Scoring an attempt: the suite's scorer, given the answer and what the run brought to light."""

from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from ...memory.evidence import EvidenceStore
from ...memory.home import Home, RunFolder
from ...memory.journal import read_journal
from ...records.attempt import Attempt
from ...records.errors import SetupError
from ...records.events import ToolReturned
from ...records.tooling import ToolResult
from ..scorers.registry import scorer
from ..scorers.score import ANSWER_ALONE, Obtained, Seen
from ..suites.suite import Task

_RESULT = TypeAdapter(ToolResult)
_OPENING_TOOLS = frozenset({"open_document"})


def judged(attempt: Attempt, task: Task, *, scorer_name: str, home: Path) -> Attempt:
    """Return an attempt with its score; one without a truth stays unscored.

    Args:
        attempt: An attempt that came to its end.
        task: Its task.
        scorer_name: Name of the scorer.
        home: Where the agent's run stands, for tasks that ask for what was found on the way.

    Raises:
        SuiteError: The scorer cannot judge the task.
    """
    if attempt.status not in ("scored", "unscored") or not task.target:
        return attempt
    needs_texts = bool(task.metadata.get("required"))
    obtained = _obtained(attempt, home) if needs_texts else ANSWER_ALONE
    score = scorer(scorer_name)(task, attempt.prediction, obtained)
    return replace(
        attempt,
        status="scored",
        score=score.value,
        entities_required=score.entities_required,
        entities_found=_known(score.entities_found, attempt.entities_found),
        detail={**attempt.detail, "scorer": scorer_name, "score": dict(score.detail)},
    )


def _known(now: int | None, before: int | None) -> int | None:
    """Return a count that no scorer changes, from before where the evidence is gone by now."""
    return before if now is None else now


def _obtained(attempt: Attempt, home: Path) -> Obtained:
    """Return what the tools showed the agent, read from its run; unknown where that is gone."""
    folder = None if attempt.run_id is None else RunFolder(Home(home).runs / attempt.run_id)
    if folder is None or not folder.journal.is_file():
        return ANSWER_ALONE
    store = EvidenceStore(folder.evidence)
    try:
        events = read_journal(folder.journal).events
        seen = [
            Seen(text=page.text, title=page.title, is_opened=event.tool in _OPENING_TOOLS)
            for event in events
            if isinstance(event, ToolReturned)
            for page in _RESULT.validate_json(store.fetch(event.result_id)).passages
        ]
    except (SetupError, KeyError):
        return ANSWER_ALONE
    finally:
        store.close()
    return Obtained(seen=tuple(seen), steps=attempt.steps)
