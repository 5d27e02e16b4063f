"""Tavily: a search API for agents; a basic search costs one credit."""

from dataclasses import dataclass

import httpx

from .asking import Call, ask_json, hit_of, objects
from .provider import Answer

_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Tavily:
    """Tavily's search."""

    client: httpx.AsyncClient
    """What speaks HTTP."""
    key: str
    """The key."""
    base_url: str = "https://api.tavily.com"
    """Where the API is."""
    name: str = "tavily"
    """Its name."""
    interval_s: float = 0.0
    """It allows a hundred calls a minute and more."""

    async def search(self, query: str, *, limit: int) -> Answer:
        """Return results.

        Raises:
            SearchFailed: It gave none.
        """
        call = Call(
            url=f"{self.base_url}/search",
            headers={"Authorization": f"Bearer {self.key}"},
            body={"query": query, "max_results": min(limit, _MOST), "search_depth": "basic"},
        )
        reply = await ask_json(self.client, self.name, call)
        hits = [
            hit_of(each, url="url", title="title", snippet="content", date="published_date")
            for each in objects(reply.get("results"))
        ]
        return Answer(hits=[hit for hit in hits if hit is not None][:limit])
