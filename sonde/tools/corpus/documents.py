"""A file's documents: titles and texts, in pieces that need not fit into memory together."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO

from ..files.archives import open_archive, read_member
from ..files.images import ImageBroken, image_facts
from ..files.office import in_pieces, sheet_rows, slide_text, word_text
from ..files.workbook import sheets
from .decoding import Survey, survey, text_blocks
from .file_kind import FileKind, Unreadable, file_kind
from .pdf_file import pdf_pages
from .records_file import holds_records, read_records
from .table_file import table_rows
from .web_page import read_page
from .xml_file import xml_pieces

MOST_PARSED_BYTES = 64 << 20
"""Largest web page or PDF: these are parsed as a whole. Text has no limit."""
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?=\S)")
_HEADING_WITHIN = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """One document as its file gives it."""

    record_id: str | None
    """Its id within the file; None where the file is the document."""
    title: str
    """Its title."""
    pieces: Iterable[str]
    """Its text; no passage reaches over the end of a piece."""
    is_cut: bool = False
    """Whether each piece is a passage of its own, such as a row of a table."""


def read_documents(
    handle: BinaryIO, name: str, *, found: Survey, notes: list[str]
) -> Iterator[SourceDocument]:
    """Yield the documents of a file, each to be used up before the next; remarks go to `notes`.

    Raises:
        Unreadable: The file holds no text that could be indexed.
    """
    kind = file_kind(name, found)
    if kind is FileKind.RECORDS and not holds_records(handle, found):
        kind = FileKind.TEXT
    if found.note and kind is not FileKind.PDF:
        notes.append(found.note)
    if kind is FileKind.RECORDS:
        for record in read_records(handle, found, notes):
            yield SourceDocument(
                record_id=record.record_id, title=record.title, pieces=(record.text,)
            )
        return
    if kind is FileKind.ARCHIVE:
        yield from _members(handle, notes)
        return
    yield _whole(handle, name, found=found, kind=kind)


def words_of_name(name: str) -> str:
    """Return a file's name as a title.

    >>> words_of_name("deep-sea_dives.v2.txt")
    'deep sea dives.v2'
    """
    stem = PurePath(name).stem
    return " ".join(stem.replace("_", " ").replace("-", " ").split()) or stem


def _whole(handle: BinaryIO, name: str, *, found: Survey, kind: FileKind) -> SourceDocument:
    title = words_of_name(name)
    match kind:
        case FileKind.TABLE:
            is_tabbed = PurePath(name).suffix.lower() == ".tsv"
            rows = table_rows(handle, found, is_tabbed=is_tabbed)
            return SourceDocument(record_id=None, title=title, pieces=rows, is_cut=True)
        case FileKind.PDF:
            _check_size(found)
            return SourceDocument(record_id=None, title=title, pieces=pdf_pages(handle))
        case FileKind.WEB_PAGE:
            _check_size(found)
            page = read_page(handle.read(found.size), found)
            return SourceDocument(record_id=None, title=page.title or title, pieces=(page.text,))
        case FileKind.XML:
            return _xml(handle, title, found=found)
        case FileKind.WORKBOOK:
            rows = sheet_rows(sheets(handle))
            return SourceDocument(record_id=None, title=title, pieces=rows, is_cut=True)
        case FileKind.WORD:
            text = in_pieces(word_text(handle))
            return SourceDocument(record_id=None, title=title, pieces=text)
        case FileKind.SLIDES:
            return SourceDocument(record_id=None, title=title, pieces=slide_text(handle))
        case FileKind.IMAGE:
            text = _picture(handle, name, found.size)
            return SourceDocument(record_id=None, title=title, pieces=(text,))
        case FileKind.MARKDOWN:
            blocks = text_blocks(handle, found)
            first = next(blocks, "")
            title = _heading(first[:_HEADING_WITHIN]) or title
            return SourceDocument(record_id=None, title=title, pieces=_chain(first, blocks))
        case _:
            return SourceDocument(record_id=None, title=title, pieces=text_blocks(handle, found))


def _xml(handle: BinaryIO, title: str, *, found: Survey) -> SourceDocument:
    """Return an XML file's rows and prose; of one that cannot be read as such, its characters."""
    _check_size(found)
    pieces = xml_pieces(handle.read(found.size))
    if pieces is None:
        handle.seek(0)
        return SourceDocument(record_id=None, title=title, pieces=text_blocks(handle, found))
    return SourceDocument(record_id=None, title=title, pieces=pieces, is_cut=True)


def _members(handle: BinaryIO, notes: list[str]) -> Iterator[SourceDocument]:
    """Yield the documents of an archive's files; those that cannot be read are remarked on."""
    with open_archive(handle) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            if PurePath(member.filename).suffix.lower() == ".zip":
                notes.append(f"{member.filename}: an archive in an archive is left out")
                continue
            inner = BytesIO(read_member(archive, member))
            found = survey(inner)
            inner.seek(0)
            try:
                for document in read_documents(inner, member.filename, found=found, notes=notes):
                    part = f"/{document.record_id}" if document.record_id else ""
                    yield replace(document, record_id=f"{member.filename}{part}")
            except Unreadable as err:
                notes.append(f"{member.filename}: {err}")


def _picture(handle: BinaryIO, name: str, size: int) -> str:
    """Return what is known of a picture that nobody looked at."""
    try:
        facts = image_facts(handle)
    except ImageBroken as err:
        raise Unreadable(str(err)) from err
    taken = f", taken on {facts.taken}" if facts.taken else ""
    return (
        f"The image {PurePath(name).name}: {facts.format}, {facts.width} x {facts.height} pixels, "
        f"{size:,} bytes{taken}. What it shows was not read."
    )


def _check_size(found: Survey) -> None:
    if found.size > MOST_PARSED_BYTES:
        raise Unreadable(
            f"{found.size / 2**20:.0f} MiB; a web page or PDF may have"
            f" {MOST_PARSED_BYTES >> 20} MiB: split it, or save it as text"
        )


def _heading(text: str) -> str | None:
    """Return the first heading of a Markdown text: a line behind marks, or an underlined one."""
    above = ""
    for line in text.splitlines():
        mark = _HEADING.match(line)
        if mark is not None:
            title = line[mark.end() :].rstrip()
            return title.rstrip("#").rstrip() or title
        underline = line.rstrip()
        if above and underline and underline.strip("=-") == "" and len(set(underline)) == 1:
            return above.strip()
        above = line if line[:1].strip() else ""
    return None


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest
