"""What a tool gives back, as text of bounded length."""

from dataclasses import replace

from pydantic_core import PydanticSerializationError, to_json

from ..records.tooling import ToolResult

SHORTEST_CAP = 100
"""The mark of a cut needs room, so no result can be capped lower."""


def as_result(value: object, *, max_chars: int) -> ToolResult:
    """Return a function's value as a result: text as it is, anything else as JSON.

    Raises:
        TypeError: The value has no JSON form.
    """
    if isinstance(value, ToolResult):
        return replace(value, text=cut_middle(value.text, max_chars=max_chars))
    return ToolResult(text=cut_middle(_as_text(value), max_chars=max_chars))


def cut_middle(text: str, *, max_chars: int) -> str:
    """Return a text of at most `max_chars` characters; the middle goes, and a mark says so.

    >>> cut_middle("a" * 50 + "b" * 100 + "c" * 50, max_chars=100)[25:70]
    'aaaaaaa\\n[... 137 of 200 characters cut ...]\\nc'
    """
    if len(text) <= max_chars:
        return text
    room = max_chars - len(_mark(len(text), len(text)))
    head = (room + 1) // 2
    tail = room - head
    return text[:head] + _mark(len(text) - room, len(text)) + text[len(text) - tail :]


def _mark(cut: int, whole: int) -> str:
    return f"\n[... {cut:,} of {whole:,} characters cut ...]\n"


def _as_text(value: object) -> str:
    if value is None:
        return "done, no result"
    if isinstance(value, str):
        return value
    try:
        return to_json(value).decode()
    except (PydanticSerializationError, ValueError) as err:
        raise TypeError(
            f"a value of type {type(value).__name__} cannot be written as JSON ({err}); "
            "return a str, a dataclass, a pydantic model or plain JSON values"
        ) from err
