"""Exa: search by meaning; each reply says what it cost."""

from dataclasses import dataclass, replace

import httpx

from ...records.json_types import JsonObject
from .asking import Call, ask_json, hit_of, inside, objects, text_of
from .provider import Answer, Hit

_AT_THE_LEAST_PRICE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Exa:
    """Exa's search."""

    client: httpx.AsyncClient
    """What speaks HTTP."""
    key: str
    """The key."""
    base_url: str = "https://api.exa.ai"
    """Where the API is."""
    name: str = "exa"
    """Its name."""
    interval_s: float = 0.2
    """It allows five calls a second."""

    async def search(self, query: str, *, limit: int) -> Answer:
        """Return results, with the sentences that fit the query best.

        Raises:
            SearchFailed: It gave none.
        """
        call = Call(
            url=f"{self.base_url}/search",
            headers={"x-api-key": self.key},
            body={
                "query": query,
                "numResults": min(limit, _AT_THE_LEAST_PRICE),
                "type": "auto",
                "contents": {"highlights": True},
            },
        )
        reply = await ask_json(self.client, self.name, call)
        hits = [_hit(each) for each in objects(reply.get("results"))]
        cost = inside(reply, "costDollars", "total")
        return Answer(
            hits=[hit for hit in hits if hit is not None][:limit],
            cost_usd=float(cost) if isinstance(cost, int | float) else None,
        )


def _hit(item: JsonObject) -> Hit | None:
    hit = hit_of(item, url="url", title="title", snippet="text", date="publishedDate")
    told = item.get("highlights")
    if hit is None or not isinstance(told, list):
        return hit
    words = " … ".join(text for text in map(text_of, told) if text)
    return replace(hit, snippet=words or hit.snippet)
