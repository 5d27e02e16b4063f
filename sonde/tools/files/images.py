"""What the first bytes of an image tell: format, size in pixels, and when it was taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from .exif import taken_by_record, tiff_facts
from .heif import heif_facts, heif_format

SHOWN = frozenset({"PNG", "JPEG", "GIF", "WebP"})
"""Formats that models take; of others only what their headers tell is known."""
_MOST_SEGMENTS = 500
_MOST_CHUNKS = 20_000
_MOST_EXIF_BYTES = 1 << 16
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # start of frame; the rest are tables
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


class ImageBroken(Exception):
    """A file begins like an image and goes on like none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """What is known of an image without decoding it."""

    format: str
    """`PNG`, `JPEG`, `GIF`, `WebP`, `TIFF`, `HEIC` or `AVIF`."""
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
    if head.startswith((b"II*\0", b"MM\0*")):
        return "TIFF"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    return heif_format(head)


def image_facts(handle: BinaryIO) -> ImageFacts:
    """Read the headers of an image, a few kilobytes at most; the handle stands at its start.

    Raises:
        ImageBroken: It is no image of a known format, or its headers cannot be read.
    """
    name = image_format(handle.read(32))
    if name is None:
        raise ImageBroken("no image of a known format")
    size, taken = _READERS[name](handle)
    if size is None or 0 in size:
        raise ImageBroken(f"the {name} image is broken: its size cannot be read")
    return ImageFacts(format=name, width=size[0], height=size[1], taken=taken)


class _Told(NamedTuple):
    """What the headers of a format tell."""

    size: tuple[int, int] | None
    """Width and height in pixels."""
    taken: str | None = None
    """When it was taken."""


def _png(handle: BinaryIO) -> _Told:
    """Return size and time of a PNG; its EXIF record is a chunk before or after the pixels."""
    size = _png_size(_head(handle))
    handle.seek(8)
    for _ in range(_MOST_CHUNKS if size else 0):
        head = handle.read(8)
        if len(head) < 8 or head[4:] == b"IEND":
            break
        if head[4:] == b"eXIf":
            return _Told(size, taken_by_record(handle.read(min(_big(head[:4]), _MOST_EXIF_BYTES))))
        handle.seek(_big(head[:4]) + 4, 1)
    return _Told(size)


def _webp(handle: BinaryIO) -> _Told:
    """Return size and time of a WebP; its EXIF record is a chunk behind the pixels."""
    size = _webp_size(_head(handle))
    handle.seek(12)
    for _ in range(_MOST_CHUNKS if size else 0):
        head = handle.read(8)
        if len(head) < 8:
            break
        length = _little(head[4:])
        if head[:4] == b"EXIF":
            return _Told(size, taken_by_record(handle.read(min(length, _MOST_EXIF_BYTES))))
        handle.seek(length + length % 2, 1)
    return _Told(size)


def _gif(handle: BinaryIO) -> _Told:
    return _Told(_gif_size(_head(handle)))


def _tiff(handle: BinaryIO) -> _Told:
    width, height, taken = tiff_facts(handle)
    return _Told((width, height), taken)


def _heif(handle: BinaryIO) -> _Told:
    return _Told(*heif_facts(handle))


def _head(handle: BinaryIO) -> bytes:
    handle.seek(0)
    return handle.read(32)


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


def _jpeg(handle: BinaryIO) -> _Told:
    """Return size and time of a JPEG: segments are leapt over until the frame begins."""
    handle.seek(2)
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
            size = (_big(frame[3:5]), _big(frame[1:3])) if len(frame) == 5 else None
            return _Told(size, taken)
        segment = handle.read(min(length, _MOST_EXIF_BYTES)) if mark[1] == 0xE1 else b""
        if segment.startswith(b"Exif\0\0"):
            taken = taken or taken_by_record(segment)
        handle.seek(length - len(segment), 1)
    return _Told(None, taken)


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


_READERS: Mapping[str, Callable[[BinaryIO], _Told]] = {
    "PNG": _png,
    "JPEG": _jpeg,
    "GIF": _gif,
    "WebP": _webp,
    "TIFF": _tiff,
    "HEIC": _heif,
    "AVIF": _heif,
}
