"""Bytes of any encoding become text, and a large file comes in blocks."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.tools.corpus.decoding import survey, text_blocks, text_lines


def _decoded(data: bytes) -> str:
    handle = BytesIO(data)
    found = survey(handle)
    handle.seek(0)
    return "".join(text_blocks(handle, found))


@given(st.text())
def test_utf8_comes_back_as_it_was(text: str) -> None:
    handle = BytesIO(text.encode())
    found = survey(handle)
    handle.seek(0)
    if found.encoding is not None and not text.startswith("\ufeff"):
        assert "".join(text_blocks(handle, found)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_an_encoding_is_told_from_the_bytes(encoding: str) -> None:
    text = "Über die Tiefe: façade, naïve, 10 911 m.\r\nEnde."
    assert _decoded(text.encode(encoding)) == text


def test_a_few_bad_bytes_do_not_spoil_an_utf8_file() -> None:
    data = "Čučoriedka žltá, ľalia šťastná. ".encode() * 10 + b"\xff"
    found = survey(BytesIO(data))
    assert found.encoding == "utf-8"
    assert found.note == "1 characters are not valid UTF-8 and were replaced"
    assert _decoded(data).endswith("\ufffd")


def test_a_guess_of_the_encoding_is_noted() -> None:
    found = survey(BytesIO("façade".encode("latin-1")))
    assert (found.encoding, found.note) == ("cp1252", "not UTF-8; read as Windows-1252")


@pytest.mark.parametrize("data", [b"abc\0def", bytes(range(1, 32)) * 20])
def test_binary_data_is_no_text(data: bytes) -> None:
    assert survey(BytesIO(data)).encoding is None


def test_a_large_text_comes_in_blocks_that_end_at_paragraphs() -> None:
    text = ("é word " * 50 + "\r\n\r\n") * 12_000
    handle = BytesIO(text.encode())
    found = survey(handle)
    handle.seek(0)
    blocks = list(text_blocks(handle, found))
    assert "".join(blocks) == text
    assert len(blocks) > 2
    assert max(map(len, blocks)) < 3_000_000
    assert all(block.endswith("\r\n\r\n") for block in blocks if block)


def test_a_file_that_grew_is_read_as_it_was_surveyed() -> None:
    found = survey(BytesIO(b"first"))
    assert "".join(text_blocks(BytesIO(b"first and more"), found)) == "first"


def test_lines_left_unread_do_not_close_the_file() -> None:
    handle = BytesIO(b"one\ntwo\n")
    lines = text_lines(handle, survey(BytesIO(b"one\ntwo\n")), newline="\n")
    assert next(lines) == "one\n"
    lines.close()
    assert not handle.closed
