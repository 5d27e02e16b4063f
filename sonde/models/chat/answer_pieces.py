"""The answer inside a reply that is still being written, piece by piece.

What stands before the report is never shown: a page that the model repeats there may hold an answer
of its own. So an answer is shown once its report is closed; where none was asked for, once no
reasoning is open.
"""

from .citations import is_abstention, without_quotes
from .tags import find_tags

_LONGEST_HELD = 2_100
"""A citation with its quote is shown when it is whole; what is longer is none."""
_BEFORE_SHOWN = 12
"""Characters that tell an abstention from an answer."""


class AnswerPieces:
    """Finds the answer in the pieces of one reply."""

    def __init__(self, *, has_report: bool) -> None:
        """Begin a reply, which has a report before its answer or has none."""
        self._has_report = has_report
        self._text = ""
        self._at: int | None = None
        self._is_over = False
        self._has_shown = False

    def add(self, piece: str) -> str:
        """Take in a piece of the reply; return what can be shown of the answer, or nothing."""
        self._text += piece
        if self._is_over:
            return ""
        if self._at is None and ">" in piece:  # only where a tag may have ended
            self._at = self._opening()
        return "" if self._at is None else self._shown(self._at)

    def _opening(self) -> int | None:
        """Return where the answer begins, or None while it has not."""
        tags = list(find_tags(self._text, "report", "answer", "think", "tool_call"))
        needed = "report" if self._has_report else "think"
        ends = [tag.end for tag in tags if tag.name == needed and tag.is_closing]
        is_open = any(tag.name == needed for tag in tags) and not ends
        if is_open or (self._has_report and not ends):
            return None
        after = ends[-1] if ends else 0
        parts = [tag for tag in tags if not tag.is_closing and tag.start >= after]
        first = next((tag for tag in parts if tag.name in ("answer", "tool_call")), None)
        return first.end if first and first.name == "answer" else None

    def _shown(self, start: int) -> str:
        closing = next(find_tags(self._text, "answer", "report", start=start), None)
        end = closing.start if closing else _safe_end(self._text, start)
        self._is_over = closing is not None
        whole = self._text[start:end]
        if not self._has_shown:
            whole = whole.lstrip()
            if is_abstention(whole):
                self._is_over = True
                return ""
            if not closing and len(whole) < _BEFORE_SHOWN:
                return ""
        self._at, self._has_shown = end, True
        return without_quotes(whole.rstrip() if closing else whole)


def _safe_end(text: str, start: int) -> int:
    """Return how far a text can be shown: up to a tag or a citation that is not whole yet."""
    tag = text.rfind("<", start)
    end = tag if tag >= 0 and ">" not in text[tag:] else len(text)
    bracket = text.rfind("[", start, end)
    is_open = bracket >= 0 and "]" not in text[bracket:end]
    if is_open and end - bracket < _LONGEST_HELD:
        end = bracket
    return start + len(text[start:end].rstrip())  # white space may be the answer's end
