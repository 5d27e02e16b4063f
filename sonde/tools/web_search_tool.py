"""The tool `search_web`: the chain is asked, the best pages are read, passages come back."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from urllib.parse import urlsplit

from ..records.errors import SourcesDown, ToolError
from ..records.evidence import Passage
from ..records.json_types import JsonObject, JsonValue
from ..records.tooling import Purchase, ToolKind, ToolResult, ToolSpec
from ..text.relevance import relevance
from .corpus.passages import cut
from .search.chain import Found, SearchChain
from .search.provider import Hit
from .search.sameness import without_repeats
from .web.reading import PageReader, ReadPage
from .web.url_policy import UrlRefused

_MOST_QUERIES = 8
_MOST_PASSAGES = 50
_USUAL_PASSAGES = 8
_HITS_A_QUERY = 10
_OF_ONE_PAGE = 4
_SHORTEST_SNIPPET = 5
_LISTED = 8
_NAMED_HOSTS = 3

_PARAMETERS: Mapping[str, JsonValue] = {
    "type": "object",
    "properties": {
        "queries": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "minItems": 1,
            "maxItems": _MOST_QUERIES,
            "description": "What to look for, as one would type it into a search engine.",
        },
        "limit": {
            "type": "integer",
            "minimum": 1,
            "maximum": _MOST_PASSAGES,
            "default": _USUAL_PASSAGES,
            "description": "How many passages to return, over all queries.",
        },
    },
    "required": ["queries"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What became of one result."""

    hit: Hit
    """The result."""
    read: ReadPage | None = None
    """The page, where it was read."""
    why: ToolError | None = None
    """Why it was not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSearchTool:
    """Searches the web and reads what it finds."""

    chain: SearchChain
    """Who is asked."""
    reader: PageReader
    """What reads pages."""
    pages: int = 5
    """How many pages of a search are read; 0 gives what the provider shows of them."""
    timeout_s: float = 90.0
    """How long a call may take."""

    @property
    def spec(self) -> ToolSpec:
        """What it offers."""
        return ToolSpec(
            name="search_web",
            description=(
                "Search the web and read the best pages; returns the passages that fit best, and "
                "the addresses of further results."
            ),
            parameters=_PARAMETERS,
            kind=ToolKind.SEARCH,
        )

    def worst_purchases(self, arguments: JsonObject) -> Sequence[Purchase]:
        """Return one call of every provider for each query."""
        asked = arguments.get("queries")
        number = len(asked) if isinstance(asked, Sequence) and not isinstance(asked, str) else 1
        return [Purchase(seller=name, calls=number) for name in self.chain.names]

    async def call(self, arguments: JsonObject) -> ToolResult:
        """Search and read.

        Raises:
            ToolError: The arguments do not fit.
            SourcesDown: No provider answered any query.
        """
        queries = _queries(arguments.get("queries"))
        limit = arguments.get("limit", _USUAL_PASSAGES)
        if isinstance(limit, bool) or not isinstance(limit, int):
            raise ToolError(f"limit must be a whole number, not {limit!r}")
        found, down = await self._ask(queries)
        ranks = zip_longest(*(each.hits for each in found))
        hits = without_repeats(hit for rank in ranks for hit in rank if hit is not None)
        outcomes = await self._read(hits)
        passages = _best([p for each in outcomes for p in _passages(each)], queries, limit=limit)
        return ToolResult(
            text=_told(queries, found, down, outcomes),
            passages=tuple(passages),
            purchases=tuple(bought for each in found for bought in each.purchases),
            warnings=_warnings(outcomes),
        )

    async def _ask(self, queries: Sequence[str]) -> tuple[list[Found], list[str]]:
        """Ask one query after another; where none is answered, nothing can be had here."""
        found: list[Found] = []
        down: list[str] = []
        for query in queries:
            try:
                found.append(await self.chain.search(query, limit=_HITS_A_QUERY))
            except SourcesDown as err:
                down.append(str(err))
                if not found:
                    raise
        return found, down

    async def _read(self, hits: Sequence[Hit]) -> list[_Outcome]:
        """Read the first pages, all at once; a page that fails keeps what was shown of it."""
        remote = [hit for hit in hits if hit.passage is None][: self.pages]
        read = await asyncio.gather(*(self._read_one(hit) for hit in remote))
        by_url = {each.hit.url: each for each in read}
        return [by_url.get(hit.url, _Outcome(hit=hit)) for hit in hits]

    async def _read_one(self, hit: Hit) -> _Outcome:
        try:
            return _Outcome(hit=hit, read=await self.reader.read(hit.url))
        except ToolError as err:
            return _Outcome(hit=hit, why=err)


def passages_of(read: ReadPage) -> list[Passage]:
    """Return a page's passages, each with its offsets in the page's text."""
    page = read.page
    passages: list[Passage] = []
    at = 0
    for stretch in cut(page.text):
        text = stretch.strip()
        if text:
            start = at + len(stretch) - len(stretch.lstrip())
            passages.append(
                Passage(
                    source=page.url,
                    doc_id=page.url,
                    title=page.title,
                    text=text,
                    start=start,
                    date=page.date,
                )
            )
        at += len(stretch)
    return passages


def _passages(outcome: _Outcome) -> list[Passage]:
    hit = outcome.hit
    if hit.passage is not None:
        return [hit.passage]
    if outcome.read is not None:
        return passages_of(outcome.read)
    if len(hit.snippet.split()) < _SHORTEST_SNIPPET:
        return []
    return [
        Passage(
            source=hit.url,
            doc_id=f"{hit.url}#as-shown",  # the document is what the provider shows of the page
            title=hit.title,
            text=hit.snippet,
            start=0,
            date=hit.date,
        )
    ]


def _best(passages: Sequence[Passage], queries: Sequence[str], *, limit: int) -> list[Passage]:
    """Return the passages that cover most of the queries, a few of one page."""
    texts = [f"{each.title} {each.text}" for each in passages]
    scores = [relevance(texts, query) for query in queries]
    best = [max(each) for each in zip(*scores, strict=True)] if scores else []
    order = sorted(range(len(passages)), key=lambda at: -best[at])
    taken: dict[str, int] = {}
    kept: list[Passage] = []
    for at in order:
        source = passages[at].doc_id
        taken[source] = taken.get(source, 0) + 1
        if taken[source] <= _OF_ONE_PAGE and best[at] > 0:
            kept.append(passages[at])
    return kept[:limit]


def _told(
    queries: Sequence[str],
    found: Sequence[Found],
    down: Iterable[str],
    outcomes: Sequence[_Outcome],
) -> str:
    """Return what was done, in lines: who answered, what was read, what was not."""
    lines = [
        f"{each.provider or 'nobody'}: {len(each.hits)} results for {query!r}"
        for query, each in zip(queries, found, strict=False)
    ]
    lines += dict.fromkeys(note for each in found for note in each.notes)
    lines += dict.fromkeys(down)
    unread = [each for each in outcomes if each.read is None and each.hit.passage is None]
    for each in outcomes:
        if each.read is not None:
            day = f", {each.read.page.date}" if each.read.page.date else ""
            lines.append(f"read {each.read.page.url} ({each.read.freshness}{day})")
    lines += [f"not read: {each.why}" for each in unread if each.why is not None]
    others = [each.hit for each in unread if each.why is None][:_LISTED]
    lines += [f"also found: {hit.title} {hit.url}" for hit in others]
    if not outcomes:
        lines.append("Try other words.")
    return "\n".join(lines)


def _warnings(outcomes: Sequence[_Outcome]) -> tuple[str, ...]:
    """Return what to tell the asker where every page that was tried may not be fetched."""
    tried = [each for each in outcomes if each.read is not None or each.why is not None]
    refused = {each.hit.url: each.why for each in tried if isinstance(each.why, UrlRefused)}
    if not refused or len(refused) < len(tried):
        return ()
    remedies = "; ".join(dict.fromkeys(why.remedy for why in refused.values()))
    hosts = ", ".join(list(dict.fromkeys(urlsplit(url).netloc for url in refused))[:_NAMED_HOSTS])
    return (f"a search found pages that may not be read, on {hosts}, and read none; {remedies}",)


def _queries(value: JsonValue) -> list[str]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        asked = [query.strip() for query in value if isinstance(query, str) and query.strip()]
        if len(asked) == len(value) and 1 <= len(asked) <= _MOST_QUERIES:
            return asked
    raise ToolError(
        f"queries must be a list of 1 to {_MOST_QUERIES} texts, none empty; it was {value!r}"
    )
