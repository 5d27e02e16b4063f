"""The tool that reckons: exact arithmetic over an expression."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from ..records.tooling import ToolKind
from .decorator import tool
from .exact import Number, as_decimal
from .expression import evaluate

_DIGITS = 30
_LONGEST_WHOLE = 1_000
_LONGEST_DECIMAL = 60
_LONGEST_FRACTION = 60
_CUT = Context(prec=_DIGITS, rounding=ROUND_DOWN)
_ROUNDED = Context(prec=_DIGITS, rounding=ROUND_HALF_UP)


@tool(kind=ToolKind.COMPUTE, timeout_s=10.0)
def calculate(expression: str) -> str:
    """Do arithmetic, exactly: + - * / // % **, comparisons, percentages, pi, e, abs, ceil, exp,
    floor, log(x, base), max, min, round(x, places), sqrt, sum. No units.

    Args:
        expression: Such as (1,250 - 15% of 1,250) / 12
    """
    return number_text(evaluate(expression))


def number_text(value: Number | bool) -> str:
    """Return a value in words: exact where that is short, else to 30 digits, and which it is.

    >>> number_text(Fraction(3, 10)), number_text(Fraction(1, 3))
    ('0.3', '0.333333333333333333333333333333... (exactly 1/3)')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"about {_plain(_ROUNDED.plus(value))}"
    exact = _finite(value)
    if exact is not None:
        return exact
    digits = _plain(_CUT.plus(as_decimal(value)))
    fraction = str(value)
    if value.denominator == 1 or len(fraction) > _LONGEST_FRACTION:
        return f"about {digits} (the exact value is too long to show)"
    return f"{digits}... (exactly {fraction})"


def _finite(value: Fraction) -> str | None:
    """Return all digits of a number, or None where they are too many or never end."""
    if value.denominator == 1:
        whole = str(value.numerator)
        return whole if len(whole) <= _LONGEST_WHOLE else None
    rest, places = value.denominator, 0
    while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
        rest //= 10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2
        places += 1
    if rest != 1 or places > _LONGEST_DECIMAL:
        return None
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def _plain(number: Decimal) -> str:
    """Write a number without an exponent as long as it is of common size."""
    if not number:
        return "0"
    shown = number.normalize(_ROUNDED)
    return f"{shown:f}" if -_DIGITS < shown.adjusted() < _DIGITS else f"{shown:E}"
