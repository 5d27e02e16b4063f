"""How much a stretch of text has to do with a question: idf-weighted term coverage."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import fsum, log

from .words import content_stems


def relevance(stretches: Sequence[str], query: str) -> list[float]:
    """Return for each stretch the share of the query's weight that its words cover, 0 to 1.

    A term weighs log(1 + n / (1 + df)) with df counted over the stretches themselves, so that a
    word in every stretch tells little. All are 0 where the query has no content word.
    """
    terms = set(content_stems(query))
    holding = [terms.intersection(content_stems(stretch)) for stretch in stretches]
    weights = _weights(terms, holding)
    whole = fsum(weights.values()) or 1.0
    return [fsum(weights[term] for term in found) / whole for found in holding]


def _weights(terms: Iterable[str], holding: Sequence[set[str]]) -> dict[str, float]:
    counts = Counter(term for found in holding for term in found)
    return {term: log(1 + len(holding) / (1 + counts[term])) for term in terms}
