"""Amounts in different words are one answer, so that the belief in them is not split."""

import pytest

from sonde.models.extractive.passages import Source
from sonde.models.extractive.quantities import Quantity, quantity_of
from sonde.models.extractive.reading import read
from sonde.models.extractive.scorer import default_weights


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("70 metres tall", 70, "m"),
        ("about 1,200 meters", 1200, "m"),
        ("100 feet in height", 100, "ft"),
        ("3.5 million", 3.5e6, ""),
        ("5 per cent", 5, "%"),
        ("5%", 5, "%"),
        ("Twelve years old", 12, "year"),
        ("1912", 1912, ""),
    ],
)
def test_an_amount_is_read_with_its_unit(text: str, amount: float, unit: str) -> None:
    assert quantity_of(text) == Quantity(amount, unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "m",
        "May 1912",
        "19th",
        "1.2.3",
        "the 70 sailors",
        "10-12 metres",
        "²",
        "70 metres of",
    ],
)
def test_whatever_is_more_or_less_than_an_amount_is_none(text: str) -> None:
    assert quantity_of(text) is None


def test_one_amount_in_four_wordings_is_one_answer_in_the_words_of_the_text() -> None:
    sources = (
        Source(
            evidence_id="e1",
            title="Torvik Tower",
            text="Torvik Tower is 70 metres tall. The tower, at 70 m, has five bells.",
        ),
        Source(evidence_id="e2", title="Oslo", text="Torvik Tower has a height of 70 metres."),
    )
    reading = read("How tall is Torvik Tower?", sources, default_weights())
    spans = reading.material.spans
    assert spans is not None
    best = reading.answers[0]
    assert {"70 m", "70 metres", "70 metres tall", "70"} == {spans.texts[p] for p in best.places}
    assert best.text in ("70 metres", "70 metres tall")
    place = reading.place_shown(best)
    assert place is not None
    assert spans.texts[place] == best.text


def test_the_same_number_of_two_things_stays_two_answers() -> None:
    source = Source(
        evidence_id="e1",
        title="Torvik Tower",
        text="Torvik Tower is 70 metres tall. It was begun 70 years ago.",
    )
    reading = read("How tall is Torvik Tower?", (source,), default_weights())
    texts = {answer.text for answer in reading.answers}
    assert "70 years" in texts
    assert texts & {"70 metres", "70 metres tall"}
