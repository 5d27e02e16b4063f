"""Sentences are spans of the very text."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.text.sentences import sentence_spans


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Piccard dived. He rose.", ["Dr. Piccard dived.", "He rose."]),
        ("The U.S. Navy paid $2.5 million. It was 1958.", None),
        ("J. R. Smith left. Then he came.", ["J. R. Smith left.", "Then he came."]),
        ('He said "Go!" Then he left.', ['He said "Go!"', "Then he left."]),
        ("First part\n\nsecond part", ["First part", "second part"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_known_cases(text: str, expected: list[str] | None) -> None:
    if expected is None:
        expected = ["The U.S. Navy paid $2.5 million.", "It was 1958."]
    assert _sentences(text) == expected


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="aB1. !?\n\"'(漢é", max_size=300))
def test_spans_are_ordered_disjoint_and_lose_no_word(text: str) -> None:
    spans = sentence_spans(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in spans)
    joined = "".join(text[s.start : s.end] for s in spans)
    assert "".join(joined.split()) == "".join(text.split())


def test_a_text_without_full_stops_comes_in_bounded_pieces() -> None:
    spans = sentence_spans("word " * 5_000)
    assert max(end - start for start, end in spans) <= 2_000
    assert sum(end - start for start, end in spans) > 20_000
