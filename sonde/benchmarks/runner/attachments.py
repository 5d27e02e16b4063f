"""Attachments in a form that a corpus can take in; a note stands for what it cannot read."""

import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path

from ...tools.corpus.decoding import survey
from ...tools.corpus.file_kind import FileKind, Unreadable, file_kind
from ...tools.files.images import ImageBroken, image_facts

_DIGITS = 24
_ZIPPED = (FileKind.ARCHIVE, FileKind.WORKBOOK, FileKind.WORD, FileKind.SLIDES)


def searchable(files: Sequence[Path], *, folder: Path) -> tuple[Path, ...]:
    """Return attachments for a corpus.

    Text, tables, pages, PDF, workbooks, office documents and archives are taken as they are. Of
    anything else, and of what is broken, a note says that it could not be read: this fails no
    attempt, and an agent with a tool for such files uses it.

    Args:
        files: The attachments of a task.
        folder: Where notes are kept, under the digest of what they tell.
    """
    return tuple(
        file if (why := _refusal(file)) is None else _note(file, why, folder) for file in files
    )


def _refusal(file: Path) -> str | None:
    """Return why a corpus cannot take a file in; None where it can."""
    with file.open("rb") as handle:
        found = survey(handle)
    try:
        kind = file_kind(file.name, found)
    except Unreadable as err:
        return f"could not be read here: {err}"
    if kind in _ZIPPED and not zipfile.is_zipfile(file):
        return "is broken"
    return _broken_image(file) if kind is FileKind.IMAGE else None


def _broken_image(file: Path) -> str | None:
    with file.open("rb") as handle:
        try:
            image_facts(handle)
        except ImageBroken as err:
            return f"could not be read here: {err}"
    return None


def _note(file: Path, why: str, folder: Path) -> Path:
    """Return the file of a note on an attachment."""
    text = f"The attachment {file.name} {why}.\n"
    note = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}.txt"
    if not note.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        note.write_text(text, encoding="utf-8")
    return note
