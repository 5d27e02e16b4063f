"""From the bytes of a reply to a readable text, with what the page says about itself."""

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from urllib.parse import unquote, urljoin, urlsplit

from ...records.errors import ToolError
from ..corpus.decoding import survey
from ..corpus.documents import words_of_name
from ..corpus.file_kind import FileKind, Unreadable, file_kind
from ..corpus.pdf_file import pdf_pages
from ..corpus.web_page import read_page
from .fetching import Fetched

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_ANCHOR = re.compile(
    r"<a\s[^>]{0,500}?href\s*=\s*[\"']([^\"'<>]{1,500})[\"'][^>]{0,500}>(.{0,300}?)</a", re.I | re.S
)
_TAG = re.compile(r"<[^>]{0,500}>")
_MOST_CHARACTERS = 2_000_000
_MOST_LINKS = 60
_SUFFIX_OF_TYPE = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/markdown": ".md",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link on a page."""

    url: str
    """Where it leads, whole."""
    words: str
    """The words under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A page as text."""

    url: str
    """Where it was found."""
    title: str
    """Its title; the last part of its URL where it has none."""
    text: str
    """Its main text, as Markdown where it is a web page."""
    date: str | None = None
    """Day of publication as the page tells it, `YYYY-MM-DD`."""
    author: str | None = None
    """Who wrote it, as the page tells it."""
    links: tuple[Link, ...] = ()
    """Where it leads, in the order of the page."""


def page_text(reply: Fetched) -> PageText:
    """Return a reply's readable text. It takes processor time: call it in a thread.

    Raises:
        ToolError: It holds no text.
    """
    kind_named = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    path = unquote(urlsplit(reply.url).path)
    name = "page" + _SUFFIX_OF_TYPE.get(kind_named, ".txt")
    found = survey(BytesIO(reply.body))
    try:
        kind = file_kind(name, found)
        if kind is FileKind.PDF:
            text = _capped_pdf(reply.body)
            return PageText(url=reply.url, title=_title_of_path(path, reply.url), text=text)
    except Unreadable as err:
        raise ToolError(f"{reply.url[:200]!r} cannot be read: {err}") from err
    words = reply.body.decode(_encoding(reply, found.encoding), "replace")
    if kind is FileKind.WEB_PAGE:
        return _web_page(reply, words)
    text = words.removeprefix("\ufeff")[:_MOST_CHARACTERS]
    if not text.strip():
        raise ToolError(f"{reply.url[:200]!r} is empty")
    return PageText(url=reply.url, title=_title_of_path(path, reply.url), text=text)


def _encoding(reply: Fetched, guessed: str | None) -> str:
    """Return how to decode: by a mark, by the server, by the page, and by its bytes, in turn."""
    if guessed in ("utf-8-sig", "utf-16", "utf-32"):
        return guessed
    served = _CHARSET.search(reply.headers.get("content-type", ""))
    stated = _META_CHARSET.search(reply.body[:4_096])
    names = [served.group(1) if served else "", stated.group(1).decode("ascii") if stated else ""]
    for name in names:
        with suppress(LookupError):  # a page may claim anything
            codec = codecs.lookup(name)
            is_text = getattr(codec, "_is_text_encoding", True)
            if is_text and not (codec.name == "utf-8" and guessed == "cp1252"):
                return codec.name
    return guessed or "utf-8"


def _web_page(reply: Fetched, page: str) -> PageText:
    import trafilatura  # takes a second to import, and not every run reads a page
    from trafilatura.metadata import extract_metadata

    text = trafilatura.extract(
        page, output_format="markdown", include_comments=False, favor_recall=True
    )
    plain = read_page(page.encode("utf-8"), replace(survey(BytesIO(b"")), encoding="utf-8"))
    text = (text or plain.text)[:_MOST_CHARACTERS]
    if not text.strip():
        raise ToolError(f"{reply.url[:200]!r} holds no readable text; it may need a browser")
    found = extract_metadata(page)
    return PageText(
        url=reply.url,
        title=plain.title or found.title or _title_of_path(urlsplit(reply.url).path, reply.url),
        text=text,
        date=found.date,
        author=found.author,
        links=_links(page, reply.url),
    )


def _links(page: str, base: str) -> tuple[Link, ...]:
    links: dict[str, Link] = {}
    for match in _ANCHOR.finditer(page):
        words = " ".join(_TAG.sub(" ", match.group(2)).split())
        with suppress(ValueError):
            url = urljoin(base, match.group(1).strip()).partition("#")[0]
            is_web = url.startswith(("http://", "https://")) and url != base
            if words and is_web:
                links.setdefault(url, Link(url=url, words=words))
        if len(links) == _MOST_LINKS:
            break
    return tuple(links.values())


def _capped_pdf(body: bytes) -> str:
    parts: list[str] = []
    length = 0
    try:
        for part in pdf_pages(BytesIO(body)):
            parts.append(part)
            length += len(part)
            if length > _MOST_CHARACTERS:
                break
    except Unreadable:
        raise
    except Exception as err:  # a damaged PDF breaks its reader in any way
        raise Unreadable(f"the PDF is damaged ({type(err).__name__})") from err
    return "".join(parts)[:_MOST_CHARACTERS].strip()


def _title_of_path(path: str, url: str) -> str:
    last = path.rstrip("/").rpartition("/")[2]
    return words_of_name(last) if last else (urlsplit(url).hostname or url)
