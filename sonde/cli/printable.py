"""Text of strangers made safe for a terminal: no control characters, no turned directions."""

import re

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, escape sequences among them
    "\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks that turn the direction of writing
    "\ud800-\udfff]"  # halves of characters: bytes that were not UTF-8
)


def printable(text: str) -> str:
    """Return the text with a replacement character for each that could steer a terminal.

    >>> printable("a\\x1b[2Jb") == "a\\ufffd[2Jb"
    True
    """
    return _UNSAFE.sub("\ufffd", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Return printable text with all white space as single blanks.

    >>> one_line("two\\n  lines ")
    'two lines'
    """
    return printable(" ".join(text.split()))


def shortened(text: str, length: int) -> str:
    """Return one line of at most `length` characters.

    >>> shortened("the deepest place", 12)
    'the deepest…'
    """
    line = one_line(text)
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
