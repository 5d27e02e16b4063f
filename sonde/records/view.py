"""What a reasoner may see in one round, and nothing else."""

from dataclasses import dataclass

from .report import Report
from .tooling import Action, ToolResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One action with what came back, cut to what the round may hold."""

    action: Action
    """What was done."""
    observation: str
    """What came back, as text; each cut is marked where it was made."""
    result: ToolResult | None = None
    """The same as data: only the passages that survived the cut. None where nothing did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A rendered workspace: question, report, and the turns that the memory policy keeps."""

    question: str
    """The question, in the asker's words."""
    report: Report
    """The report so far."""
    turns: tuple[Turn, ...] = ()
    """Kept turns, oldest first; the workspace policy keeps at most one."""
    tokens: int
    """Tokens of `text`, as the memory's counter counts them."""
    round: int = 1
    """Number of this round, from 1."""
    notes: tuple[str, ...] = ()
    """What the framework tells the reasoner: cuts that were made, budget that is left."""

    is_report_due: bool = True
    """Whether the reply has to rewrite the report; not while a memory keeps all it would say."""

    @property
    def text(self) -> str:
        """Everything a model reads of the workspace, in prompt order."""
        parts = [self.question, self.report.text]
        for turn in self.turns:
            parts += [turn.action.key, turn.observation]
        parts += self.notes
        return "\n".join(part for part in parts if part)
