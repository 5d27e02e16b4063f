"""Attachments in a form that a corpus can take in: workbooks as tables, archives unpacked."""

import csv
import hashlib
import io
import secrets
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from ...tools.corpus.decoding import survey
from ...tools.corpus.file_kind import Unreadable, file_kind

MOST_UNPACKED_BYTES = 64 << 20
"""Most bytes that are unpacked from one archive."""
_MOST_MEMBERS = 200
_DIGITS = 24
_NOTE = "unread.txt"


def searchable(files: Sequence[Path], *, folder: Path) -> tuple[Path, ...]:
    """Return attachments, or readable copies of them, for a corpus.

    Text, tables, pages and PDF are taken as they are. The files of an archive are unpacked, a
    workbook becomes a table for each sheet (this needs openpyxl). Of anything else a note says that
    it could not be read: this fails no attempt, and an agent with a tool for such files uses it.

    Args:
        files: The attachments of a task.
        folder: Where copies are kept, under the digest of their contents.
    """
    return tuple(file if _refusal(file) is None else _copy(file, folder) for file in files)


def _refusal(file: Path) -> str | None:
    """Return why a corpus cannot take a file in; None where it can."""
    with file.open("rb") as handle:
        found = survey(handle)
    try:
        file_kind(file.name, found)
    except Unreadable as err:
        return str(err)
    return None


def _copy(file: Path, folder: Path) -> Path:
    """Return the folder of a file's readable copy, made once."""
    data = file.read_bytes()
    copy = folder / hashlib.sha256(file.name.encode() + b"\0" + data).hexdigest()[:_DIGITS]
    if copy.is_dir():
        return copy
    draft = folder / f".{copy.name}.{secrets.token_hex(4)}"
    draft.mkdir(parents=True)
    for name, content in _contents(file, data):
        (draft / name).write_bytes(content)
    try:
        draft.rename(copy)
    except OSError:  # another process was quicker
        shutil.rmtree(draft, ignore_errors=True)
        if not copy.is_dir():
            raise
    return copy


def _contents(file: Path, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of what stands for a file."""
    found: list[tuple[str, bytes]] = []
    try:
        if file.suffix.lower() == ".zip":
            found = list(_unpacked(data))
        elif file.suffix.lower() == ".xlsx" and find_spec("openpyxl") is not None:
            found = list(_sheets(file.stem, data))
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, RuntimeError) as err:
        found = [(_NOTE, f"The attachment {file.name} is broken ({err}).\n".encode())]
    if not found:
        found = [(_NOTE, f"The attachment {file.name} could not be read here.\n".encode())]
    yield from found


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive under their own names, numbered; folders are flattened."""
    left = MOST_UNPACKED_BYTES
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [each for each in archive.infolist() if not each.is_dir()]
        for number, member in enumerate(members[:_MOST_MEMBERS], start=1):
            if member.file_size > left:
                continue
            with archive.open(member) as handle:
                content = handle.read(left + 1)
            left -= len(content)
            if left >= 0:
                name = PurePosixPath(member.filename.replace("\\", "/")).name
                yield f"{number:03}-{name[-100:]}", content


def _sheets(stem: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the sheets of a workbook as CSV."""
    import openpyxl  # an extra; whether it is there was asked before

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for number, sheet in enumerate(book.worksheets, start=1):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for row in sheet.iter_rows(values_only=True):
            writer.writerow(["" if cell is None else cell for cell in row])
        name = "".join(char if char.isalnum() else "-" for char in sheet.title)
        yield f"{number:03}-{stem[-60:]}-{name}.csv", text.getvalue().encode()
    book.close()
