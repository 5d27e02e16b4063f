"""Workbooks and PDF pages that are written here are read by the packages that everyone uses."""

import io
import zipfile

import openpyxl
import pytest
from pypdf import PdfReader

from sonde.benchmarks.suites.writing.pdf import pdf
from sonde.benchmarks.suites.writing.xlsx import packed, xlsx


def test_a_workbook_is_read_back_by_openpyxl() -> None:
    rows = [["name", "count"], ["A & <B>", 3], ["é", 2.5]]
    wide = [[f"c{n}" for n in range(30)]]
    book = openpyxl.load_workbook(io.BytesIO(xlsx({"One": rows, "Two & 2": wide})))
    assert book.sheetnames == ["One", "Two & 2"]
    assert [list(row) for row in book["One"].iter_rows(values_only=True)] == rows
    assert book["Two & 2"]["AD1"].value == "c29"


def test_pages_are_read_back_by_pypdf() -> None:
    lines = [
        "A (first) line \\ with marks",
        "",
        "Café, 5 crowns",
        *(f"line {n}" for n in range(60)),
    ]
    pages = PdfReader(io.BytesIO(pdf(lines)), strict=True).pages
    assert len(pages) == 2
    text = "\n".join(page.extract_text() for page in pages)
    assert [line.strip() for line in text.splitlines() if line.strip()] == [
        line for line in lines if line
    ]


def test_an_empty_pdf_has_a_page() -> None:
    assert len(PdfReader(io.BytesIO(pdf([])), strict=True).pages) == 1


def test_a_character_outside_latin_1_is_refused() -> None:
    with pytest.raises(ValueError, match="Latin-1 only"):
        pdf(["złoty"])


def test_an_archive_has_no_clock_in_it() -> None:
    files = {"a.txt": b"a", "b/c.txt": b"c"}
    assert packed(files) == packed(files)
    with zipfile.ZipFile(io.BytesIO(packed(files))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
