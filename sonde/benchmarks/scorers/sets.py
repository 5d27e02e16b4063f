"""Precision, recall and F1 of a set of answers."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ...text.words import words
from .gaia import is_number

_SEPARATORS = re.compile(r"[,;\n]")
_AND = re.compile(r"\s+(?:and|or)\s+|\s+&\s+", re.IGNORECASE)
_LEAD = re.compile(r"^(?:and|or|&|[-*•]|\d+[.)])\s+", re.IGNORECASE)


class SetOverlap(NamedTuple):
    """How far a set that was named and the set that was asked for agree."""

    precision: float
    """Share of what was named that is right; 1 where both sets are empty."""
    recall: float
    """Share of what was asked for that was named; 1 where both sets are empty."""
    f1: float
    """Harmonic mean of the two."""


def set_overlap(named: Iterable[str], wanted: Iterable[str]) -> SetOverlap:
    """Return the overlap of two sets of names; case, punctuation and order do not count.

    >>> set_overlap(["Rhine", "Po"], ["the Rhine", "po", "Oder", "Elbe"]).recall
    0.5
    """
    said, truth = {_key(each) for each in named}, {_key(each) for each in wanted}
    if not said and not truth:
        return SetOverlap(1.0, 1.0, 1.0)
    common = len(said & truth)
    if common == 0:
        return SetOverlap(0.0, 0.0, 0.0)
    precision, recall = common / len(said), common / len(truth)
    return SetOverlap(precision, recall, 2 * precision * recall / (precision + recall))


def elements_of(answer: str, *, known: Iterable[str] = ()) -> list[str]:
    """Return the elements of a list that is written as a text.

    Commas, semicolons and line ends part elements; so does a final "and", except inside a name
    that is known as a whole, such as "Trinidad and Tobago".
    """
    whole = {_key(name) for name in known}
    found: list[str] = []
    for piece in _SEPARATORS.split(answer):
        bare = _LEAD.sub("", piece.strip())
        parts = [bare] if _key(bare) in whole else _AND.split(bare)
        found.extend(part.strip() for part in parts if part.strip())
    return found


def _key(name: str) -> str:
    """Return what two names of one thing have in common; numbers are compared as numbers."""
    if is_number(name):
        return repr(float(name))
    found = words(name)
    return " ".join(found[1:] if found[:1] == ["the"] and len(found) > 1 else found) or name.strip()
