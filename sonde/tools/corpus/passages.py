"""A text cut into passages of about 120 words.

A cut never moves or drops a character: the stretches between cuts, put together, are the text. The
passage of a stretch is the stretch without the white space around it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ...text.sentences import sentence_spans

_TARGET = 120
_MOST = 180  # a passage or a whole document of up to this many words stays in one piece
_SHORT = 60  # a paragraph of at least this many words stands alone
_HEADING = 15  # fewer words before a longer paragraph lead over to it
_MOST_OF_A_ROW = 400
_LETTERS_A_WORD = 10  # scripts without spaces: so many characters weigh as much as a word
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")


class _Stretch(NamedTuple):
    """Part of a text, white space after it included."""

    start: int
    end: int
    words: int

    def joined(self, other: "_Stretch") -> "_Stretch":
        return _Stretch(self.start, other.end, self.words + other.words)


def cut(text: str, *, is_row: bool = False) -> list[str]:
    """Return the stretches of a text, in order; joined they are the text.

    A text of up to 180 words (a row of a table: 400) is one stretch. Longer ones are cut between
    paragraphs; short paragraphs are joined, and long ones cut between sentences.
    """
    if _weight(text) <= (_MOST_OF_A_ROW if is_row else _MOST):
        return [text] if text else []
    starts = [start for group in _groups(text) for start in _cuts_within(text, group)]
    ends = [*starts[1:], len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _weight(text: str) -> int:
    return max(len(text.split()), len(text) // _LETTERS_A_WORD)


def _paragraphs(text: str) -> Iterator[_Stretch]:
    start = 0
    for match in _BLANK_LINE.finditer(text):
        yield _Stretch(start, match.end(), _weight(text[start : match.start()]))
        start = match.end()
    if start < len(text):
        yield _Stretch(start, len(text), _weight(text[start:]))


def _groups(text: str) -> Iterator[_Stretch]:
    """Yield paragraphs, short neighbours joined."""
    held: _Stretch | None = None
    is_open = False  # whether `held` is made of short paragraphs and may take another
    for paragraph in _paragraphs(text):
        is_short = paragraph.words < _SHORT
        if held is None:
            held, is_open = paragraph, is_short
        elif is_open and _may_join(held, paragraph, is_heading=_is_heading(text, paragraph)):
            held, is_open = held.joined(paragraph), is_short
        else:
            yield held
            held, is_open = paragraph, is_short
    if held is not None:
        yield held


def _may_join(held: _Stretch, paragraph: _Stretch, *, is_heading: bool) -> bool:
    if held.words < _HEADING:
        return True
    return not is_heading and paragraph.words < _SHORT and held.words + paragraph.words <= _TARGET


def _is_heading(text: str, paragraph: _Stretch) -> bool:
    return text.startswith("#", paragraph.start)


def _cuts_within(text: str, group: _Stretch) -> Iterator[int]:
    """Yield where passages start within a group: evenly, between sentences."""
    yield group.start
    if group.words <= _MOST:
        return
    parts = max(2, round(group.words / _TARGET))
    step = group.words / parts
    seen = 0
    due = step
    for number, span in enumerate(sentence_spans(text[group.start : group.end])):
        words = _weight(text[group.start + span.start : group.start + span.end])
        if number and seen + words / 2 > due:
            yield group.start + span.start
            due = max(due, seen) + step
        seen += words
