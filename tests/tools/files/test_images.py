"""What the headers of images tell, and images as documents."""

import zlib
from io import BytesIO
from pathlib import Path
from struct import pack

import pytest

from sonde.tools.corpus.corpus import Corpus
from sonde.tools.files.images import ImageBroken, ImageFacts, image_facts

EXIF_FOLDER, TAKEN, CHANGED = 0x8769, 0x9003, 0x0132


def png(width: int, height: int) -> bytes:
    header = pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + pack(">I", 13) + chunk + pack(">I", zlib.crc32(chunk))


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + pack(">H", len(data) + 2) + data


def exif(order: str, *, taken: str | None, changed: str | None = None) -> bytes:
    """Return an EXIF record: its first directory, one for the photograph, and the texts."""
    first = [(EXIF_FOLDER, 4, 1, 50)] + ([(CHANGED, 2, 20, 90)] if changed else [])
    second = [(TAKEN, 2, 20, 70)] if taken else []

    def folder(entries: list[tuple[int, int, int, int]]) -> bytes:
        rows = b"".join(pack(order + "HHII", *entry) for entry in entries)
        return pack(order + "H", len(entries)) + rows

    head = (b"II*\0" if order == "<" else b"MM\0*") + pack(order + "I", 8)
    record = (head + folder(first)).ljust(50, b"\0") + folder(second)
    record = record.ljust(70, b"\0") + (taken or "").encode().ljust(20, b"\0")
    return b"Exif\0\0" + record + (changed or "").encode() + b"\0"


def jpeg(width: int, height: int, *segments: bytes) -> bytes:
    frame = segment(0xC2, pack(">BHHB", 8, height, width, 3) + bytes(9))
    return b"\xff\xd8" + b"".join(segments) + b"\xff\xff" + frame[1:] + b"\xff\xd9"


def webp(kind: bytes, data: bytes) -> bytes:
    return b"RIFF" + pack("<I", len(data) + 12) + b"WEBP" + kind + pack("<I", len(data)) + data


LOSSLESS = b"\x2f" + pack("<I", 639 | 479 << 14)
EXTENDED = bytes(4) + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")
LOSSY = bytes(3) + b"\x9d\x01\x2a" + pack("<HH", 640, 480)
APP0 = segment(0xE0, b"JFIF\0" + bytes(9))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (png(640, 480), "PNG"),
        (b"GIF89a" + pack("<HH", 640, 480) + bytes(3), "GIF"),
        (jpeg(640, 480), "JPEG"),
        (jpeg(640, 480, APP0, segment(0xC4, bytes(40)), b"\xff\x01"), "JPEG"),
        (webp(b"VP8 ", LOSSY), "WebP"),
        (webp(b"VP8L", LOSSLESS + bytes(9)), "WebP"),
        (webp(b"VP8X", EXTENDED), "WebP"),
    ],
)
def test_format_and_size_are_read(data: bytes, name: str) -> None:
    facts = image_facts(BytesIO(data))
    assert facts == ImageFacts(format=name, width=640, height=480)
    assert facts.mime == f"image/{name.lower()}"


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_time_of_a_photograph_is_read(order: str) -> None:
    taken = exif(order, taken="2024:05:01 10:22:33", changed="2025:01:01 00:00:00")
    changed = exif(order, taken=None, changed="2025:01:01 00:00:00")
    assert image_facts(BytesIO(jpeg(9, 7, segment(0xE1, taken)))).taken == "2024-05-01 10:22:33"
    assert image_facts(BytesIO(jpeg(9, 7, segment(0xE1, changed)))).taken == "2025-01-01 00:00:00"
    for cut in range(6, len(taken)):
        broken = segment(0xE1, taken[:cut])
        assert image_facts(BytesIO(jpeg(9, 7, broken))).width == 9


RECORD = exif(">", taken="2024:05:01 10:22:33")


def chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))


def tiff(order: str, *, width: int, height: int) -> bytes:
    """Return a TIFF whose directory stands at its end; one side is a short number, one is long."""
    tags = [(0x0100, 3, 1), (0x0101, 4, 1), (CHANGED, 2, 20)]
    values = [pack(order + "HH", width, 0), pack(order + "I", height), pack(order + "I", 8)]
    rows = [pack(order + "HHI", *tag) + value for tag, value in zip(tags, values, strict=True)]
    head = (b"II*\0" if order == "<" else b"MM\0*") + pack(order + "I", 28)
    return head + b"2024:05:01 10:22:33\0" + pack(order + "H", len(rows)) + b"".join(rows)


def box(kind: bytes, *parts: bytes) -> bytes:
    return pack(">I", 8 + sum(map(len, parts))) + kind + b"".join(parts)


def heif(brand: bytes, record: bytes, *, version: int = 1) -> bytes:
    """Return the boxes of a photograph in tiles: its metadata, then its EXIF record."""

    def size(width: int, height: int) -> bytes:
        return box(b"ispe", bytes(4), pack(">II", width, height))

    info = box(b"infe", b"\2\0\0\0", pack(">HH", 7, 0), b"Exif\0")
    items = box(b"iinf", bytes(4), pack(">H", 1), info)
    sizes = box(b"iprp", box(b"ipco", size(512, 512), size(640, 480)))

    def meta(at: int) -> bytes:
        method = pack(">H", 0) if version else b""
        tile = pack(">H", 1) + method + pack(">HHII", 0, 1, 0, 9)
        place = pack(">H", 7) + method + pack(">HHII", 0, 1, at, len(record))
        where = box(b"iloc", bytes([version, 0, 0, 0, 0x44, 0]), pack(">H", 2), tile, place)
        return box(b"meta", bytes(4), items, sizes, where)

    front = box(b"ftyp", brand, bytes(4)) + box(b"free", bytes(3))
    return front + meta(len(front) + len(meta(0))) + record


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (png(640, 480) + chunk(b"IDAT", bytes(9)) + chunk(b"eXIf", RECORD[6:]), "PNG"),
        (webp(b"VP8X", EXTENDED) + b"ICCP\3\0\0\0abc\0EXIF" + pack("<I", 99) + RECORD, "WebP"),
        (tiff("<", width=640, height=480), "TIFF"),
        (tiff(">", width=640, height=480), "TIFF"),
        (heif(b"heic", pack(">I", 6) + RECORD), "HEIC"),
        (heif(b"heic", pack(">I", 6) + RECORD, version=0), "HEIC"),
        (heif(b"avif", pack(">I", 0) + RECORD[6:]), "AVIF"),
    ],
)
def test_every_format_with_a_record_tells_its_time_and_breaks_in_plain_words(
    data: bytes, name: str
) -> None:
    facts = image_facts(BytesIO(data))
    assert facts == ImageFacts(format=name, width=640, height=480, taken="2024-05-01 10:22:33")
    outcomes: set[str] = set()
    for cut in range(len(data)):
        try:
            outcomes.add(image_facts(BytesIO(data[:cut])).format)
        except ImageBroken:
            outcomes.add("refused")
    assert outcomes <= {name, "refused"}


@pytest.mark.parametrize(
    "data",
    [
        heif(b"heic", b"")[:40],
        box(b"ftyp", b"heic") + pack(">I", 0) + b"meta",
        box(b"ftyp", b"avif") + pack(">I", 1) + b"meta" + b"\xff" * 8,
        b"II*\0" + pack("<I", 8) + pack("<H", 0xFFFF),
        b"MM\0*" + b"\xff" * 4,
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        png(0, 5),
        b"GIF89a\1",
        b"\xff\xd8\xff" + bytes(20),
        b"\xff\xd8" + b"\xff" * 5_000,
        b"\xff\xd8" + segment(0xE0, b"") * 5_000,
        jpeg(9, 7)[:11],
        webp(b"VP8?", bytes(20)),
        webp(b"VP8 ", bytes(3)),
    ],
)
def test_what_is_no_whole_image_is_refused(data: bytes) -> None:
    with pytest.raises(ImageBroken):
        image_facts(BytesIO(data))


def test_an_image_is_a_document_of_what_is_known_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "harbour_plan.png").write_bytes(png(640, 480))
    (folder / "broken.png").write_bytes(png(0, 0))
    (folder / "text.jpg").write_text("no image", encoding="utf-8")
    with Corpus.open([folder], index_root=tmp_path / "index") as corpus:
        (found,) = corpus.search("harbour plan")
        reasons = sorted(each.reason for each in corpus.stats().skipped)
    assert found.text == (
        "The image harbour_plan.png: PNG, 640 x 480 pixels, 33 bytes. What it shows was not read."
    )
    assert found.title == "harbour plan"
    assert reasons == [
        "named .jpg, but it is no such file; name it for what it is",
        "the PNG image is broken: its size cannot be read",
    ]
