"""Brave Search: an index of its own."""

from dataclasses import dataclass

import httpx

from .asking import Call, ask_json, hit_of, inside, objects
from .provider import Answer

_MOST = 20
_MOST_CHARACTERS, _MOST_WORDS = 400, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Brave:
    """Brave's web search."""

    client: httpx.AsyncClient
    """What speaks HTTP."""
    key: str
    """The key."""
    base_url: str = "https://api.search.brave.com"
    """Where the API is."""
    name: str = "brave"
    """Its name."""
    interval_s: float = 1.0
    """Its least plan allows one call a second."""

    async def search(self, query: str, *, limit: int) -> Answer:
        """Return results.

        Raises:
            SearchFailed: It gave none.
        """
        words = " ".join(query.split()[:_MOST_WORDS])[:_MOST_CHARACTERS]
        call = Call(
            url=f"{self.base_url}/res/v1/web/search",
            headers={"X-Subscription-Token": self.key, "Accept": "application/json"},
            params={"q": words, "count": min(limit, _MOST)},
        )
        reply = await ask_json(self.client, self.name, call)
        hits = [
            hit_of(each, url="url", title="title", snippet="description", date="page_age")
            for each in objects(inside(reply, "web", "results"))
        ]
        return Answer(hits=[hit for hit in hits if hit is not None][:limit])
