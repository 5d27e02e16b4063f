"""Words, stop words and stems: one analyser for the index, the reader and the workspace."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

import snowballstemmer

ACCENTS = r"[\u0300-\u036f]"
"""Pattern of an accent that is a character of its own, as macOS writes them in names of files."""
_WORD = re.compile(rf"[^\W_]+(?:{ACCENTS}+[^\W_]*)*")
_ACCENTS = re.compile(ACCENTS)
_LAST_ACCENTED = 0x1F00  # Latin letters with accents stand below: Greek has its own rules
_STEMMER = snowballstemmer.stemmer("english")

STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are as at be because been before
    being below between both but by can could did do does doing down during each few for from
    further had has have having he her here hers him his how i if in into is it its itself just
    may me might more most must my no nor not now of off on once only or other our out over own
    s same she should so some such t than that the their them then there these they this those
    through to too under until up us very was we were what when where which while who whom whose
    why will with would you your
    """.split()
)


def encodable(text: str) -> str:
    """Return a text that UTF-8 can hold: each lone surrogate becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def folded(text: str) -> str:
    """Return a text without the accents of its Latin letters, character by character.

    Offsets hold in both. A letter of its own, such as ß or ø, stays, and so does an accent that is
    written as a character of its own: `without_accents` leaves that out too.

    >>> folded("Galápagos, São Tomé, Straße")
    'Galapagos, Sao Tome, Straße'
    """
    return text if text.isascii() else text.translate(_plain_letters())


def without_accents(text: str) -> str:
    """Return a text without accents, however they are written; offsets may not hold in it.

    >>> without_accents("Väisälä"), without_accents("Va\\u0308isa\\u0308la\\u0308")
    ('Vaisala', 'Vaisala')
    """
    return text if text.isascii() else _ACCENTS.sub("", folded(text))


def words(text: str) -> list[str]:
    """Return the words of a text in lower case and without accents, in order.

    >>> words("The Trieste's dive, 1960")
    ['the', 'trieste', 's', 'dive', '1960']
    """
    return [word.lower() for word in _WORD.findall(without_accents(text))]


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each word, in order."""
    return (match.span() for match in _WORD.finditer(text))


@cache
def _plain_letters() -> dict[int, str]:
    """Return the letter below the accents, by the number of the accented one."""
    parts = {code: unicodedata.normalize("NFD", chr(code)) for code in range(128, _LAST_ACCENTED)}
    return {code: made[0] for code, made in parts.items() if len(made) > 1 and made[0].isascii()}


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the English Snowball stem of a word in lower case."""
    return _STEMMER.stemWord(word)


def content_stems(text: str) -> list[str]:
    """Return the stems of the words that are not stop words, in order, repeats kept.

    >>> content_stems("Which ships sounded the deepest trenches?")
    ['ship', 'sound', 'deepest', 'trench']
    """
    return [stem(word) for word in words(text) if word not in STOP_WORDS]
