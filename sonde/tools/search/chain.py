"""Providers one after another: the first that finds something answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...records.errors import SourcesDown
from ...records.tooling import Purchase
from .pacing import PacedProvider
from .provider import Hit, SearchFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of one query."""

    provider: str | None
    """Who answered; None where nobody found anything."""
    hits: Sequence[Hit]
    """The results, best first."""
    notes: tuple[str, ...]
    """What happened on the way: who failed, who found nothing."""
    purchases: tuple[Purchase, ...]
    """The calls that were answered, for the bill: a failed one is charged by none of them."""


class SearchChain:
    """Providers in the order in which they are asked."""

    def __init__(self, providers: Sequence[PacedProvider]) -> None:
        self.providers = tuple(providers)

    @property
    def names(self) -> tuple[str, ...]:
        """The providers' names, in order."""
        return tuple(each.provider.name for each in self.providers)

    async def search(self, query: str, *, limit: int) -> Found:
        """Return the results of the first provider that has any.

        Raises:
            SourcesDown: Every provider failed.
        """
        notes: list[str] = []
        purchases: list[Purchase] = []
        for paced in self.providers:
            name = paced.provider.name
            try:
                answer = await paced.search(query, limit=limit)
            except SearchFailed as err:
                notes.append(str(err))
                continue
            purchases.append(Purchase(seller=name, cost_usd=answer.cost_usd))
            if answer.hits:
                return Found(
                    provider=name,
                    hits=answer.hits,
                    notes=tuple(notes),
                    purchases=tuple(purchases),
                )
            notes.append(f"{name} found nothing")
        if not purchases:
            raise SourcesDown(f"no search provider answered: {'; '.join(notes)}")
        return Found(provider=None, hits=(), notes=tuple(notes), purchases=tuple(purchases))
