"""Each kind of file gives its documents, by its content first and its name second."""

import json
from io import BytesIO
from pathlib import Path

import pytest

from sonde.tools.corpus.corpus import Corpus
from sonde.tools.corpus.decoding import survey
from sonde.tools.corpus.documents import read_documents
from sonde.tools.corpus.file_kind import Unreadable

PAGE = """<!DOCTYPE html><html><head><title>The &amp; Trench</title><style>p {}</style></head>
<body><nav>Menu</nav><article><h1>Trench</h1>
<p>The trench is the deepest place that is known in all the oceans of the world, and two people
reached its floor in the year 1960 after a dive of almost five hours.</p>
<p>They stayed for twenty minutes and saw little, since the landing had stirred up the mud, and
they then rose again to the surface, where a ship had been waiting for them all day.</p>
</article><script>var hidden = 1;</script></body></html>"""


def _pdf(*lines: str) -> bytes:
    """Return a PDF with one line of text a page; an empty line makes a page without text."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(lines)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(lines)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, line in enumerate(lines):
        drawn = f"BT /F1 12 Tf 20 100 Td ({line}) Tj ET".encode() if line else b""
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Resources"
            b" << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (5 + 2 * number),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        ]
    data, places = b"%PDF-1.4\n", list[int]()
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        len(data),
    )
    return data + head + table + trailer


def _read(name: str, data: bytes | str) -> tuple[list[tuple[str | None, str, str]], list[str]]:
    handle = BytesIO(data.encode() if isinstance(data, str) else data)
    found = survey(handle)
    handle.seek(0)
    notes: list[str] = []
    documents = [
        (document.record_id, document.title, "".join(document.pieces))
        for document in read_documents(handle, name, found=found, notes=notes)
    ]
    return documents, notes


def test_plain_text_is_its_own_text_and_named_for_its_file() -> None:
    text = "\n  First line.\r\nSecond — line.\n"
    assert _read("deep_sea-notes.txt", text) == ([(None, "deep sea notes", text)], [])


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("intro\n\n## The *Trench* ##\n\n# Later", "The *Trench*"),
        ("The Trench\r\n==========\r\n\ntext", "The Trench"),
        ("no heading, #tag", "a b"),
    ],
)
def test_markdown_is_named_for_its_first_heading(text: str, title: str) -> None:
    assert _read("a_b.md", text) == ([(None, title, text)], [])


@pytest.mark.parametrize("name", ["page.html", "page.txt", "page.pdf"])
def test_a_web_page_gives_its_main_text_whatever_its_name(name: str) -> None:
    ((_, title, text),), _ = _read(name, PAGE)
    assert title == "The & Trench"
    assert "two people" in text
    assert "hidden" not in text


def test_a_page_without_a_main_part_gives_all_its_text() -> None:
    ((_, title, text),), _ = _read("list.html", "<p>one <b>two</b></p><script>x</script><p>three")
    assert title == "list"
    assert text.split() == ["one", "two", "three"]


def test_a_page_is_decoded_as_it_says() -> None:
    page = PAGE.replace("<head>", '<head><meta charset="iso-8859-2">').replace("Menu", "Menu ž")
    page = page.replace("two people", "dvaja ľudia")
    ((_, _, text),), _ = _read("page.html", page.encode("iso-8859-2"))
    assert "dvaja ľudia" in text


def test_a_pdf_gives_its_pages() -> None:
    assert _read("dive-log.pdf", _pdf("First page.", "", "Third page.")) == (
        [(None, "dive log", "First page.\n\nThird page.\n\n")],
        [],
    )


def test_a_pdf_without_text_asks_for_ocr() -> None:
    with pytest.raises(Unreadable, match="no text layer; run OCR first"):
        _read("scan.pdf", _pdf("", ""))


def test_a_row_of_a_table_becomes_a_line() -> None:
    table = 'Ship;Depth (m)\r\n"Trieste; II";10911\r\n;\r\nAlvin;\r\nNautile;6000;France\r\n'
    ((_, title, text),), _ = _read("dives.csv", table)
    assert title == "dives"
    assert text.splitlines() == [
        "Ship: Trieste; II; Depth (m): 10911",
        "Ship: Alvin",
        "Ship: Nautile; Depth (m): 6000; Column 3: France",
    ]


def test_a_tabbed_table_may_hold_commas() -> None:
    ((_, _, text),), _ = _read("dives.tsv", "a, b, c\td\n1\t2\n")
    assert text == "a, b, c: 1; d: 2\n"


def test_each_json_line_is_a_document_and_bad_lines_are_noted() -> None:
    lines = [
        json.dumps({"doc_id": "d1", "title": "One", "text": " first\n"}),
        "",
        "not json",
        json.dumps({"id": 2, "text": "second", "extra": [1]}),
        json.dumps({"text": "third"}),
        json.dumps({"id": "d4", "text": "  "}),
    ]
    documents, notes = _read("all.jsonl", "\n".join(lines))
    assert documents == [("d1", "One", " first\n"), ("2", "2", "second"), ("5", "5", "third")]
    assert notes == ["2 lines hold no record with a text (lines 3, 6)"]


def test_json_lines_of_another_shape_are_plain_text() -> None:
    text = '{"message": "hello"}\n{"message": "world"}\n'
    assert _read("chat.jsonl", text) == ([(None, "chat", text)], [])


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("photo.txt", b"\x89PNG\r\n\x1a\n" + bytes(100), "a PNG image"),
        ("letter.docx", b"PK\x03\x04rest", "the archive is damaged"),
        ("data.csv", b"a,b\n\0\0\n", "binary data"),
        ("old.pdf", b"\x01\x02\x03\0", "binary data"),
        ("broken.pdf", b"%PDF-1.4\n\0 nothing", "cannot be parsed|no text layer"),
        ("open.csv", b'a,b\n1,"' + b"x" * 200_000, "line 2 is no row of a table"),
    ],
)
def test_what_cannot_be_read_says_why(
    folder: Path, index_root: Path, name: str, data: bytes, reason: str
) -> None:
    (folder / name).write_bytes(data)
    (folder / "good.txt").write_text("A dive.", encoding="utf-8")
    with Corpus.open([folder], index_root=index_root) as corpus:
        (skipped,) = corpus.stats().skipped
        assert skipped.path == str(folder / name)
        assert any(part in skipped.reason for part in reason.split("|")), skipped.reason
        assert [hit.doc_id for hit in corpus.search("dive")] == ["good.txt"]
