"""Office documents and archives as documents of a corpus; hostile ones are refused."""

import io
import os
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest

from sonde.tools.corpus.corpus import Corpus

WORDS = "The bathyscaphe reached the bottom at a depth of 10,916 metres."


def save(path: Path) -> Path:
    """Write a file of the kind that its name says, with the words in it."""
    match path.suffix:
        case ".docx":
            document = docx.Document()
            document.add_heading("A dive", level=1)
            document.add_paragraph(WORDS)
            table = document.add_table(rows=2, cols=2)
            for at, text in enumerate(("ship", "year", "Trieste", "1960")):
                table.cell(at // 2, at % 2).text = text
            document.save(str(path))
        case ".pptx":
            slides = pptx.Presentation()
            slide = slides.slides.add_slide(slides.slide_layouts[1])
            assert slide.shapes.title is not None
            slide.shapes.title.text = "A dive"
            slide.placeholders[1].text = WORDS  # pyright: ignore[reportAttributeAccessIssue] -- loosely typed there
            assert slide.notes_slide.notes_text_frame is not None
            slide.notes_slide.notes_text_frame.text = "Mention the hydrophones."
            slides.save(str(path))
        case ".xlsx":
            book = openpyxl.Workbook()
            assert book.active is not None
            for row in (("vessel", "story"), ("Trieste", WORDS)):
                book.active.append(row)
            book.save(path)
        case _:
            members = {"a/notes.md": f"# A dive\n\n{WORDS}", "b.csv": f"vessel,story\nx,{WORDS}y"}
            path.write_bytes(packed(members))
    return path


def packed(members: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def opened(tmp_path: Path, *paths: Path) -> Corpus:
    return Corpus.open(list(paths), index_root=tmp_path / "indexes")


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.xlsx", "a.zip"])
def test_a_document_is_found_by_its_words_at_its_offsets(tmp_path: Path, name: str) -> None:
    path = save(tmp_path / name)
    with opened(tmp_path, path) as corpus:
        hit = corpus.search("bathyscaphe bottom depth")[0]
        text = corpus.document_text(hit.doc_id)
    assert WORDS in hit.text
    assert text[hit.start : hit.end] == hit.text


def test_tables_notes_and_members_are_read(tmp_path: Path) -> None:
    paths = [save(tmp_path / name) for name in ("a.docx", "b.pptx", "c.zip")]
    with opened(tmp_path, *paths) as corpus:
        found = {name: corpus.search(name)[0] for name in ("Trieste 1960", "hydrophones")}
        member = next(hit for hit in corpus.search("bathyscaphe") if "c.zip" in hit.source)
    assert "Trieste | 1960" in found["Trieste 1960"].text
    assert "hydrophones" in found["hydrophones"].text
    assert member.source.endswith(("c.zip#a/notes.md", "c.zip#b.csv"))


BOMB = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;'>]><x>&b;</x>"
HOSTILE: Mapping[str, tuple[bytes, str]] = {
    "text.docx": (b"just text", "named .docx, but it is no such file"),
    "image.xlsx": (b"\x89PNG\r\n\x1a\n", "named .xlsx, but it is no such file"),
    "zip.docx": (packed({"a.txt": "x"}), "named as a Word document, but it is none"),
    "zip.pptx": (packed({"word/document.xml": "x"}), "named as a set of slides, but it is none"),
    "docx.txt": (packed({"word/document.xml": "x"}), "it is a ZIP archive or an Office document"),
    "cut.zip": (packed({"a.txt": "x" * 900})[:60], "the archive is damaged"),
    "bomb.zip": (packed({"a.txt": b"\0" * (64 << 20)}), "grows 1,0.. times when unpacked"),
    "bomb.docx": (packed({"word/document.xml": b" " * (64 << 20)}), "times when unpacked"),
    "entities.docx": (packed({"word/document.xml": BOMB}), "declares XML entities"),
    "wide.docx": (
        packed({"word/document.xml": BOMB.decode().encode("utf-16")}),
        "declares XML entities",
    ),
    "unmarked.docx": (
        packed({"word/document.xml": BOMB.decode().encode("utf-16-le")}),
        "in an encoding that is not read",
    ),
    "behind-words.docx": (
        packed({"word/document.xml": b"<!--" + os.urandom(60_000).hex().encode() + b"-->" + BOMB}),
        "hides what it declares",
    ),
    "behind-nothing.docx": (
        packed({"word/document.xml": b" " * 70_000 + BOMB[21:]}),
        "hides what it declares",
    ),
    "entities.pptx": (
        packed({"ppt/presentation.xml": "<x/>", "ppt/slides/slide1.xml": BOMB}),
        "declares XML entities",
    ),
    "hollow.docx": (packed({"word/document.xml": "<x/>"}), "damaged|cannot be parsed"),
    "up.zip": (packed({"../../evil.txt": "x"}), "leads out of its folder"),
    "root.zip": (packed({"/etc/evil.txt": "x"}), "leads out of its folder"),
    "drive.zip": (packed({"C:\\evil.txt": "x"}), "leads out of its folder"),
    "many.zip": (packed({f"{at}.txt": "x" for at in range(10_001)}), "holds 10,001 files"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_left_out_with_a_reason(tmp_path: Path, name: str) -> None:
    data, why = HOSTILE[name]
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / name).write_bytes(data)
    (folder / "good.txt").write_text("A dive.", encoding="utf-8")
    with opened(tmp_path, folder) as corpus:
        (skipped,) = corpus.stats().skipped
    assert re.search(why, skipped.reason), skipped.reason
    assert not (tmp_path / "evil.txt").exists()


def test_a_million_columns_are_refused(tmp_path: Path) -> None:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    row = b"".join(b'<c t="inlineStr"><is><t>%d</t></is></c>' % at for at in range(30_000))
    sheet = head + b'<sheetData><row r="1">' + row + b"</row></sheetData></worksheet>"
    plain = save(tmp_path / "plain.xlsx")
    members: dict[str, str | bytes] = {}
    with zipfile.ZipFile(plain) as archive:
        for member in archive.namelist():
            members[member] = archive.read(member)
    members["xl/worksheets/sheet1.xml"] = sheet
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "wide.xlsx").write_bytes(packed(members))
    (folder / "good.txt").write_text("A dive.", encoding="utf-8")
    with opened(tmp_path, folder) as corpus:
        (skipped,) = corpus.stats().skipped
    assert "columns; 2,000 are read" in skipped.reason


def test_an_unreadable_member_is_noted_and_the_others_are_read(tmp_path: Path) -> None:
    members = {"a.txt": "A dive.", "b.png": b"\x89PNG\r\n\x1a\n" + bytes(40), "c.zip": b"PK"}
    path = tmp_path / "mixed.zip"
    path.write_bytes(packed(members))
    with opened(tmp_path, path) as corpus:
        assert [hit.source.partition("#")[2] for hit in corpus.search("dive")] == ["a.txt"]
