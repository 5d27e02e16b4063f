"""What a file is, by its content first and its name second."""

from enum import StrEnum
from pathlib import PurePath

from ..files.images import image_format
from .decoding import Survey


class Unreadable(Exception):
    """A file holds nothing that can be indexed; the message says why, and what to do."""


class FileKind(StrEnum):
    """How a file is read."""

    TEXT = "text"
    MARKDOWN = "markdown"
    WEB_PAGE = "web page"
    XML = "XML"
    PDF = "pdf"
    TABLE = "table"
    RECORDS = "records"
    WORKBOOK = "workbook"
    WORD = "Word document"
    SLIDES = "slides"
    ARCHIVE = "archive"
    IMAGE = "image"


_BY_SUFFIX = {
    ".md": FileKind.MARKDOWN,
    ".markdown": FileKind.MARKDOWN,
    ".html": FileKind.WEB_PAGE,
    ".htm": FileKind.WEB_PAGE,
    ".xhtml": FileKind.WEB_PAGE,
    ".xml": FileKind.XML,
    ".pdf": FileKind.PDF,
    ".csv": FileKind.TABLE,
    ".tsv": FileKind.TABLE,
    ".jsonl": FileKind.RECORDS,
    ".ndjson": FileKind.RECORDS,
}
_MAGIC = {
    b"\x1f\x8b": "gzip data; unpack it",
    b"BZh9": "bzip2 data; unpack it",
    b"\xfd7zXZ": "xz data; unpack it",
    b"7z\xbc\xaf": "a 7-Zip archive; unpack it",
    b"Rar!": "a RAR archive; unpack it",
    b"\x7fELF": "a program",
    b"SQLite format 3": "an SQLite database",
    b"\xd0\xcf\x11\xe0": "an old Office document; save it as PDF or text",
    b"{\\rtf": "an RTF document; save it as PDF or text",
}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ZIPPED = {
    ".xlsx": FileKind.WORKBOOK,
    ".xlsm": FileKind.WORKBOOK,
    ".docx": FileKind.WORD,
    ".pptx": FileKind.SLIDES,
    ".zip": FileKind.ARCHIVE,
}
_PICTURES = frozenset(".png .jpg .jpeg .gif .webp .tif .tiff .heic .heif .avif".split())
_PDF_WITHIN = 1_024  # readers accept the mark anywhere in the first kilobyte
_PAGE_STARTS = (b"<!doctype html", b"<html")


def file_kind(name: str, found: Survey) -> FileKind:
    """Return how to read a file.

    Raises:
        Unreadable: It is neither text nor a PDF.
    """
    head = found.head
    suffix = PurePath(name).suffix.lower()
    kind = _by_magic(head, suffix)
    if kind is not None:
        return kind
    if b"%PDF-" in head[:_PDF_WITHIN] and (found.encoding is None or head.startswith(b"%PDF-")):
        return FileKind.PDF
    if found.encoding is None:
        raise Unreadable("not text: it holds binary data; if it is text, save it as UTF-8")
    named = _BY_SUFFIX.get(suffix, FileKind.TEXT)
    if named is FileKind.PDF or suffix == ".txt":
        named = FileKind.WEB_PAGE if _is_page(head) else FileKind.TEXT
    return named


def _by_magic(head: bytes, suffix: str) -> FileKind | None:
    """Return what the first bytes and the name say together; None where it may be text or a PDF.

    Raises:
        Unreadable: They contradict each other, or name what cannot be read.
    """
    if head.startswith(_ZIP):
        if suffix not in _ZIPPED:
            raise Unreadable("not text: it is a ZIP archive or an Office document of another kind")
        return _ZIPPED[suffix]
    image = image_format(head)
    if image is not None and suffix in _PICTURES:
        return FileKind.IMAGE
    if suffix in _ZIPPED or suffix in _PICTURES:
        raise Unreadable(f"named {suffix}, but it is no such file; name it for what it is")
    if image is not None:
        raise Unreadable(f"not text: it is a {image} image")
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise Unreadable(f"not text: it is {what}")
    return None


def _is_page(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE_STARTS)
