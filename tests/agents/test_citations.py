"""A citation stands at its place, or is not printed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.agents.citations import Checked, check_answer, find_words
from sonde.records.evidence import Passage, Quote

_TEXT = (
    "The Trieste was built in Italy.  It was “designed by Auguste Piccard”\nand dived to "
    "10,916 metres – deeper than any craft before."
)
_PAGE = Passage(
    source="https://example.org/trieste",
    doc_id="t",
    title="Trieste",
    text=_TEXT,
    start=100,
    evidence_id="e1",
)


def _check(text: str, *quotes: Quote) -> Checked:
    return check_answer(
        text, quotes, find_page={"e1": _PAGE}.get, question="Who designed the Trieste?"
    )


def test_a_quote_is_found_at_its_offsets_in_the_document() -> None:
    checked = _check("Italy", Quote(evidence_id="e1", text="built in Italy", emphasis="Italy"))
    (citation,) = checked.citations
    document = " " * 100 + _TEXT
    assert document[citation.start : citation.end] == citation.quote == "built in Italy"
    assert citation.emphasis == "Italy"
    assert checked.dropped == ()


def test_white_space_and_the_form_of_quotes_and_dashes_do_not_matter() -> None:
    for said in ("Italy. It was", '"designed by Auguste Piccard" and', "metres - deeper"):
        (citation,) = _check("x", Quote(evidence_id="e1", text=said)).citations
        assert citation.quote in _TEXT


def test_words_that_are_not_there_are_dropped_and_told() -> None:
    checked = _check("x", Quote(evidence_id="e1", text="designed by Ada Lovelace"))
    assert checked.citations == ()
    assert "does not hold the words 'designed by Ada Lovelace'" in checked.dropped[0]


def test_a_bare_id_gets_the_sentence_that_bears_the_answer() -> None:
    (citation,) = _check("Auguste Piccard [e1]").citations
    assert "designed by Auguste Piccard" in citation.quote


def test_an_unknown_id_is_taken_out_of_the_text() -> None:
    checked = _check("Piccard [e7] built it [e1].")
    assert checked.text == "Piccard built it [e1]."
    assert [citation.id for citation in checked.citations] == ["e1"]
    assert "no evidence 'e7'" in checked.dropped[0]


def test_lists_capitals_and_round_brackets_are_marks_too() -> None:
    checked = _check("Auguste Piccard designed it [e1, e9] (E8), built in Italy (e1).")
    assert checked.text == "Auguste Piccard designed it [e1], built in Italy [e1]."
    assert len(checked.dropped) == 2


def test_a_bare_id_that_has_nothing_to_do_with_the_answer_is_dropped() -> None:
    checked = check_answer(
        "Paris [e1]", (), find_page={"e1": _PAGE}.get, question="Which capital has France?"
    )
    assert checked.citations == ()
    assert checked.text == "Paris"


def test_a_part_of_a_word_is_no_quote() -> None:
    assert find_words("tal", "built in Italy") is None
    assert find_words(".", "built in Italy.") is None


def test_a_link_stays_only_where_a_cited_page_holds_it() -> None:
    checked = _check("See https://example.org/trieste and https://example.org/other. [e1]")
    assert "https://example.org/trieste" in checked.text
    assert "example.org/other" not in checked.text
    assert any("is in no cited page" in each for each in checked.dropped)


def test_the_same_quote_twice_is_cited_once() -> None:
    quote = Quote(evidence_id="e1", text="built in Italy")
    assert len(_check("x", quote, quote).citations) == 1


@settings(max_examples=200, deadline=None)
@given(words=st.text(max_size=40), text=st.text(max_size=200))
def test_what_is_found_is_in_the_text(words: str, text: str) -> None:
    span = find_words(words, text)
    if span is not None:
        assert text[span.start : span.end].split() != []


def test_words_are_found_however_they_are_accented() -> None:
    page = "He saw the Galápagos first."
    span = find_words("the Galapagos", page)
    assert span is not None
    assert page[span.start : span.end] == "the Galápagos"


def test_accents_that_are_characters_of_their_own_do_not_matter() -> None:
    page = "It flew at Ha\u0308meenlinna in Va\u0308isa\u0308la\u0308."
    for asked in ("Väisälä", "Vaisala", "Va\u0308isa\u0308la\u0308"):
        span = find_words(asked, page)
        assert span is not None
        assert page[span.start : span.end] == "Va\u0308isa\u0308la\u0308"
    assert find_words("Vaisal", page) is None
