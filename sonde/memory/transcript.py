"""Memory that appends: everything stays (ReAct), or stays until it is summarised (ReSum).

What is shown is the report that stands for what was dropped, then all turns since. Later reports
are not shown: what they say stands in the turns, and a prompt whose beginning never changes is what
providers cache. No single memory policy wins everywhere, so both stand beside the
workspace, behind one protocol.
"""

from dataclasses import dataclass, field, replace

from ..records.report import Report
from ..records.tooling import Action, ToolResult
from ..records.view import View
from .cutting import CountTokens
from .rendering import render_view

_SUMMARIZE_AT = 0.9  # ReSum's threshold, as a share of the context
_SUMMARIZE_NOTE = (
    "Your history is full. Write everything that matters into the report now: "
    "after this round all older actions and observations are dropped."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A history in which everything stays; over the cap, the oldest turns are left out."""

    question: str
    """The question, in the asker's words."""
    report: Report = field(default_factory=Report)
    """The report that stands for what was dropped; empty while nothing was."""
    turns: tuple[tuple[Action, ToolResult], ...] = ()
    """All actions with their results, oldest first."""

    @property
    def kept_turns(self) -> int:
        """All of them."""
        return len(self.turns)

    def advance(self, report: Report, action: Action, result: ToolResult) -> "Transcript":
        """Return the history with one more turn."""
        return replace(self, turns=(*self.turns, (action, result)))

    def restart(self, report: Report, action: Action, result: ToolResult) -> "Transcript":
        """Return the history with this turn alone, behind the report that was written for it."""
        return replace(self, report=report, turns=((action, result),))

    def render(self, max_tokens: int, *, count_tokens: CountTokens, round_number: int = 1) -> View:
        """Render the history into at most `max_tokens` tokens, newest turns first served.

        Raises:
            ValueError: The cap is under 32 tokens.
        """
        view = render_view(
            question=self.question,
            report=self.report,
            turns=self.turns,
            max_tokens=max_tokens,
            count_tokens=count_tokens,
            round_number=round_number,
        )
        return replace(view, is_report_due=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarizedTranscript:
    """A history that is dropped for its report whenever it fills 90% of the cap (ReSum).

    The summary is the report that the reasoner writes in the round that is told so: no extra call.
    """

    history: Transcript
    """What has been kept since the last summary."""
    max_tokens: int
    """The cap that the threshold is a share of."""
    count_tokens: CountTokens
    """What counts."""

    @property
    def kept_turns(self) -> int:
        """Turns since the last summary."""
        return self.history.kept_turns

    @property
    def is_full(self) -> bool:
        """Whether the next report is the summary."""
        whole = self.history.render(_UNBOUNDED, count_tokens=self.count_tokens, round_number=1)
        return whole.tokens >= _SUMMARIZE_AT * self.max_tokens

    def advance(self, report: Report, action: Action, result: ToolResult) -> "SummarizedTranscript":
        """Return the history with one more turn; where it was full, with that turn alone."""
        step = self.history.restart if self.is_full else self.history.advance
        return replace(self, history=step(report, action, result))

    def render(self, max_tokens: int, *, count_tokens: CountTokens, round_number: int = 1) -> View:
        """Render the history into at most `max_tokens` tokens; say so when it is about to go.

        Raises:
            ValueError: The cap is under 32 tokens.
        """
        room = max_tokens - count_tokens(_SUMMARIZE_NOTE) - 2
        if not self.is_full or room < max_tokens // 2:
            view = self.history.render(
                max_tokens, count_tokens=count_tokens, round_number=round_number
            )
            return replace(view, is_report_due=True)
        view = self.history.render(room, count_tokens=count_tokens, round_number=round_number)
        noted = replace(view, notes=(*view.notes, _SUMMARIZE_NOTE), is_report_due=True)
        return replace(noted, tokens=count_tokens(noted.text))


_UNBOUNDED = 2**62
