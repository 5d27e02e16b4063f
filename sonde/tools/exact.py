"""Arithmetic that is exact where it can be, and good to 30 digits where it cannot.

A value is a `Fraction` as long as it is rational and not too long to be handled. A root that does
not come out, a logarithm, an exponential or a huge power makes it a `Decimal` of 50 digits, of
which 30 are sure. Sizes are bounded before the work is done, so nothing takes long.
"""

from collections.abc import Callable, Sequence
from decimal import (
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    Underflow,
)
from fractions import Fraction
from math import floor as whole_part
from typing import TypeAlias

from ..records.errors import ToolError

Number: TypeAlias = Fraction | Decimal

_LARGEST_BITS = 13_000  # 3,900 digits; Python prints no integer of more than 4,300
_LARGEST_ROOT = 64
_LARGEST_ROOT_BITS = 2_000  # a longer number takes too long to be searched for its root
_SPARE_DIGITS = 20  # digits that are worked with and not shown
_EQUAL_DIGITS = 35
_ONE = Fraction(1)
_WORK = Context(
    prec=30 + _SPARE_DIGITS,
    Emax=99_999,
    Emin=-99_999,
    traps=[DivisionByZero, InvalidOperation, Overflow, Underflow],
)


def bounded(number: Fraction) -> Number:
    """Return a fraction as it is, or to 50 digits where it is too long to be handled."""
    return as_decimal(number) if _bits(number) > _LARGEST_BITS else number


def add(left: Number, right: Number) -> Number:
    """Return the sum.

    Raises:
        ToolError: Two inexact parts cancel out until too few digits are left.
    """
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return bounded(left + right)
    parts = as_decimal(left), as_decimal(right)
    result = _inexact(_WORK.add, *parts)
    lost = max(part.adjusted() for part in parts if part or not result) - result.adjusted()
    if not result or lost > _EQUAL_DIGITS:
        return Decimal(0)
    if lost > _SPARE_DIGITS:
        raise _too_few_digits()
    return result


def negate(number: Number) -> Number:
    """Return the number with the other sign."""
    return -number if isinstance(number, Fraction) else number.copy_negate()


def subtract(left: Number, right: Number) -> Number:
    """Return the difference."""
    return add(left, negate(right))


def multiply(left: Number, right: Number) -> Number:
    """Return the product."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return bounded(left * right)
    return _inexact(_WORK.multiply, left, right)


def divide(left: Number, right: Number) -> Number:
    """Return the quotient.

    Raises:
        ToolError: The divisor is zero.
    """
    if right == 0:
        raise ToolError("division by zero: there is no such number")
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return bounded(left / right)
    return _inexact(_WORK.divide, left, right)


def floor_divide(left: Number, right: Number) -> Number:
    """Return the quotient, rounded down to a whole number."""
    return floor(divide(left, right))


def modulo(left: Number, right: Number) -> Number:
    """Return what a division leaves; it has the divisor's sign."""
    return subtract(left, multiply(right, floor_divide(left, right)))


def power(base: Number, exponent: Number) -> Number:
    """Return a power: exact for whole exponents, and for roots that come out.

    Raises:
        ToolError: The result is too large, not real, or a division by zero.
    """
    if base == 0 and exponent < 0:
        raise ToolError("0 to a negative power is a division by zero: there is no such number")
    if isinstance(base, Fraction) and isinstance(exponent, Fraction):
        exact = _exact_power(base, exponent)
        if exact is not None:
            return exact
    if base < 0 and not _is_whole(exponent):
        raise ToolError("a broken power of a negative number is not a real number")
    return _inexact(_WORK.power, base, exponent)


def square_root(number: Number) -> Number:
    """Return the square root."""
    if number < 0:
        raise ToolError("the square root of a negative number is not a real number")
    return power(number, Fraction(1, 2))


def exponential(number: Number) -> Number:
    """Return e to the power of a number."""
    return _ONE if number == 0 else _inexact(_WORK.exp, number)


def logarithm(number: Number, base: Number | None = None) -> Number:
    """Return the natural logarithm, or the one to a base: exact where it is whole."""
    if number <= 0 or (base is not None and (base <= 0 or base == 1)):
        raise ToolError("a logarithm takes a number above 0, and a base above 0 that is not 1")
    if base is None:
        return _natural_logarithm(number)
    quotient = _inexact(_WORK.divide, _natural_logarithm(number), _natural_logarithm(base))
    nearest = Fraction(round(quotient))
    is_exact = isinstance(base, Fraction) and _exact_power(base, nearest) == number
    return nearest if is_exact else quotient


def floor(number: Number) -> Number:
    """Return the largest whole number that is not above a number.

    Raises:
        ToolError: The digits that are known do not tell.
    """
    if isinstance(number, Fraction):
        return Fraction(whole_part(number))
    nearest = number.to_integral_value()
    is_huge = number.adjusted() >= _WORK.prec - _SPARE_DIGITS
    if is_huge or compare(number, nearest) == 0:
        raise ToolError(
            "a root or logarithm is known to 30 digits, and they do not tell how this one rounds; "
            "round to fewer places"
        )
    return Fraction(whole_part(number))


def ceiling(number: Number) -> Number:
    """Return the smallest whole number that is not below a number."""
    return negate(floor(negate(number)))


def round_half_up(number: Number, places: Number = Fraction(0)) -> Number:
    """Return a number rounded to so many places; a half goes away from 0, as at school."""
    if not _is_whole(places) or abs(places) > 1_000:
        raise ToolError("round takes a whole number of places, from -1000 to 1000")
    scale = Fraction(10) ** int(places)
    size = floor(add(multiply(absolute(number), scale), Fraction(1, 2)))
    rounded = divide(size, scale)
    return negate(rounded) if number < 0 else rounded


def absolute(number: Number) -> Number:
    """Return the number without its sign."""
    return negate(number) if number < 0 else number


def total(numbers: Sequence[Number]) -> Number:
    """Return the sum of numbers."""
    result: Number = Fraction(0)
    for number in numbers:
        result = add(result, number)
    return result


def compare(left: Number, right: Number) -> int:
    """Return -1, 0 or 1 as left is less, equal or more; equal in 35 digits is equal."""
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        near, far = as_decimal(left), as_decimal(right)
        gap = abs(_WORK.subtract(near, far))
        if gap <= _WORK.scaleb(max(abs(near), abs(far)), -_EQUAL_DIGITS):
            return 0
    return (left > right) - (left < right)


def as_decimal(number: Number) -> Decimal:
    """Return a number to 50 digits.

    Raises:
        ToolError: It has more than 99,999 digits before or behind the point.
    """
    if isinstance(number, Decimal):
        return number
    try:
        return _WORK.divide(Decimal(number.numerator), Decimal(number.denominator))
    except DecimalException as err:
        raise _out_of_range() from err


def _inexact(operation: Callable[..., Decimal], *numbers: Number) -> Decimal:
    try:
        return operation(*(as_decimal(number) for number in numbers))
    except DecimalException as err:
        raise _out_of_range() from err


def _bits(number: Fraction) -> int:
    return max(number.numerator.bit_length(), number.denominator.bit_length())


def _is_whole(number: Number) -> bool:
    return number == whole_part(number)


def _exact_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """Return a power that is rational and of bounded length, or None."""
    if (_bits(base) - 1) * abs(exponent) > _LARGEST_BITS:
        return None
    root = _exact_root(base, exponent.denominator)
    return None if root is None else root**exponent.numerator


def _exact_root(number: Fraction, degree: int) -> Fraction | None:
    if degree == 1:
        return number
    if number < 0 or degree > _LARGEST_ROOT or _bits(number) > _LARGEST_ROOT_BITS:
        return None
    over, under = (_whole_root(part, degree) for part in number.as_integer_ratio())
    return None if over is None or under is None else Fraction(over, under)


def _whole_root(number: int, degree: int) -> int | None:
    """Return the root of a whole number that is whole, by halving the range that it lies in."""
    low, high = 0, 1 << -(-number.bit_length() // degree)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if middle**degree < number else (low, middle)
    return low if low**degree == number else None


def _natural_logarithm(number: Number) -> Number:
    if number == 1:
        return Fraction(0)
    if abs(as_decimal(number) - 1) < Decimal(10) ** -_SPARE_DIGITS:
        raise _too_few_digits()
    return _inexact(_WORK.ln, number)


def _too_few_digits() -> ToolError:
    return ToolError(
        "the digits cancel out until fewer than 30 are sure; rewrite the expression without roots "
        "or logarithms of nearly equal numbers"
    )


def _out_of_range() -> ToolError:
    return ToolError("a number here has more than 99,999 digits before or behind the point")
