"""Plain PDF pages of text lines, written with the standard library; same lines, same bytes."""

from collections.abc import Sequence

_LINES_A_PAGE = 48
_FIRST_LINE, _LINE_HEIGHT, _LEFT = 780, 15, 60


def pdf(lines: Sequence[str]) -> bytes:
    """Return a PDF of these lines, from the top left, in as many pages as they need.

    Raises:
        ValueError: A line holds a character that Latin-1 has not.
    """
    pages = [lines[i : i + _LINES_A_PAGE] for i in range(0, max(len(lines), 1), _LINES_A_PAGE)]
    first_page = 4
    kids = " ".join(f"{first_page + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        content = _content(page)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            b"/Resources << /Font << /F1 3 0 R >> >> "
            + f"/Contents {first_page + 2 * number + 1} 0 R >>".encode()
        )
        objects.append(
            f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"
        )
    return _file(objects)


def _content(lines: Sequence[str]) -> bytes:
    shown = b"".join(b"(%s) Tj T*\n" % _escaped(line) for line in lines)
    start = f"BT /F1 11 Tf {_LINE_HEIGHT} TL {_LEFT} {_FIRST_LINE} Td\n".encode()
    return start + shown + b"ET"


def _escaped(line: str) -> bytes:
    try:
        data = line.encode("latin-1")
    except UnicodeEncodeError as err:
        raise ValueError(f"this PDF writer knows Latin-1 only, not {line!r}") from err
    return data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(objects: Sequence[bytes]) -> bytes:
    data = b"%PDF-1.4\n"
    places: list[int] = []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return (
        data
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(data))
    )
