"""Whether a question asks for several things: "which countries", "name the crew", "who were"."""

import re
from collections.abc import Sequence

from ...text.words import STOP_WORDS
from .lexicon import NUMBER_WORDS, PERSON_NOUNS, is_known_noun

_PLURALS = frozenset("people men women children feet geese mice teeth media criteria".split())
_SINGULARS = frozenset("series species news physics mathematics politics".split())
_SINGULAR_ENDINGS = ("ss", "us", "is", "ous")
_ORDERS = frozenset("name list enumerate give".split())
_HELPERS = frozenset("are were do did does have had has can could will would".split())
"""Words that tell "what awards did she win" from "what causes tides"."""
_SHORTEST_PLURAL = 4
_PHRASE = 5
_ORDER_BEHIND = re.compile(
    r"(?<=[.?!;])\s*(?:please\s+)?(?:name|list|enumerate|give|tell\s+me)\s+(?:me\s+)?"
    r"(?:them\s+all|(?:all|each|every\s+one)(?:\s+of\s+them)?)\b[^?]*\Z",
    re.IGNORECASE,
)


def without_order(text: str) -> str:
    """Return a question without a last sentence that only orders a list: it tells of no content.

    >>> without_order("Who won the Oslo Prize? Name all of them.")
    'Who won the Oslo Prize?'
    """
    return _ORDER_BEHIND.sub("", text)


def asks_for_several(words: Sequence[str], place: int | None) -> bool:
    """Return whether a question asks for several things.

    Args:
        words: Its words in lower case.
        place: Where the asking word stands; None where there is none.
    """
    if words and words[0] in _ORDERS:
        return _has_plural(words[1:])
    if place is None:
        return False
    asking, rest = words[place], words[place + 1 :]
    following = rest[0] if rest else ""
    if asking in ("who", "whom"):
        return following in ("are", "were") and not _is_singular_role(rest[1:])
    if asking not in ("what", "which"):
        return False
    if following in ("are", "were"):
        return _has_plural(rest[1:])
    if following in STOP_WORDS or not _has_plural(rest):
        return False
    return asking == "which" or bool(_HELPERS.intersection(rest[1:_PHRASE]))


def _has_plural(words: Sequence[str]) -> bool:
    """Return whether the first noun phrase of some words ends in a plural."""
    start = 0
    while start < len(words) and (words[start] in STOP_WORDS or words[start] in NUMBER_WORDS):
        start += 1
    phrase = words[start : start + _PHRASE]
    for place, word in enumerate(phrase):
        if word in STOP_WORDS or not word.isalpha():
            return False
        if place and phrase[place - 1] in PERSON_NOUNS:
            return False  # "actor plays" is a verb
        following = phrase[place + 1 : place + 2]
        if is_plural(word) and not any(map(is_known_noun, following)):
            return True
    return False


def is_plural(noun: str) -> bool:
    """Return whether a noun in lower case is most likely a plural.

    >>> is_plural("countries"), is_plural("bus"), is_plural("people")
    (True, False, True)
    """
    if noun in _PLURALS:
        return True
    is_long = len(noun) >= _SHORTEST_PLURAL and noun not in _SINGULARS
    return is_long and noun.endswith("s") and not noun.endswith(_SINGULAR_ENDINGS)


def _is_singular_role(words: Sequence[str]) -> bool:
    """Return whether "who are" is followed by what one answer fills: "who are you"."""
    return bool(words) and words[0] in ("you", "we", "they")
