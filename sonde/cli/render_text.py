"""A result as plain text: the Markdown's lines without its marks."""

from ..records.result import Result
from .printable import one_line
from .render_markdown import Marks, result_lines

_PLAIN = Marks(bold="{}", escape=one_line)


def render_text(result: Result) -> str:
    """Return a result as text for people, wherever it is read: nothing in it is markup."""
    return "\n".join(result_lines(result, _PLAIN)) + "\n"
