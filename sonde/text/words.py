"""Words, stop words and stems: one analyser for the index, the reader and the workspace."""

import re
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W_]+")
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


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, in order.

    >>> words("The Trieste's dive, 1960")
    ['the', 'trieste', 's', 'dive', '1960']
    """
    return [word.lower() for word in _WORD.findall(text)]


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each word, in order."""
    return (match.span() for match in _WORD.finditer(text))


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
