"""Which candidate is given: the one expected to agree most with the right answer."""

import pytest

from sonde.models.extractive.choosing import chosen_of, overlap_of_words
from sonde.models.extractive.negatives import without_passages, without_sentences
from sonde.models.extractive.passages import Source
from sonde.models.extractive.reading import read
from sonde.models.extractive.scorer import default_weights

PAGE = Source(
    evidence_id="e1",
    title="Trieste",
    text="The Trieste was built by Auguste Piccard. It was launched in 1953 near Capri.",
)


def test_overlap_is_the_harmonic_mean_of_shares() -> None:
    assert overlap_of_words(["a", "b", "c"], ["b"]) == pytest.approx(0.5)
    assert overlap_of_words(["a", "a"], ["a"]) == pytest.approx(2 / 3)
    assert overlap_of_words([], ["a"]) == 0.0


def test_the_chosen_answer_is_one_of_the_likeliest() -> None:
    reading = read("Who built the Trieste?", (PAGE,), default_weights())
    assert reading.chosen in reading.answers[:5]


def test_nothing_is_chosen_where_there_is_nothing() -> None:
    assert chosen_of((), None, ()) is None
    assert read("Who built it?", (), default_weights()).chosen is None


def test_a_page_without_its_answer_stays_but_does_not_say_it() -> None:
    (bare,) = without_sentences((PAGE,), ["Auguste Piccard"])
    assert bare.text == "It was launched in 1953 near Capri."
    assert without_sentences((PAGE,), ["Piccard", "1953"]) == ()


def test_pages_that_hold_an_answer_are_taken_away() -> None:
    other = Source(evidence_id="e2", title="Rope", text="Rope is made of fibres.")
    assert without_passages((PAGE, other), ["auguste piccard"]) == (other,)
    assert without_passages((PAGE, other), []) == (PAGE, other)
