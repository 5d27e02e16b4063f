"""Cutting an arithmetic expression into numbers, names and signs."""

import re
from fractions import Fraction
from typing import Literal, NamedTuple, cast

from ..records.errors import ToolError
from .exact import Number, bounded

TokenKind = Literal["number", "name", "sign", "end"]

_LARGEST_EXPONENT = 3_900
_TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+(?:_[0-9]+)*|(?=\.[0-9]))"
    r"(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+(?![A-Za-z0-9]))?)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>\*\*|//|[<>=!]=|[-+*/%^()<>,])"
    r"|(?P<end>\Z))"
)
_LOOKALIKES = str.maketrans(
    {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!="}
)


class Token(NamedTuple):
    """One token."""

    kind: TokenKind
    """What it is."""
    text: str
    """Its characters; empty at the end."""


def tokens_of(expression: str) -> list[Token]:
    """Return the tokens of an expression; the last one is its end.

    Raises:
        ToolError: A character has no meaning in arithmetic.
    """
    text = expression.translate(_LOOKALIKES)
    tokens: list[Token] = []
    at = 0
    while not tokens or tokens[-1].kind != "end":
        match = _TOKEN.match(text, at)
        if match is None:
            raise _stranger(text[at:].lstrip()[0])
        kind = cast(TokenKind, match.lastgroup)
        tokens.append(Token(kind, match[kind]))
        at = match.end()
    return tokens


def number_of(text: str) -> Number:
    """Return the number that a token holds: 1234.5, 1,234.5, 1_234.5 or 1.2345e3.

    Raises:
        ToolError: Its power of ten is out of range.
    """
    digits, _, exponent = text.replace(",", "").replace("_", "").lower().partition("e")
    size = int(exponent or 0)
    if abs(size) > _LARGEST_EXPONENT:
        raise ToolError(
            f"{text} is out of range; powers of ten go from -{_LARGEST_EXPONENT} to "
            f"{_LARGEST_EXPONENT}"
        )
    return bounded(Fraction(digits) * Fraction(10) ** size)


def _stranger(char: str) -> ToolError:
    if char == "=":
        return ToolError("'=' is not understood; give one side alone, or compare with ==")
    return ToolError(f"units and signs such as {char!r} are not understood; give bare numbers")
