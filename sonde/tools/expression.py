"""Working out an arithmetic expression: operator precedence, computed while it is read.

Nothing is handed to Python's own parser or evaluator.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cmp_to_key
from typing import NamedTuple

from ..records.errors import ToolError
from . import exact
from .exact import Number
from .expression_tokens import Token, number_of, tokens_of

_LONGEST = 2_000
_DEEPEST = 50
_UNARY, _POWER = 3, 4

_OPERATIONS: Mapping[str, tuple[int, Callable[[Number, Number], Number]]] = {
    "+": (1, exact.add),
    "-": (1, exact.subtract),
    "*": (2, exact.multiply),
    "/": (2, exact.divide),
    "//": (2, exact.floor_divide),
    "%": (2, exact.modulo),
    "**": (_POWER, exact.power),
    "^": (_POWER, exact.power),
}
_COMPARISONS: Mapping[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
    "==": lambda order: order == 0,
    "!=": lambda order: order != 0,
}


class _Function(NamedTuple):
    """A function, and how many numbers it takes."""

    of: Callable[..., Number]
    fewest: int
    most: int


def _smallest(*numbers: Number) -> Number:
    return min(numbers, key=cmp_to_key(exact.compare))


def _largest(*numbers: Number) -> Number:
    return max(numbers, key=cmp_to_key(exact.compare))


def _sum(*numbers: Number) -> Number:
    return exact.total(numbers)


_FUNCTIONS: Mapping[str, _Function] = {
    "abs": _Function(exact.absolute, 1, 1),
    "ceil": _Function(exact.ceiling, 1, 1),
    "exp": _Function(exact.exponential, 1, 1),
    "floor": _Function(exact.floor, 1, 1),
    "log": _Function(exact.logarithm, 1, 2),
    "max": _Function(_largest, 1, _LONGEST),
    "min": _Function(_smallest, 1, _LONGEST),
    "round": _Function(exact.round_half_up, 1, 2),
    "sqrt": _Function(exact.square_root, 1, 1),
    "sum": _Function(_sum, 1, _LONGEST),
}


_CONSTANTS: Mapping[str, Number] = {
    "e": exact.exponential(Fraction(1)),
    "pi": Decimal("3.1415926535897932384626433832795028841971693993751"),
}


def evaluate(expression: str) -> Number | bool:
    """Return the value of an expression; a comparison is true or false.

    Raises:
        ToolError: It cannot be read, or has no value; the message says what to change.
    """
    if len(expression) > _LONGEST:
        raise ToolError(
            f"an expression has at most {_LONGEST:,} characters, not {len(expression):,}; "
            "compute it in parts"
        )
    if not expression.strip():
        raise ToolError("the expression is empty; give one such as 2 * (3 + 4)")
    return _Parser(tokens_of(expression)).value()


class _Parser:
    """Computes the value of tokens, by precedence climbing."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._calls = 0

    def value(self) -> Number | bool:
        """Return the value of all tokens."""
        left = self._operation(1)
        if self._sign not in _COMPARISONS:
            self._expect_end()
            return left
        holds = True
        while self._sign in _COMPARISONS:
            is_so = _COMPARISONS[self._take().text]
            right = self._operation(1)
            holds = is_so(exact.compare(left, right)) and holds
            left = right
        self._expect_end()
        return holds

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    @property
    def _sign(self) -> str:
        return self._next.text if self._next.kind == "sign" else ""

    def _take(self) -> Token:
        token = self._next
        self._at += 1
        return token

    def _operation(self, lowest: int) -> Number:
        """Compute operations of this precedence and above."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ToolError(f"an expression is at most {_DEEPEST} levels deep; compute it in parts")
        left = self._operand()
        while (known := _OPERATIONS.get(self._sign)) and known[0] >= lowest:
            self._at += 1
            precedence, operation = known
            # A power binds to the right: 2**3**2 is 2**9.
            right = self._operation(precedence if precedence == _POWER else precedence + 1)
            left = operation(left, right)
        self._depth -= 1
        return left

    def _operand(self) -> Number:
        token = self._take()
        if token.text == "-":
            return exact.negate(self._operation(_UNARY))
        if token.text == "+":
            return self._operation(_UNARY)
        return self._percentage(self._atom(token))

    def _atom(self, token: Token) -> Number:
        if token.kind == "number":
            return self._number(token.text)
        if token.kind == "name":
            return self._named(token.text)
        if token.text == "(":
            number = self._operation(1)
            self._close()
            return number
        found = f"before {token.text!r}" if token.text else "at the end"
        raise ToolError(f"a number is missing {found}")

    def _number(self, text: str) -> Number:
        if "," in text and self._calls:
            raise ToolError(
                f"inside a function {text!r} can be one number or several; write "
                f"{text.replace(',', '')} or {text.replace(',', ', ')}"
            )
        return number_of(text)

    def _named(self, name: str) -> Number:
        if name in _FUNCTIONS and self._sign == "(":
            return self._call(name, _FUNCTIONS[name])
        if name in _FUNCTIONS:
            raise ToolError(f"{name} is a function; write {name}(...)")
        if name not in _CONSTANTS:
            raise _unknown(name)
        return _CONSTANTS[name]

    def _call(self, name: str, function: _Function) -> Number:
        self._at += 1
        self._calls += 1
        numbers = [self._operation(1)]
        while self._sign == ",":
            self._at += 1
            numbers.append(self._operation(1))
        self._close()
        self._calls -= 1
        if not function.fewest <= len(numbers) <= function.most:
            raise ToolError(f"{name} takes {_count(function)}, not {len(numbers)} numbers")
        return function.of(*numbers)

    def _percentage(self, number: Number) -> Number:
        """Read a `%` that stands for hundredths; before another number it is the modulo."""
        if self._sign != "%":
            return number
        after = self._tokens[self._at + 1]
        if after.text in ("+", "-"):
            raise ToolError(
                f"'% {after.text}' can be a percentage or a remainder; write (50%) {after.text} 3 "
                f"or 50 % ({after.text}3)"
            )
        if after.kind == "number" or after.text == "(" or _is_name(after):
            return number
        self._at += 1
        share = exact.divide(number, Fraction(100))
        if after.text != "of":
            return share
        self._at += 1
        return exact.multiply(share, self._operation(_UNARY))

    def _close(self) -> None:
        if self._sign != ")":
            raise self._unexpected("')' is missing")
        self._at += 1

    def _expect_end(self) -> None:
        if self._next.kind != "end":
            raise self._unexpected("an operation is missing")

    def _unexpected(self, missing: str) -> ToolError:
        token = self._next
        if _is_name(token):
            return _unknown(token.text)
        if token.text == ",":
            return ToolError("',' groups digits by three, or parts the numbers of a function")
        return ToolError(f"{missing} {f'before {token.text!r}' if token.text else 'at the end'}")


def _is_name(token: Token) -> bool:
    return token.kind == "name" and token.text != "of"


def _unknown(name: str) -> ToolError:
    if name in _FUNCTIONS or name in _CONSTANTS:
        return ToolError(f"an operation is missing before {name!r}")
    return ToolError(
        f"units are not understood: {name!r}; give bare numbers, and of functions only "
        + ", ".join(_FUNCTIONS)
    )


def _count(function: _Function) -> str:
    if function.fewest == function.most:
        return "one number"
    return "numbers" if function.most > 2 else "one or two numbers"
