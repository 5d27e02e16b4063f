"""Near-duplicates: word shingles, a small sketch to find them by, and their overlap."""

from hashlib import blake2b

from .words import words

_WIDTH = 3
_SKETCH = 4


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


def figures(text: str) -> tuple[str, ...]:
    """Return the words with a digit, in order: pages that differ in these are not the same."""
    return tuple(word for word in words(text) if any(char.isdigit() for char in word))
