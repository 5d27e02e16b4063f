"""The memory policies by name, and how one is brought back from what was stored."""

from collections.abc import Sequence
from enum import StrEnum

from ..records.report import Report
from ..records.tooling import Action, ToolResult
from .cutting import CountTokens
from .thrift import PromptPrices, ThriftyTranscript
from .transcript import SummarizedTranscript, Transcript
from .workspace import Memory, Workspace


class MemoryPolicy(StrEnum):
    """What is kept of the past in the prompt."""

    WORKSPACE = "workspace"
    """Report and last turn (IterResearch)."""
    APPEND = "append"
    """Everything (ReAct); `react` is another name for it."""
    SUMMARIZE = "summarize"
    """Everything until it is full, then the report alone (ReSum)."""
    AUTO = "auto"
    """Everything while the provider's cache makes that cheaper, then the workspace again."""

    @classmethod
    def _missing_(cls, value: object) -> "MemoryPolicy | None":
        return cls.APPEND if value == "react" else None

    @property
    def keeps_report(self) -> bool:
        """Whether every round rewrites the report; else a view says when it is due, if ever."""
        return self not in (MemoryPolicy.APPEND, MemoryPolicy.AUTO)


def open_memory(
    policy: MemoryPolicy,
    question: str,
    *,
    max_tokens: int,
    count_tokens: CountTokens,
    prices: PromptPrices | None = None,
    report: Report | None = None,
    turns: Sequence[tuple[Action, ToolResult]] = (),
    is_whole: bool = False,
) -> Memory:
    """Return a fresh memory, or one that stands where a stored run broke off.

    Args:
        policy: What is kept.
        question: The question of the run.
        max_tokens: Cap of a rendered view.
        count_tokens: What counts.
        prices: What prompt tokens cost, for `auto`; without them nothing is taken to be cached.
        report: The report of the stored run that was written with the first of these turns.
        turns: Its latest `kept_turns` turns, oldest first.
        is_whole: Whether these are all its turns, so that no report need stand for others.
    """
    report = report or Report()
    if policy is MemoryPolicy.WORKSPACE:
        action, result = turns[-1] if turns else (None, None)
        return Workspace(
            question=question, report=report, last_action=action, last_observation=result
        )
    stands_for = Report() if is_whole else report
    history = Transcript(question=question, report=stands_for, turns=tuple(turns))
    if policy is MemoryPolicy.APPEND:
        return history
    if policy is MemoryPolicy.AUTO:
        return ThriftyTranscript(
            history=history,
            max_tokens=max_tokens,
            count_tokens=count_tokens,
            prices=prices or PromptPrices(),
        )
    return SummarizedTranscript(history=history, max_tokens=max_tokens, count_tokens=count_tokens)
