"""The text of Word documents and slides (extra `files`)."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import BinaryIO, cast

from ...records.extras import install_hint
from ...text.rows import row_text
from ..corpus.file_kind import Unreadable
from .archives import check_markup, open_archive
from .workbook import Sheet

_MOST_SLIDES = 2_000
_A_PIECE = 400_000
"""Characters after which a piece ends: memory stays bounded, and a piece holds many passages."""


def word_text(handle: BinaryIO) -> Iterator[str]:
    """Yield the text of a Word document, paragraph by paragraph; tables as rows.

    Raises:
        Unreadable: The package is missing, or the file is no such document or a hostile one.
    """
    _check(handle, part="word/document.xml", package="docx", what="a Word document")
    from docx import Document
    from docx.table import Table

    try:
        document = Document(handle)
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                yield from (f"{_row(cell.text for cell in row.cells)}\n" for row in block.rows)
                yield "\n"
            elif block.text.strip():
                style = str(getattr(block.style, "name", "") or "")
                mark = "# " if style.startswith(("Heading", "Title")) else ""
                yield f"{mark}{block.text.strip()}\n\n"
    except (KeyError, ValueError, OSError, AttributeError) as err:
        raise Unreadable(f"the Word document is damaged ({type(err).__name__})") from err


def slide_text(handle: BinaryIO) -> Iterator[str]:
    """Yield the text of slides, one piece a slide, their notes too.

    Raises:
        Unreadable: The package is missing, or the file holds no slides or is a hostile one.
    """
    _check(handle, part="ppt/presentation.xml", package="pptx", what="a set of slides")
    from pptx import Presentation

    try:
        slides = Presentation(handle).slides
        for number, slide in enumerate(slides, start=1):
            if number > _MOST_SLIDES:
                raise Unreadable(f"over {_MOST_SLIDES:,} slides")
            lines = [line for shape in slide.shapes for line in _shape_lines(shape)]
            if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
                lines.append(slide.notes_slide.notes_text_frame.text)
            text = "\n\n".join(line.strip() for line in lines if line.strip())
            yield f"# Slide {number}\n\n{text}\n\n"
    except (KeyError, ValueError, OSError, AttributeError) as err:
        raise Unreadable(f"the slides are damaged ({type(err).__name__})") from err


def sheet_rows(found: Iterable[Sheet]) -> Iterator[str]:
    """Yield each row of a workbook as a text that names its sheet and columns."""
    for sheet in found:
        head: list[str] | None = None
        for row in sheet.rows:
            cells = ["" if cell is None else str(cell).strip() for cell in row]
            if head is None:
                head = cells
                continue
            named = enumerate(zip(head, cells, strict=False), start=1)
            row = row_text((name or f"Column {at}", cell) for at, (name, cell) in named)
            yield f"{sheet.name}. {row}\n"
        if head is not None:
            yield f"{sheet.name}. Columns: {', '.join(filter(None, head))}\n"


def in_pieces(parts: Iterable[str]) -> Iterator[str]:
    """Join short parts to pieces of a size that is worth cutting into passages."""
    held: list[str] = []
    length = 0
    for part in parts:
        held.append(part)
        length += len(part)
        if length > _A_PIECE:
            yield "".join(held)
            held, length = [], 0
    yield "".join(held)


def _check(handle: BinaryIO, *, part: str, package: str, what: str) -> None:
    if find_spec(package) is None:
        raise Unreadable(f"{what} needs: {install_hint('files')}; or save it as PDF")
    with open_archive(handle) as archive:
        if part not in archive.namelist():
            raise Unreadable(f"named as {what}, but it is none")
        check_markup(archive)
    handle.seek(0)


def _row(cells: Iterable[str]) -> str:
    return " | ".join(" ".join(cell.split()) for cell in cells)


def _shape_lines(shape: object) -> Iterator[str]:
    text: object = getattr(shape, "text", None)
    if isinstance(text, str) and getattr(shape, "has_text_frame", False):
        yield text
    if getattr(shape, "has_table", False):
        for row in getattr(shape, "table").rows:  # noqa: B009 - its type has no table
            yield _row(str(cell.text) for cell in row.cells)
    for inner in cast(Iterable[object], getattr(shape, "shapes", ())):
        yield from _shape_lines(inner)
