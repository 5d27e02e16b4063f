"""A search that also looks through what others have found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..records.evidence import Passage
from ..records.json_types import JsonObject, JsonValue
from ..records.tooling import ToolKind, ToolResult, ToolSpec
from ..text.relevance import relevance
from ..tools.tool import Tool

_MOST_NOTES = 6
_PARAMETERS: JsonObject = {
    "type": "object",
    "properties": {
        "queries": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "limit": {"type": "integer", "minimum": 1, "default": 8},
    },
    "required": ["queries"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchWithNotes:
    """A search that also looks through the notes of others; notes that fit come first."""

    notes: Sequence[Passage]
    """What others have found, with where they found it."""
    search: Tool | None
    """The agent's own search; None where it has none."""

    @property
    def spec(self) -> ToolSpec:
        """The own search's, with a word on the notes."""
        if self.search is None:
            return ToolSpec(
                name="search_notes",
                description="Search the notes of your colleagues by words.",
                parameters=_PARAMETERS,
                kind=ToolKind.SEARCH,
            )
        own = self.search.spec
        return replace(
            own, description=f"{own.description} Notes of your colleagues are searched as well."
        )

    async def call(self, arguments: JsonObject) -> ToolResult:
        """Search, and put the notes that fit before what was found."""
        notes = _fitting(self.notes, arguments.get("queries"))
        if self.search is None:
            return ToolResult(text=f"{len(notes)} notes fit.", passages=notes)
        found = await self.search.call(arguments)
        known = {(note.source, note.start) for note in notes}
        rest = tuple(p for p in found.passages if (p.source, p.start) not in known)
        text = f"{found.text} {len(notes)} notes of colleagues fit." if notes else found.text
        return replace(found, text=text, passages=(*notes, *rest))


def with_notes(tools: Sequence[Tool], notes: Sequence[Passage]) -> list[Tool]:
    """Return tools whose first search also looks through notes; without notes, as they are."""
    if not notes:
        return list(tools)
    own = next((tool for tool in tools if tool.spec.kind is ToolKind.SEARCH), None)
    rest = [tool for tool in tools if tool is not own]
    return [SearchWithNotes(notes=tuple(notes), search=own), *rest]


def _fitting(notes: Sequence[Passage], queries: JsonValue) -> tuple[Passage, ...]:
    asked = [str(each) for each in queries] if isinstance(queries, list) else [str(queries)]
    texts = [f"{note.title}. {note.text}" for note in notes]
    scores = [max(each) for each in zip(*(relevance(texts, query) for query in asked), strict=True)]
    ranked = sorted(range(len(notes)), key=lambda i: -scores[i])
    return tuple(replace(notes[i], score=round(scores[i], 4)) for i in ranked[:_MOST_NOTES])
