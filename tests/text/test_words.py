"""Words, stems, shingles and relevance."""

import unicodedata

import pytest

from sonde.text.relevance import relevance
from sonde.text.shingles import jaccard, says_the_same, shingles, sketch
from sonde.text.words import (
    STOP_WORDS,
    content_stems,
    folded,
    stem,
    without_accents,
    word_spans,
    words,
)


def test_words_are_runs_of_letters_and_digits() -> None:
    assert words("Don't stop_at 3.5 m — Größe!") == [
        "don",
        "t",
        "stop",
        "at",
        "3",
        "5",
        "m",
        "große",
    ]


def test_spans_point_at_the_words() -> None:
    text = "The Trieste, 1960."
    assert [text[a:b] for a, b in word_spans(text)] == ["The", "Trieste", "1960"]


def test_forms_of_a_word_share_a_stem() -> None:
    assert stem("sounding") == stem("sounded") == stem("sounds")
    assert content_stems("the of and") == []
    assert all(word == word.lower() for word in STOP_WORDS)


def test_relevance_is_the_share_of_the_question_that_is_covered() -> None:
    scores = relevance(
        ["Piccard built the Trieste.", "It rained.", "Piccard flew a balloon."],
        "Who built the Trieste of Piccard?",
    )
    assert scores[0] == 1.0
    assert scores[1] == 0.0
    assert 0.0 < scores[2] < 0.5
    assert relevance(["a", "b"], "the of") == [0.0, 0.0]
    assert relevance([], "anything") == []


def test_near_duplicates_overlap_and_strangers_do_not() -> None:
    text = " ".join(f"word{i}" for i in range(100))
    other = text.replace("word50", "changed")
    assert jaccard(shingles(text), shingles(text)) == 1.0
    assert 0.9 < jaccard(shingles(text), shingles(other)) < 1.0
    assert jaccard(shingles(text), shingles("something else entirely here")) == 0.0
    assert set(sketch(shingles(text))) & set(sketch(shingles(other)))


def test_a_name_a_figure_or_a_negation_makes_two_texts() -> None:
    text = "The old lighthouse of Holm was built in 1880 by the crown."
    assert says_the_same(text, text.replace("the crown", "crown"))
    for other in ("Skerry", "1881", "not built"):
        changed = text.replace({"Skerry": "Holm", "1881": "1880"}.get(other, "built"), other)
        assert not says_the_same(text, changed)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Oslo beat Bergen.", "Bergen beat Oslo."),
        ("a profit of 3.5 million", "a profit of -3.5 million"),
        ("a score of 2:1", "a score of 2-1"),
        ("🎉🎉", "🔥"),
        ("", "∑"),
    ],
)
def test_order_sign_and_symbols_make_two_texts(text: str, other: str) -> None:
    assert not says_the_same(text, other)
    assert says_the_same(text, text)


@pytest.mark.parametrize("text", ["Galápagos", "São Tomé", "Ångström", "Dvořák", "Việt Nam"])
def test_accents_are_folded_and_offsets_stay(text: str) -> None:
    assert len(folded(text)) == len(text)
    assert folded(text).isascii()
    assert words(text) == words(folded(text))


def test_letters_that_are_no_accented_ones_stay() -> None:
    assert folded("Straße, smørrebrød, Αθήνα, 東京") == "Straße, smørrebrød, Αθήνα, 東京"


def test_accents_that_are_characters_of_their_own_do_not_matter() -> None:
    composed = "Väisälä's café, Ångström and São Tomé"
    apart = unicodedata.normalize("NFD", composed)
    assert apart != composed
    assert words(apart) == words(composed) == words("Vaisala's cafe, Angstrom and Sao Tome")
    assert without_accents(apart) == without_accents(composed)
    spans = [apart[start:end] for start, end in word_spans(apart)]
    assert spans[0] == unicodedata.normalize("NFD", "Väisälä")
