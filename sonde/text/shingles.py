"""Near-duplicates: word shingles, a small sketch to find them by, and their overlap."""

import re
from hashlib import blake2b

from .words import STOP_WORDS, words

_WIDTH = 3
_SKETCH = 4
_NEGATIONS = frozenset({"no", "not", "nor", "t"})  # t: of "wasn't"
_FIGURE = re.compile(r"(?:(?<!\w)[-+\u2212])?\d+(?:[.,:/]\d+)*")


def shingles(text: str) -> frozenset[int]:
    """Return 64-bit hashes of all runs of three words; of the whole, where it is shorter."""
    parts = words(text)
    runs = [" ".join(parts[i : i + _WIDTH]) for i in range(max(1, len(parts) - _WIDTH + 1))]
    return frozenset(
        int.from_bytes(blake2b(run.encode(), digest_size=8).digest(), "big") >> 1 for run in runs
    )


def sketch(hashes: frozenset[int]) -> tuple[int, ...]:
    """Return the smallest few hashes: near-duplicates share one of them almost surely.

    Two sets of Jaccard similarity J share none of their k smallest with probability of about
    (1 - J) ** k: 0.0001 at J = 0.9 and k = 4.
    """
    return tuple(sorted(hashes)[:_SKETCH])


def jaccard(left: frozenset[int], right: frozenset[int]) -> float:
    """Return the size of the intersection over that of the union; 1 for two empty sets."""
    union = len(left | right)
    return len(left & right) / union if union else 1.0


def says_the_same(left: str, right: str) -> bool:
    """Return whether two texts hold the same words in the same order, small ones aside.

    A name, a figure with its sign, or a negation in one of them alone makes them two texts, and so
    do two names that change places. Texts without words are the same only to the letter.
    """
    said, others = _meaning(left), _meaning(right)
    if not said and not others:
        return left.split() == right.split()
    return said == others and _FIGURE.findall(left) == _FIGURE.findall(right)


def _meaning(text: str) -> list[str]:
    return [word for word in words(text) if word not in STOP_WORDS or word in _NEGATIONS]
