"""The tool `read_page`: one page of the web, in stretches, with its links."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..records.errors import ToolError
from ..records.evidence import Passage
from ..records.json_types import JsonObject, JsonValue
from ..records.tooling import ToolKind, ToolResult, ToolSpec
from .web.reading import PageReader

_CHARACTERS = 6_000
_LINKS = 30
_PARAMETERS: Mapping[str, JsonValue] = {
    "type": "object",
    "properties": {
        "url": {"type": "string", "description": "The address, with http:// or https://."},
        "start": {
            "type": "integer",
            "minimum": 0,
            "default": 0,
            "description": "The character to start at; a long page is read in stretches.",
        },
        "links": {
            "type": "boolean",
            "default": False,
            "description": "Whether to list where the page leads.",
        },
    },
    "required": ["url"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPageTool:
    """Reads one page of the web."""

    reader: PageReader
    """What reads pages."""

    @property
    def spec(self) -> ToolSpec:
        """What it offers."""
        return ToolSpec(
            name="read_page",
            description=(
                f"Read {_CHARACTERS} characters of one web page or PDF by its address, from a "
                "given place on."
            ),
            parameters=_PARAMETERS,
            kind=ToolKind.OPEN,
        )

    async def call(self, arguments: JsonObject) -> ToolResult:
        """Read a stretch.

        Raises:
            ToolError: The page cannot be read, or has no such place.
        """
        url, start = arguments.get("url"), arguments.get("start", 0)
        if not isinstance(url, str) or isinstance(start, bool) or not isinstance(start, int):
            raise ToolError("give `url` as a text, and `start` as a whole number")
        read = await self.reader.read(url)
        page = read.page
        if not 0 <= start < len(page.text):
            raise ToolError(
                f"{page.url!r} has {len(page.text)} characters; a start of {start} lies outside"
            )
        passage = Passage(
            source=page.url,
            doc_id=page.url,
            title=page.title,
            text=page.text[start : start + _CHARACTERS],
            start=start,
            date=page.date,
        )
        lines = [_place(passage, len(page.text), read.freshness, page.date, page.author)]
        if arguments.get("links"):
            lines += [f"- {link.words}: {link.url}" for link in page.links[:_LINKS]]
        return ToolResult(text="\n".join(lines), passages=(passage,))


def _place(
    passage: Passage, whole: int, freshness: str, date: str | None, author: str | None
) -> str:
    parts = [freshness, f"of {date}" if date else "", f"by {author}" if author else ""]
    said = "; ".join(part for part in parts if part)
    text = f"Characters {passage.start} to {passage.end} of {whole} of {passage.source} ({said})."
    if passage.end < whole:
        text += f" It goes on at start {passage.end}."
    return text
