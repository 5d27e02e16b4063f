"""arXiv: preprints, by the words of their titles and abstracts."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

import httpx

from ...text.plain import plain_text
from ...text.words import STOP_WORDS, word_spans
from .asking import Call, ask
from .provider import Answer, Hit, SearchFailed

_ATOM = "{http://www.w3.org/2005/Atom}"
_MOST_WORDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Arxiv:
    """arXiv's search."""

    client: httpx.AsyncClient
    """What speaks HTTP."""
    base_url: str = "https://export.arxiv.org"
    """Where the API is."""
    name: str = "arxiv"
    """Its name."""
    interval_s: float = 3.0
    """Its terms ask for three seconds between calls."""

    async def search(self, query: str, *, limit: int) -> Answer:
        """Return preprints that hold all words of the query.

        Raises:
            SearchFailed: It gave none.
        """
        asked = (query[start:end].lower() for start, end in word_spans(query))
        terms = [word for word in dict.fromkeys(asked) if word not in STOP_WORDS]
        if not terms:
            return Answer(hits=[])
        call = Call(
            url=f"{self.base_url}/api/query",
            params={
                "search_query": " AND ".join(f"all:{term}" for term in terms[:_MOST_WORDS]),
                "max_results": limit,
                "sortBy": "relevance",
            },
        )
        return Answer(hits=list(_hits(await ask(self.client, self.name, call)))[:limit])


def _hits(body: bytes) -> Iterator[Hit]:
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:  # a feed has none; entities can grow
        raise SearchFailed("arxiv answered with a document type, which a feed does not have")
    try:
        feed = ElementTree.fromstring(body)
    except ElementTree.ParseError as err:
        raise SearchFailed("arxiv answered in no XML") from err
    for entry in feed.iter(f"{_ATOM}entry"):
        url, title, summary, day = (
            plain_text(entry.findtext(f"{_ATOM}{name}") or "")
            for name in ("id", "title", "summary", "published")
        )
        if title == "Error":
            raise SearchFailed(f"arxiv: {summary[:200]}")
        if url:
            yield Hit(
                url=url.replace("http://arxiv.org/", "https://arxiv.org/"),
                title=title,
                snippet=summary,
                date=day[:10] or None,
            )
