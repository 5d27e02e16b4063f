"""Where queries come from: a closed list, a model's proposals, or the facts of a case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from ..text.words import content_stems, words


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPool:
    """The queries that a policy may rank, each once; its numbers are the places in the list.

    Two proposals are the same query where their content words agree in order after stemming: "Does
    it live in water?" and "Is it living in the water?". A pool only grows at its end, so numbers
    stay valid.
    """

    queries: tuple[str, ...]
    """The queries in words."""
    is_open: bool = False
    """Whether proposals may be added."""

    @classmethod
    def closed(cls, queries: Sequence[str]) -> Self:
        """Return a pool that is given once and for all.

        Raises:
            ValueError: There is no query, or one is blank or stands there twice.
        """
        if not queries:
            raise ValueError("a closed pool needs at least one query")
        seen: set[str] = set()
        for query in queries:
            if not query.strip() or query in seen:
                raise ValueError(f"query {query!r} is blank or stands there twice")
            seen.add(query)
        return cls(queries=tuple(queries))

    @classmethod
    def proposed(cls, proposals: Iterable[str] = ()) -> Self:
        """Return a pool that a model may add to, with its first proposals."""
        return cls(queries=(), is_open=True).with_proposals(proposals)

    @classmethod
    def of_facts(cls, facts: Iterable[str]) -> Self:
        """Return a closed pool that asks for each fact of a case, equal facts once.

        Raises:
            ValueError: There is no fact.
        """
        known = cls.proposed(facts).queries
        return cls.closed([f"Is this so: {fact.rstrip('.?! ')}?" for fact in known])

    def with_proposals(self, proposals: Iterable[str], *, limit: int | None = None) -> Self:
        """Return the pool with what is new among the proposals; this one stays as it is.

        Args:
            proposals: Queries in words; blank ones and repetitions are left out.
            limit: How many may be added; all where it is left out.

        Raises:
            ValueError: The pool is closed.
        """
        if not self.is_open:
            raise ValueError("this pool is closed; start with QueryPool.proposed() to add queries")
        found = list(self.queries)
        keys = {_key(query) for query in found}
        for proposal in proposals:
            if limit is not None and len(found) - len(self.queries) >= limit:
                break
            key = _key(proposal)
            if key and key not in keys:
                keys.add(key)
                found.append(" ".join(proposal.split()))
        return replace(self, queries=tuple(found))


def _key(query: str) -> tuple[str, ...]:
    """Return what two wordings of one query share; all words where none carries content."""
    return tuple(content_stems(query) or words(query))
