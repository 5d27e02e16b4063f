"""Sheets of an Excel workbook, row by row (extra `files`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import BinaryIO

from ...records.extras import install_hint
from ..corpus.file_kind import Unreadable
from .archives import check_markup, open_archive

MOST_COLUMNS = 2_000
MOST_ROWS = 1_000_000
_MOST_EMPTY = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet."""

    name: str
    """Its name."""
    rows: Iterator[Sequence[object]]
    """Its rows, to be used up before the next sheet."""


def sheets(handle: BinaryIO) -> Iterator[Sheet]:
    """Yield the sheets of a workbook; a formula gives the value that was last worked out.

    Raises:
        Unreadable: The package is missing, or the file is no workbook or a hostile one.
    """
    if find_spec("openpyxl") is None:
        raise Unreadable(f"a workbook needs: {install_hint('files')}; or save it as CSV")
    from openpyxl import load_workbook

    with open_archive(handle) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise Unreadable("named as a workbook, but it is none")
        check_markup(archive)
    handle.seek(0)
    try:
        book = load_workbook(handle, read_only=True, data_only=True, keep_links=False)
    except Exception as err:  # a damaged workbook breaks its reader in any way
        raise Unreadable(f"the workbook is damaged ({type(err).__name__})") from err
    try:
        for sheet in book.worksheets:
            yield Sheet(
                name=sheet.title, rows=_rows(sheet.iter_rows(values_only=True), sheet.title)
            )
    finally:
        book.close()


def _rows(rows: Iterator[Sequence[object]], name: str) -> Iterator[Sequence[object]]:
    empty = 0
    for number, row in enumerate(rows):
        if len(row) > MOST_COLUMNS:
            raise Unreadable(f"sheet {name!r} has {len(row):,} columns; {MOST_COLUMNS:,} are read")
        if number >= MOST_ROWS:
            raise Unreadable(f"sheet {name!r} has over {MOST_ROWS:,} rows; save it as CSV")
        is_empty = all(value is None for value in row)
        empty = empty + 1 if is_empty else 0
        if empty > _MOST_EMPTY:
            return
        if not is_empty:
            yield row
