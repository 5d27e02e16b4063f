"""What the first bytes of an image tell: format, size in pixels, and when it was taken."""

import re
from dataclasses import dataclass
from typing import BinaryIO

_MOST_SEGMENTS = 500
_MOST_EXIF_BYTES = 1 << 16
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # start of frame; the rest are tables
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_EXIF_FOLDER, _TAKEN, _CHANGED = 0x8769, 0x9003, 0x0132  # tags of EXIF 2.3, tables 3 to 8
_DAY = re.compile(rb"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")


class ImageBroken(Exception):
    """A file begins like an image and goes on like none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """What is known of an image without decoding it."""

    format: str
    """`PNG`, `JPEG`, `GIF` or `WebP`."""
    width: int
    """Pixels from left to right, as they are stored."""
    height: int
    """Pixels from top to bottom, as they are stored."""
    taken: str | None = None
    """When it was taken, by its own EXIF record, as `2024-05-01 10:22:33`."""

    @property
    def mime(self) -> str:
        """Its media type."""
        return f"image/{self.format.lower()}"


def image_format(head: bytes) -> str | None:
    """Return the format that a file's first bytes name; None where it is no image known here.

    >>> image_format(b"GIF89a"), image_format(b"RIFF....WEBPVP8 "), image_format(b"# Title")
    ('GIF', 'WebP', None)
    """
    if head.startswith(b"\x89PNG"):
        return "PNG"
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    return "WebP" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def image_facts(handle: BinaryIO) -> ImageFacts:
    """Read the headers of an image, a few kilobytes at most; the handle stands at its start.

    Raises:
        ImageBroken: It is no image of a known format, or its headers cannot be read.
    """
    head = handle.read(32)
    name = image_format(head)
    taken = None
    if name == "JPEG":
        handle.seek(2)
        size, taken = _jpeg(handle)
    elif name is not None:
        size = {"PNG": _png_size, "GIF": _gif_size, "WebP": _webp_size}[name](head)
    else:
        raise ImageBroken("no image of a known format")
    if size is None or 0 in size:
        raise ImageBroken(f"the {name} image is broken: its size cannot be read")
    return ImageFacts(format=name, width=size[0], height=size[1], taken=taken)


def _png_size(head: bytes) -> tuple[int, int] | None:
    if head[4:8] != b"\r\n\x1a\n" or head[12:16] != b"IHDR" or len(head) < 24:
        return None
    return _big(head[16:20]), _big(head[20:24])


def _gif_size(head: bytes) -> tuple[int, int] | None:
    return (_little(head[6:8]), _little(head[8:10])) if len(head) >= 10 else None


def _webp_size(head: bytes) -> tuple[int, int] | None:
    """Return the size by the first chunk: lossy, lossless or extended (RFC 9649)."""
    if len(head) < 30:
        return None
    kind = head[12:16]
    if kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        return _little(head[26:28]) & 0x3FFF, _little(head[28:30]) & 0x3FFF
    if kind == b"VP8L" and head[20] == 0x2F:
        bits = _little(head[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return _little(head[24:27]) + 1, _little(head[27:30]) + 1
    return None


def _jpeg(handle: BinaryIO) -> tuple[tuple[int, int] | None, str | None]:
    """Return size and time of a JPEG: segments are leapt over until the frame begins."""
    taken: str | None = None
    for _ in range(_MOST_SEGMENTS):
        mark = handle.read(2)
        if len(mark) < 2 or mark[0] != 0xFF:
            break
        if mark[1] == 0xFF:  # filling before a marker
            handle.seek(-1, 1)
            continue
        if mark[1] in _WITHOUT_LENGTH:
            continue
        length = _big(handle.read(2)) - 2
        if length < 0:
            break
        if mark[1] in _FRAMES:
            frame = handle.read(5)
            return ((_big(frame[3:5]), _big(frame[1:3])) if len(frame) == 5 else None), taken
        segment = handle.read(min(length, _MOST_EXIF_BYTES)) if mark[1] == 0xE1 else b""
        if segment.startswith(b"Exif\0\0"):
            taken = taken or _taken(segment[6:])
        handle.seek(length - len(segment), 1)
    return None, taken


def _taken(tiff: bytes) -> str | None:
    """Return when a picture was taken, else when it was changed, by the record of its camera."""
    order = {b"II*\0": "little", b"MM\0*": "big"}.get(tiff[:4])
    if order is None:
        return None
    first = _tags(tiff, _number(tiff[4:8], order), order)
    inner = _tags(tiff, first.get(_EXIF_FOLDER, 0), order)
    at = inner.get(_TAKEN) or first.get(_CHANGED) or 0
    day = _DAY.match(tiff, at) if at else None
    if day is None:
        return None
    year, month, date, clock = (part.decode() for part in day.groups())
    return f"{year}-{month}-{date} {clock}"


def _tags(tiff: bytes, at: int, order: str) -> dict[int, int]:
    """Return the tags of a directory with their four bytes of value or place, as numbers."""
    if at <= 0 or at + 2 > len(tiff):
        return {}
    count = _number(tiff[at : at + 2], order)
    entries = [tiff[at + 2 + 12 * i : at + 14 + 12 * i] for i in range(min(count, _MOST_SEGMENTS))]
    return {
        _number(each[:2], order): _number(each[8:], order) for each in entries if len(each) == 12
    }


def _number(data: bytes, order: str) -> int:
    return _little(data) if order == "little" else _big(data)


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
