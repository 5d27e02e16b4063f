"""The readable text of a web page, and its title."""

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

from .decoding import Survey

_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_LINE_OF_PROSE = re.compile(r"(?<=[.!?…:”\"])\n(?!\n)")
_SPACES = re.compile(r"[ \t\r\f\v]+")
_LINES = re.compile(r"\s*\n\s*")
_SILENT = frozenset({"script", "style", "template", "noscript", "title"})
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strong"
    " sub sup time tt u var wbr".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A web page as text."""

    title: str | None
    """What stands in its title element; None where there is none."""
    text: str
    """Its readable text, paragraphs set apart by blank lines where they are known."""


def read_page(data: bytes, found: Survey) -> PageText:
    """Return the main text of a page; all its text where no main part can be told."""
    import trafilatura  # takes a second to import, and most corpora hold no web page

    page = _decode(data, found)
    text = trafilatura.extract(page, include_comments=False, favor_recall=True)
    text = _LINE_OF_PROSE.sub("\n\n", text) if text else _all_text(page)
    title = _TITLE.search(page)
    words = " ".join(unescape(title.group(1)).split()) if title else None
    return PageText(title=words or None, text=text)


def _decode(data: bytes, found: Survey) -> str:
    named = _CHARSET.search(found.head)
    encoding = found.encoding or "utf-8"
    if encoding == "cp1252" and named:
        with suppress(LookupError):  # a page may claim anything; then the guess stands
            encoding = codecs.lookup(named.group(1).decode("ascii")).name
    return data.decode(encoding, "replace")


def _all_text(page: str) -> str:
    collector = _TextCollector()
    collector.feed(page)
    collector.close()
    return _LINES.sub("\n\n", _SPACES.sub(" ", "".join(collector.parts))).strip()


class _TextCollector(HTMLParser):
    """Collects all text that is shown, with a line end around each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag not in _INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag not in _INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)
