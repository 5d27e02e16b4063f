"""Passages: about 120 words, whole sentences, and not a character lost."""

import random

from hypothesis import given
from hypothesis import strategies as st

from sonde.tools.corpus.passages import cut

SENTENCE = "The bathyscaphe went down to the floor of the trench in about five hours of diving. "
WORDS_OF_SENTENCE = 16


def _paragraph(sentences: int) -> str:
    return SENTENCE * sentences


@given(st.text(alphabet=st.sampled_from("ab. \n\t\r#。A1é😀"), max_size=4_000), st.booleans())
def test_stretches_put_together_are_the_text(text: str, is_row: bool) -> None:
    assert "".join(cut(text * 3, is_row=is_row)) == text * 3


def test_a_short_document_stays_in_one_piece_whatever_its_paragraphs() -> None:
    text = "\n\n".join([_paragraph(3)] * 3)
    assert cut(text) == [text]


def test_an_empty_text_has_no_passage() -> None:
    assert cut("") == []


def test_a_long_paragraph_is_cut_evenly_between_sentences() -> None:
    stretches = cut(_paragraph(40))
    counts = [len(stretch.split()) for stretch in stretches]
    assert all(80 <= count <= 180 for count in counts), counts
    assert all(stretch.strip().endswith("diving.") for stretch in stretches)


def test_long_paragraphs_are_never_joined() -> None:
    paragraphs = [_paragraph(5), _paragraph(6), _paragraph(7)]
    text = "\n\n".join(paragraphs)
    assert [stretch.strip() for stretch in cut(text)] == [each.strip() for each in paragraphs]


def test_short_paragraphs_are_joined_up_to_the_usual_length() -> None:
    text = "\n\n".join([SENTENCE.strip()] * 30)
    counts = [len(stretch.split()) for stretch in cut(text)]
    assert max(counts) <= 120
    assert min(counts[:-1]) > 60


def test_a_heading_leads_over_to_its_paragraph() -> None:
    text = "\n\n".join(["# One", _paragraph(7), "# Two", _paragraph(7)])
    assert [stretch.split()[:2] for stretch in cut(text)] == [["#", "One"], ["#", "Two"]]


def test_a_text_without_spaces_is_still_cut() -> None:
    stretches = cut("深海" * 20_000)
    assert len(stretches) > 10
    assert max(map(len, stretches)) <= 4_000


def test_windows_line_ends_part_paragraphs_too() -> None:
    text = "\r\n\r\n".join([_paragraph(6)] * 3)
    assert len(cut(text)) == 3


def test_a_long_row_of_a_table_stays_whole_longer_than_prose() -> None:
    row = "; ".join(f"Column {number}: value" for number in range(100))
    assert cut(row, is_row=True) == [row]
    assert len(cut(row * 5, is_row=True)) > 1


def test_random_prose_keeps_to_the_bounds() -> None:
    rng = random.Random(3)
    for _ in range(20):
        sizes = [rng.randint(1, 30) for _ in range(rng.randint(5, 30))]
        text = "\n\n".join(_paragraph(size).strip() for size in sizes)
        counts = [len(stretch.split()) for stretch in cut(text)]
        assert max(counts) <= 180 + WORDS_OF_SENTENCE
        assert "".join(cut(text)) == text
