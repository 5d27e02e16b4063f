"""SearXNG: a metasearch engine that one runs oneself; it must be set to answer in JSON."""

from dataclasses import dataclass

import httpx

from .asking import Call, ask_json, hit_of, objects
from .provider import Answer, SearchFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class SearxNG:
    """An instance of SearXNG."""

    client: httpx.AsyncClient
    """What speaks HTTP."""
    base_url: str
    """Where the instance is, such as `http://localhost:8888`."""
    name: str = "searxng"
    """Its name."""
    interval_s: float = 0.0
    """It is one's own."""

    async def search(self, query: str, *, limit: int) -> Answer:
        """Return results.

        Raises:
            SearchFailed: It gave none.
        """
        call = Call(
            url=f"{self.base_url.rstrip('/')}/search", params={"q": query, "format": "json"}
        )
        try:
            reply = await ask_json(self.client, self.name, call)
        except SearchFailed as err:
            if "HTTP 403" not in str(err):
                raise
            raise SearchFailed(
                "searxng refuses JSON; add `json` to search.formats in its settings.yml",
                is_lasting=True,
            ) from err
        found = objects(reply.get("results"))
        if not found and reply.get("unresponsive_engines"):
            raise SearchFailed("searxng: none of its engines answered")
        hits = [
            hit_of(each, url="url", title="title", snippet="content", date="publishedDate")
            for each in found
        ]
        return Answer(hits=[hit for hit in hits if hit is not None][:limit])
