"""Serper: results of Google's search."""

from dataclasses import dataclass

import httpx

from .asking import Call, ask_json, hit_of, objects
from .provider import Answer

_AT_ONE_CREDIT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Serper:
    """Serper's search."""

    client: httpx.AsyncClient
    """What speaks HTTP."""
    key: str
    """The key."""
    base_url: str = "https://google.serper.dev"
    """Where the API is."""
    name: str = "serper"
    """Its name."""
    interval_s: float = 0.0
    """It allows fifty calls a second and more."""

    async def search(self, query: str, *, limit: int) -> Answer:
        """Return at most ten results, which is what one credit buys.

        Raises:
            SearchFailed: It gave none.
        """
        call = Call(
            url=f"{self.base_url}/search",
            headers={"X-API-KEY": self.key},
            body={"q": query, "num": _AT_ONE_CREDIT},
        )
        reply = await ask_json(self.client, self.name, call)
        hits = [
            hit_of(each, url="link", title="title", snippet="snippet", date="date")
            for each in objects(reply.get("organic"))
        ]
        return Answer(hits=[hit for hit in hits if hit is not None][:limit])
