"""The workspace: question, report, last action, last observation, and nothing else.

IterResearch (arXiv 2511.07327), section 3.1: the state is s_t = (q, M_t, {a_(t-1), TR_(t-1)}) and
the transition T(s_t, d_t, TR_t) = (q, M_(t+1), {a_t, TR_t}). What the model thought, the old
report, and all older actions and observations leave the prompt in every round.
"""

from dataclasses import dataclass, field, replace
from typing import Protocol, Self

from ..records.report import Report
from ..records.tooling import Action, ToolResult
from ..records.view import View
from .cutting import CountTokens
from .rendering import render_view


class Memory(Protocol):
    """What a run carries from round to round, and how it is shown."""

    @property
    def kept_turns(self) -> int:
        """How many of the latest turns are kept; what a checkpoint needs beside the report."""
        ...

    def advance(self, report: Report, action: Action, result: ToolResult) -> Self:
        """Return the memory after a round: a rewritten report, an action, and its result."""
        ...

    def render(self, max_tokens: int, *, count_tokens: CountTokens, round_number: int = 1) -> View:
        """Return what a reasoner may see, in at most `max_tokens` tokens of `View.text`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The Markovian state of a run."""

    question: str
    """The question, in the asker's words; never summarised."""
    report: Report = field(default_factory=Report)
    """The evolving report."""
    last_action: Action | None = None
    """What was done last."""
    last_observation: ToolResult | None = None
    """What came of it."""

    @property
    def kept_turns(self) -> int:
        """One after the first round, none before."""
        return int(self.last_action is not None)

    def advance(self, report: Report, action: Action, result: ToolResult) -> "Workspace":
        """Return the next state; all but these three and the question is dropped."""
        return replace(self, report=report, last_action=action, last_observation=result)

    def render(self, max_tokens: int, *, count_tokens: CountTokens, round_number: int = 1) -> View:
        """Render the state into at most `max_tokens` tokens, whatever it holds.

        Raises:
            ValueError: The cap is under 32 tokens.
        """
        last = (self.last_action, self.last_observation)
        return render_view(
            question=self.question,
            report=self.report,
            turns=[(last[0], last[1])] if last[0] and last[1] else [],
            max_tokens=max_tokens,
            count_tokens=count_tokens,
            round_number=round_number,
        )
