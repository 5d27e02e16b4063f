"""How common a stem is in ordinary encyclopedic text: the weight of a word of a question."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

RAREST = 9.5
"""Weight of a stem that was never seen; more would let one odd word outweigh all others."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StemStatistics:
    """In how many passages each common stem was seen."""

    passages: int
    """Passages that were counted."""
    counts: Mapping[str, int]
    """Passages that hold the stem; stems seen in fewer than a few are left out."""

    def weight(self, stem: str) -> float:
        """Return the inverse document frequency of a stem, in nats."""
        seen = self.counts.get(stem, 0)
        return min(RAREST, log(1 + (self.passages + 1) / (seen + 0.5)))


def count_stems(texts: Iterable[Iterable[str]], *, at_least: int = 3) -> StemStatistics:
    """Count in how many texts, given as stems, each stem stands.

    Args:
        texts: The stems of each text.
        at_least: Stems in fewer texts are left out.
    """
    counts: Counter[str] = Counter()
    passages = 0
    for stems in texts:
        counts.update(set(stems))
        passages += 1
    kept = {stem: n for stem, n in sorted(counts.items()) if n >= at_least}
    return StemStatistics(passages=passages, counts=kept)
