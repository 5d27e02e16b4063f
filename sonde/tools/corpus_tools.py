"""Two tools over a corpus: search it, and open one of its documents."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from ..records.errors import ToolError
from ..records.evidence import Passage
from ..records.json_types import JsonObject, JsonValue
from ..records.tooling import Purchase, ToolKind, ToolResult, ToolSpec
from ..text.words import words
from .corpus.corpus import Corpus
from .tool import Tool

_MOST_QUERIES = 8
_MOST_PASSAGES = 50
_USUAL_PASSAGES = 8
_OPENED_CHARACTERS = 4_000

_SEARCH_PARAMETERS: Mapping[str, JsonValue] = {
    "type": "object",
    "properties": {
        "queries": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "minItems": 1,
            "maxItems": _MOST_QUERIES,
            "description": "What to look for, in words; several queries look from several sides.",
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
_OPEN_PARAMETERS: Mapping[str, JsonValue] = {
    "type": "object",
    "properties": {
        "doc_id": {"type": "string", "description": "The document's id, as a search told it."},
        "start": {
            "type": "integer",
            "minimum": 0,
            "default": 0,
            "description": "The character to start at; a long document is read in stretches.",
        },
    },
    "required": ["doc_id"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _CorpusTool:
    """A spec with its deed."""

    spec: ToolSpec
    """What it offers."""
    deed: Callable[[JsonObject], Awaitable[ToolResult]]
    """What it does."""

    worst: Callable[[JsonObject], Sequence[Purchase]] = lambda _: ()
    """The most that a call can buy."""

    def worst_purchases(self, arguments: JsonObject) -> Sequence[Purchase]:
        return self.worst(arguments)

    async def call(self, arguments: JsonObject) -> ToolResult:
        return await self.deed(arguments)


def search_corpus(corpus: Corpus) -> Tool:
    """Return the tool that finds passages in a corpus."""

    async def deed(arguments: JsonObject) -> ToolResult:
        queries = _queries(arguments.get("queries"))
        limit = _whole_number(arguments, "limit", default=_USUAL_PASSAGES)
        if not 1 <= limit <= _MOST_PASSAGES:
            raise ToolError(f"limit must lie between 1 and {_MOST_PASSAGES}, not {limit}")
        return await asyncio.to_thread(_search, corpus, queries, limit)

    return _CorpusTool(
        spec=ToolSpec(
            name="search_corpus",
            description="Search the documents by words; returns the passages that fit best.",
            parameters=_SEARCH_PARAMETERS,
            kind=ToolKind.SEARCH,
        ),
        deed=deed,
        worst=lambda arguments: _worst(corpus, arguments.get("queries")),
    )


def open_document(corpus: Corpus) -> Tool:
    """Return the tool that reads one document of a corpus from a given place."""

    async def deed(arguments: JsonObject) -> ToolResult:
        doc_id = arguments.get("doc_id")
        if not isinstance(doc_id, str):
            raise ToolError(f"doc_id must be the id of a document, not {doc_id!r}")
        start = _whole_number(arguments, "start", default=0)
        return await asyncio.to_thread(_open, corpus, doc_id, start)

    return _CorpusTool(
        spec=ToolSpec(
            name="open_document",
            description=(
                f"Read {_OPENED_CHARACTERS} characters of one document from a given place on."
            ),
            parameters=_OPEN_PARAMETERS,
            kind=ToolKind.OPEN,
        ),
        deed=deed,
    )


def _worst(corpus: Corpus, queries: JsonValue) -> Sequence[Purchase]:
    if not isinstance(queries, Sequence) or isinstance(queries, str):
        return ()
    return corpus.worst_purchases([query for query in queries if isinstance(query, str)])


def _search(corpus: Corpus, queries: Sequence[str], limit: int) -> ToolResult:
    results = [corpus.search(query, limit=limit) for query in queries]
    passages = tuple(_interleaved(results))[:limit]
    asked = ", ".join(map(repr, queries))
    bought = tuple(corpus.take_purchases())
    if not passages:
        return ToolResult(text=f"No passage fits {asked}. Try other words.", purchases=bought)
    documents = len({passage.doc_id for passage in passages})
    return ToolResult(
        text=f"{len(passages)} passages of {documents} documents fit {asked}.",
        passages=passages,
        purchases=bought,
    )


def _interleaved(results: Iterable[Sequence[Passage]]) -> list[Passage]:
    """Return the first of each result, then the second of each; the same words once."""
    merged: dict[str, Passage] = {}
    for rank in zip_longest(*results):
        for passage in rank:
            if passage is not None:
                merged.setdefault(" ".join(words(passage.text)) or passage.text, passage)
    return list(merged.values())


def _open(corpus: Corpus, doc_id: str, start: int) -> ToolResult:
    passage = corpus.read(doc_id, start=start, length=_OPENED_CHARACTERS)
    whole = corpus.characters(doc_id)
    text = f"Characters {passage.start} to {passage.end} of {whole} of {doc_id!r}."
    if passage.end < whole:
        text += f" It goes on at start {passage.end}."
    return ToolResult(text=text, passages=(passage,))


def _queries(value: JsonValue) -> list[str]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        asked = [query for query in value if isinstance(query, str) and query.strip()]
        if len(asked) == len(value) and 1 <= len(asked) <= _MOST_QUERIES:
            return asked
    raise ToolError(
        f"queries must be a list of 1 to {_MOST_QUERIES} texts, none empty; it was {value!r}"
    )


def _whole_number(arguments: JsonObject, name: str, *, default: int) -> int:
    value = arguments.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ToolError(f"{name} must be a whole number, not {value!r}")
    return value
