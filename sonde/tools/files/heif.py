"""Photographs of telephones: HEIC and AVIF files, as boxes within boxes (ISO/IEC 23008-12)."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from .exif import taken_by_record

_HEIC = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
_AVIF = frozenset({b"avif", b"avis"})
_MOST_BOXES = 1_000
_MOST_META_BYTES = 1 << 20
_MOST_EXIF_BYTES = 1 << 16
_HEAD = 8


class HeifFacts(NamedTuple):
    """What the boxes of a picture tell."""

    size: tuple[int, int] | None
    """Pixels from left to right and from top to bottom, before it is turned."""
    taken: str | None
    """When it was taken, by its EXIF record."""


class _Box(NamedTuple):
    kind: bytes
    body: bytes


class _Place(NamedTuple):
    """Where an item's bytes stand in the file."""

    start: int = 0
    length: int = 0
    """0 where it is not told."""


def heif_format(head: bytes) -> str | None:
    """Return `HEIC` or `AVIF`, by the brand that a file begins with; None for any other."""
    if head[4:8] != b"ftyp":
        return None
    return "HEIC" if head[8:12] in _HEIC else "AVIF" if head[8:12] in _AVIF else None


def heif_facts(handle: BinaryIO) -> HeifFacts:
    """Return size and time; the largest size that is told, as tiles have sizes of their own."""
    boxes = {box.kind: box.body for box in _boxes(_meta(handle)[4:])}
    properties = {box.kind: box.body for box in _boxes(boxes.get(b"iprp", b""))}
    sizes = [
        (_number(box.body[4:8]), _number(box.body[8:12]))
        for box in _boxes(properties.get(b"ipco", b""))
        if box.kind == b"ispe" and len(box.body) >= 12
    ]
    size = max(sizes, key=lambda each: each[0] * each[1], default=None)
    place = _place(boxes.get(b"iloc", b""), _exif_item(boxes.get(b"iinf", b"")))
    handle.seek(place.start)
    record = handle.read(min(place.length, _MOST_EXIF_BYTES))
    skipped = 4 + _number(record[:4])  # the record says how far before its directories begin
    return HeifFacts(size, taken_by_record(record[skipped:]))


def _meta(handle: BinaryIO) -> bytes:
    """Return the box of metadata; empty where there is none, or a box has no sensible length."""
    handle.seek(0)
    for _ in range(_MOST_BOXES):
        head = handle.read(_HEAD)
        length = _number(head[:4])
        if length == 1:  # the true length follows, in eight bytes
            length = _number(handle.read(8)) - 8
        if len(head) < _HEAD or length < _HEAD:
            break
        if head[4:] == b"meta":
            return handle.read(min(length - _HEAD, _MOST_META_BYTES))
        handle.seek(length - _HEAD, 1)
    return b""


def _boxes(data: bytes) -> Iterator[_Box]:
    at = 0
    for _ in range(_MOST_BOXES):
        length = _number(data[at : at + 4])
        if length < _HEAD or at + length > len(data):
            return
        yield _Box(data[at + 4 : at + _HEAD], data[at + _HEAD : at + length])
        at += length


def _exif_item(info: bytes) -> int | None:
    """Return the number of the item that holds the EXIF record."""
    start = 6 if info[:1] == b"\0" else 8
    for box in _boxes(info[start:]):
        version = box.body[0] if box.body else 0
        wide = 4 if version == 3 else 2
        if version in (2, 3) and box.body[6 + wide : 10 + wide] == b"Exif":
            return _number(box.body[4 : 4 + wide])
    return None


def _place(locations: bytes, item: int | None) -> _Place:
    """Return where an item's bytes stand in the file, by the box `iloc` (section 8.11.3)."""
    if item is None or len(locations) < 8:
        return _Place()
    version = locations[0]
    offset, length = locations[4] >> 4, locations[4] & 15
    base, index = locations[5] >> 4, (locations[5] & 15 if version else 0)
    wide = 4 if version == 2 else 2
    at = 6 + wide
    for _ in range(min(_number(locations[6:at]), _MOST_BOXES)):
        number = _number(locations[at : at + wide])
        at += wide
        method = _number(locations[at : at + 2]) & 15 if version else 0
        at += (2 if version else 0) + 2  # the file that is meant follows: this one
        begin = _number(locations[at : at + base])
        extents = _number(locations[at + base : at + base + 2])
        at += base + 2
        if number == item:
            at += index
            begin += _number(locations[at : at + offset])
            size = _number(locations[at + offset : at + offset + length])
            return _Place(begin, size) if method == 0 else _Place()
        at += extents * (index + offset + length)
    return _Place()


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")
