"""Sums in which one unknown part makes the whole unknown."""

from typing import TypeVar

Number = TypeVar("Number", int, float)


def add_known(*parts: Number | None) -> Number | None:
    """Return the sum of the parts, or None where one of them is unknown.

    >>> add_known(1, 2)
    3
    >>> add_known(1, None) is None
    True
    """
    total: Number | None = None
    for part in parts:
        if part is None:
            return None
        total = part if total is None else total + part
    return total
