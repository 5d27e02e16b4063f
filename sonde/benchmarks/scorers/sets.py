"""Precision, recall and F1 of a set of answers."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ...text.words import words
from .gaia import is_number

_SEPARATORS = re.compile(r"[,;\n]")
_AND = re.compile(r"\s+(?:and|or)\s+|\s+&\s+", re.IGNORECASE)
_LEAD = re.compile(r"^(?:and|or|&|[-*•]|\d+[.)])\s+", re.IGNORECASE)
_TAIL = re.compile(r"\s+(?:and|or|&)\s*$", re.IGNORECASE)


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

    Commas, semicolons and line ends part elements; so does an "and", except inside a name that is
    known as a whole.

    >>> elements_of("Chad, Washington, D.C. and Peru", known=["Washington, D.C.", "Chad"])
    ['Chad', 'Washington, D.C.', 'Peru']
    """
    whole = _whole_names(known)
    pieces = whole.split(answer) if whole else [answer]
    found: list[str] = []
    for place, piece in enumerate(pieces):
        found += [piece] if place % 2 else _parted(piece)  # the odd ones are known names
    return found


def _parted(text: str) -> list[str]:
    bare = (_TAIL.sub("", _LEAD.sub("", f"{piece.strip()} ")) for piece in _SEPARATORS.split(text))
    return [part.strip() for piece in bare for part in _AND.split(piece) if part.strip()]


def _whole_names(known: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds the names that would be parted, the longest first; None without any."""
    names = sorted({name for name in known if len(_parted(name)) > 1}, key=len, reverse=True)
    if not names:
        return None
    written = (r"\s+".join(map(re.escape, name.split())) for name in names)
    return re.compile(rf"(?<![\w.])({'|'.join(written)})(?!\w|,\d)", re.IGNORECASE)


def _key(name: str) -> str:
    """Return what two names of one thing have in common; numbers are compared as numbers."""
    if is_number(name):
        return repr(float(name))
    found = words(name)
    return " ".join(found[1:] if found[:1] == ["the"] and len(found) > 1 else found) or name.strip()
