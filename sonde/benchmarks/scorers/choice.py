"""Multiple choice: which of the choices an answer names."""

import re
from collections.abc import Sequence
from string import ascii_uppercase

from ...text.words import words

_ALONE = re.compile(r"^\W*([A-Za-z])\W*$")
_LEADING = re.compile(r"^\W*([A-Z])(?:[):\]]\s*|\.\s+)\S")  # "B. Paris", but no "D.C. United"
_TOLD = re.compile(
    r"\b(?i:answer|choice|option)\b\W*(?:(?i:is)\b|:)?\W*"
    r"(?:([B-HJ-Z]|[AI](?!\s+\w))\b|([A-Za-z])(?=\W*$|\)))"  # no "the answer is a river"
)


def choice_of(answer: str, choices: Sequence[str]) -> int | None:
    """Return the number of the choice that an answer names, from 0; None where it names none.

    The text of a choice counts before letters do, so that "A" is the first choice only where no
    choice reads "A". Letters are read where they stand alone ("b", "(B)"), lead ("B. Paris") or are
    told as the answer ("the answer is B"); the words "a" and "I" are no letters.

    >>> choice_of("The answer is (B).", ["Oslo", "Rome"]), choice_of("rome", ["Oslo", "Rome"])
    (1, 1)
    """
    said = words(answer)
    texts = [words(choice) for choice in choices]
    if said and texts.count(said) == 1:
        return texts.index(said)
    for pattern in (_ALONE, _LEADING):
        if found := pattern.match(answer):
            return _place(found[1], choices)
    told = {_place(capital or letter, choices) for capital, letter in _TOLD.findall(answer)}
    return told.pop() if len(told) == 1 else None


def _place(letter: str, choices: Sequence[str]) -> int | None:
    place = ascii_uppercase.index(letter.upper())
    return place if place < len(choices) else None
