"""Bytes of unknown encoding, as text; in blocks, so that a large file needs little memory."""

import codecs
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from io import TextIOWrapper
from typing import BinaryIO

_CHUNK = 1 << 20
_BLOCK = 1 << 20
_HEAD = 8_192
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROL = 0.02
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What one pass over a file's bytes tells."""

    size: int
    """Bytes that were there to read."""
    digest: str
    """Hash of the bytes."""
    head: bytes
    """The first few thousand bytes."""
    encoding: str | None
    """How to decode it (with replacement); None where it is not text."""
    note: str | None = None
    """What is peculiar about the encoding."""


def survey(handle: BinaryIO) -> Survey:
    """Read a file once: hash it, and find out whether and how it decodes."""
    digest = blake2b(digest_size=16)
    tally = _Utf8Tally()
    head = b""
    size = 0
    has_nul = False
    while chunk := handle.read(_CHUNK):
        head = head or chunk[:_HEAD]
        digest.update(chunk)
        tally.add(chunk)
        size += len(chunk)
        has_nul = has_nul or b"\0" in chunk
    marked = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    encoding, note = (marked, None) if marked else tally.verdict()
    is_wide = marked in ("utf-16", "utf-32")  # where zero bytes are part of letters
    is_binary = not is_wide and (has_nul or len(_CONTROL.findall(head)) > _MOST_CONTROL * len(head))
    encoding = None if is_binary else encoding
    return Survey(size=size, digest=digest.hexdigest(), head=head, encoding=encoding, note=note)


class _Utf8Tally:
    """Counts what speaks for UTF-8 and what against it."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._good = 0
        self._bad = 0

    def add(self, chunk: bytes) -> None:
        text = self._decoder.decode(chunk)
        if not text.isascii():
            bad = text.count("\ufffd")
            self._good += len(text) - len(text.encode("ascii", "ignore")) - bad
            self._bad += max(0, bad - chunk.count(b"\xef\xbf\xbd"))

    def verdict(self) -> tuple[str, str | None]:
        bad = self._bad + len(self._decoder.decode(b"", final=True))
        if not bad:
            return "utf-8", None
        if self._good > bad:
            return "utf-8", f"{bad} characters are not valid UTF-8 and were replaced"
        return "cp1252", "not UTF-8; read as Windows-1252"


def text_blocks(handle: BinaryIO, found: Survey) -> Iterator[str]:
    """Yield the text in blocks of about a million characters, cut between paragraphs.

    Line ends stay as they are in the file, so that offsets point into it.
    """
    decoder = codecs.getincrementaldecoder(found.encoding or "utf-8")("replace")
    left = found.size  # a file that grew meanwhile is read as it was when it was surveyed
    text = ""
    while left > 0 and (chunk := handle.read(min(_CHUNK, left))):
        left -= len(chunk)
        text += decoder.decode(chunk)
        if len(text) > _BLOCK:
            cut = _last_cut(text)
            yield text[:cut]
            text = text[cut:]
    yield text + decoder.decode(b"", final=True)


def text_lines(handle: BinaryIO, found: Survey, *, newline: str) -> Generator[str]:
    """Yield the lines of the text with their ends; `newline` as in `open`."""
    lines = TextIOWrapper(
        handle, encoding=found.encoding or "utf-8", errors="replace", newline=newline
    )
    try:
        for line in lines:  # noqa: UP028 - `yield from` would close the handle with the generator
            yield line
    finally:
        lines.detach()


def _last_cut(text: str) -> int:
    tail = max(0, len(text) - _BLOCK // 16)
    blank = [match.end() for match in _BLANK_LINE.finditer(text, tail) if match.end() < len(text)]
    if blank:
        return blank[-1]
    for mark in ("\n", " "):
        if (at := text.rfind(mark, tail)) >= 0:
            return at + 1
    return len(text)
