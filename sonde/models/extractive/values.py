"""Dates and numbers in a sentence, as numbers that can be compared."""

import re
from typing import NamedTuple

from .lexicon import MAGNITUDES, NUMBER_WORDS

_MONTHS = {
    name: number
    for number, name in enumerate(
        """january february march april may june july august september october november
        december""".split(),
        start=1,
    )
}
_MONTH = "|".join(_MONTHS)
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{_MONTH}),?\s+(?P<year>\d{{4}})"
    rf"|(?P<month2>{_MONTH})\s+(?:(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?(?P<year2>\d{{4}})"
    r"|(?P<year3>1[0-9]{3}|20[0-9]{2})(?:s\b|\b))",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w.])(?P<digits>\d+(?:,\d{3})*(?:\.\d+)?)(?:\s+(?P<size>hundred|thousand|million|billion))?"
    r"|\b(?P<word>" + "|".join(NUMBER_WORDS) + r")\b",
    re.IGNORECASE,
)


class Value(NamedTuple):
    """A date or a number in a text: `text[start:end]`."""

    amount: float
    start: int
    end: int


def dates_in(text: str) -> list[Value]:
    """Return the dates of a text as years with fractions, in order.

    >>> [round(v.amount, 2) for v in dates_in("Born 1 July 1950 in Bath, she moved in 1972.")]
    [1950.5, 1972.0]
    """
    return [Value(_years(match), *match.span()) for match in _DATE.finditer(text)]


def _years(match: re.Match[str]) -> float:
    year = match["year"] or match["year2"] or match["year3"]
    month = (match["month"] or match["month2"] or "january").lower()
    day = int(match["day"] or match["day2"] or 1)
    return int(year) + (_MONTHS[month] - 1) / 12 + (day - 1) / 372


def numbers_in(text: str) -> list[Value]:
    """Return the numbers of a text, in digits or in words, in order.

    >>> [v.amount for v in numbers_in("two plays, 1,200 songs and 3.5 million listeners")]
    [2.0, 1200.0, 3500000.0]
    """
    return [Value(_amount(match), *match.span()) for match in _NUMBER.finditer(text)]


def _amount(match: re.Match[str]) -> float:
    if match["word"]:
        return float(NUMBER_WORDS[match["word"].lower()])
    scale = MAGNITUDES[match["size"].lower()] if match["size"] else 1.0
    return float(match["digits"].replace(",", "")) * scale
