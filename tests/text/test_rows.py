"""Rows of tables as lines of text, and back to their cells."""

import random

import pytest

from sonde.text.rows import cells_of, row_text


def test_cells_come_back_as_they_were_written() -> None:
    rng = random.Random(7)
    letters = "abc XYZ 019 -.,%()"
    for _ in range(200):
        pairs = [
            (f"column {at}", "".join(rng.choices(letters, k=rng.randint(1, 30))).strip() or "x")
            for at in range(rng.randint(2, 6))
        ]
        line = row_text(pairs)
        cells = [(cell.heading, line[cell.start : cell.end]) for cell in cells_of(line)]
        assert cells == pairs


def test_a_sheet_may_be_named_before_its_row() -> None:
    line = "Costs 2021. item: fridge; price: 629 EUR\n"
    assert [(c.heading, line[c.start : c.end]) for c in cells_of(line)] == [
        ("item", "fridge"),
        ("price", "629 EUR"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The dive took 5 hours: a record; nobody has repeated it.",
        "item: fridge",
        "First: one.\nSecond: two; third: three",
        "; : ; : ",
    ],
)
def test_other_texts_have_no_cells(text: str) -> None:
    assert cells_of(text) == []


def test_a_long_text_without_cells_is_soon_done_with() -> None:
    assert cells_of("a: b, " * 20_000) == []
