"""Wikipedia: its own search, with the opening of each article."""

from dataclasses import dataclass

import httpx

from .asking import Call, ask_json, hit_of, inside, objects
from .provider import Answer, SearchFailed

_MOST = 20  # openings that one request may ask for


@dataclass(frozen=True, slots=True, kw_only=True)
class Wikipedia:
    """One language's Wikipedia."""

    client: httpx.AsyncClient
    """What speaks HTTP."""
    base_url: str = "https://en.wikipedia.org"
    """Which one."""
    name: str = "wikipedia"
    """Its name."""
    interval_s: float = 0.2
    """It asks for calls one after another."""

    async def search(self, query: str, *, limit: int) -> Answer:
        """Return articles.

        Raises:
            SearchFailed: It gave none.
        """
        call = Call(
            url=f"{self.base_url}/w/api.php",
            headers={"User-Agent": "sonde/0.1 (research agent)"},
            params={
                "action": "query",
                "format": "json",
                "formatversion": 2,
                "redirects": 1,
                "generator": "search",
                "gsrsearch": query,
                "gsrlimit": min(limit, _MOST),
                "prop": "extracts|info",
                "inprop": "url",
                "exintro": 1,
                "explaintext": 1,
                "exlimit": "max",
            },
        )
        reply = await ask_json(self.client, self.name, call)
        fault = inside(reply, "error", "code")
        if fault:
            raise SearchFailed(f"wikipedia: {fault}")
        pages = objects(inside(reply, "query", "pages"))
        pages.sort(key=lambda page: int(str(page.get("index", 0))))
        hits = [
            hit_of(each, url="fullurl", title="title", snippet="extract", date="published")
            for each in pages
        ]
        return Answer(hits=[hit for hit in hits if hit is not None][:limit])
