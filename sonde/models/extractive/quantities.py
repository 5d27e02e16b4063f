"""Answers that say the same amount in other words: "70 metres", "70 m" and "70 metres tall"."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from .lexicon import MAGNITUDES, NUMBER_WORDS

_UNIT_NAMES: Mapping[str, str] = {
    "m": "m metre metres meter meters",
    "km": "km kilometre kilometres kilometer kilometers",
    "cm": "cm centimetre centimetres centimeter centimeters",
    "mm": "mm millimetre millimetres millimeter millimeters",
    "mile": "mile miles mi",
    "ft": "ft foot feet",
    "inch": "inch inches",
    "acre": "acre acres",
    "ha": "ha hectare hectares",
    "kg": "kg kilogram kilograms",
    "t": "t tonne tonnes",
    "ton": "ton tons",
    "lb": "lb lbs pound pounds",
    "l": "litre litres liter liters",
    "gallon": "gallon gallons",
    "second": "second seconds",
    "minute": "minute minutes",
    "hour": "hour hours",
    "day": "day days",
    "week": "week weeks",
    "month": "month months",
    "year": "year years",
    "%": "% percent",
    "degree": "degree degrees",
    "w": "watt watts",
    "dollar": "dollar dollars",
    "euro": "euro euros",
}
_UNITS = {word: unit for unit, names in _UNIT_NAMES.items() for word in names.split()}
_APPROXIMATE = frozenset("about around approximately roughly some circa".split())
_DIMENSIONS = frozenset(
    "tall high long wide deep thick old heavy away across apart distant".split()
)
_TAIL = re.compile(r"\s+in\s+(?:height|length|width|depth|weight|diameter|area|size|age)\s*$")
_WORD = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d_]+|%")


class Quantity(NamedTuple):
    """An amount with its unit."""

    amount: float
    """The number."""
    unit: str
    """Short name of the unit; "" where none is told."""


@lru_cache(maxsize=65_536)
def quantity_of(text: str) -> Quantity | None:
    """Return the amount that a text is, and nothing beside it; None for any other text.

    >>> quantity_of("about 1,200 metres high") == quantity_of("1200 m")
    True
    >>> quantity_of("three"), quantity_of("the 70 sailors")
    (Quantity(amount=3, unit=''), None)
    """
    plain = _TAIL.sub("", text.lower().replace("per cent", "%"))
    words = _WORD.findall(plain)
    if words and words[0] in _APPROXIMATE:
        words = words[1:]
    if len(words) > 1 and words[-1] in _DIMENSIONS:
        words = words[:-1]
    unit = _UNITS.get(words[-1], "") if len(words) > 1 else ""
    amount = _amount(words[:-1] if unit else words)
    return None if amount is None else Quantity(amount, unit)


def _amount(words: Sequence[str]) -> float | None:
    """Return the number that one or two words are."""
    if not 1 <= len(words) <= 2:
        return None
    first = words[0].replace(",", "")
    number = float(first) if first[0].isdecimal() else NUMBER_WORDS.get(first)
    if number is None or len(words) == 1:
        return number
    scale = MAGNITUDES.get(words[1])
    return None if scale is None else number * scale
