"""Directories of tags, as TIFF images and the EXIF records of cameras have them (EXIF 2.3)."""

import re
from collections.abc import Mapping
from io import SEEK_END, BytesIO
from typing import BinaryIO, Literal, NamedTuple

_MARKS: Mapping[bytes, Literal["little", "big"]] = {b"II*\0": "little", b"MM\0*": "big"}
_MOST_TAGS = 500
_TAG_BYTES = 12
_WIDTH, _HEIGHT = 0x0100, 0x0101
_EXIF_FOLDER, _TAKEN, _CHANGED = 0x8769, 0x9003, 0x0132
_SHORT = 3
_DAY = re.compile(rb"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")


class TiffFacts(NamedTuple):
    """What the directories of a TIFF tell."""

    width: int
    """Pixels from left to right; 0 where it is not told."""
    height: int
    """Pixels from top to bottom; 0 where it is not told."""
    taken: str | None
    """When the picture was taken, else changed, as `2024-05-01 10:22:33`."""


def taken_by_record(record: bytes) -> str | None:
    """Return when a picture was taken, by its EXIF record, with or without its mark in front."""
    return tiff_facts(BytesIO(record.removeprefix(b"Exif\0\0"))).taken


def tiff_facts(handle: BinaryIO) -> TiffFacts:
    """Return what a TIFF tells of itself; the handle is read from its start, a few kilobytes."""
    end = handle.seek(0, SEEK_END)
    head = _bytes_at(handle, 0, 8)
    order = _MARKS.get(head[:4])
    if order is None:
        return TiffFacts(0, 0, None)
    first = _tags(handle, int.from_bytes(head[4:], order), end, order)
    inner = _tags(handle, first.get(_EXIF_FOLDER, 0), end, order)
    at = inner.get(_TAKEN) or first.get(_CHANGED) or 0
    day = _DAY.match(_bytes_at(handle, at, 20)) if at else None
    return TiffFacts(first.get(_WIDTH, 0), first.get(_HEIGHT, 0), day and _in_words(day))


def _tags(handle: BinaryIO, at: int, end: int, order: Literal["little", "big"]) -> dict[int, int]:
    """Return the tags of a directory, each with its value, or the place where that stands."""
    if not 0 < at < end:
        return {}
    count = min(int.from_bytes(_bytes_at(handle, at, 2), order), _MOST_TAGS)
    rows = _bytes_at(handle, at + 2, count * _TAG_BYTES)
    tags: dict[int, int] = {}
    for start in range(0, len(rows) - _TAG_BYTES + 1, _TAG_BYTES):
        row = rows[start : start + _TAG_BYTES]
        is_short = int.from_bytes(row[2:4], order) == _SHORT
        value = row[8:10] if is_short else row[8:]
        tags[int.from_bytes(row[:2], order)] = int.from_bytes(value, order)
    return tags


def _bytes_at(handle: BinaryIO, at: int, length: int) -> bytes:
    handle.seek(at)
    return handle.read(length)


def _in_words(day: re.Match[bytes]) -> str:
    year, month, date, clock = (part.decode() for part in day.groups())
    return f"{year}-{month}-{date} {clock}"
