"""Dates and numbers as numbers."""

from sonde.models.extractive.values import dates_in, numbers_in


def test_a_day_before_another_is_smaller_however_it_is_written() -> None:
    first, second = dates_in("28 January 1884 and March 2nd, 1884")
    assert first.amount < second.amount


def test_a_bare_year_is_its_first_day() -> None:
    assert [value.amount for value in dates_in("in 1960")] == [1960.0]


def test_a_number_that_is_no_year_is_no_date() -> None:
    assert dates_in("10,916 metres and 3 men") == []


def test_thousands_and_millions_are_multiplied_out() -> None:
    amounts = [value.amount for value in numbers_in("1,200 of 2.5 million, and seven")]
    assert amounts == [1200.0, 2_500_000.0, 7.0]


def test_a_value_points_at_its_characters() -> None:
    text = "It sank on 7 May 1915."
    (value,) = dates_in(text)
    assert text[value.start : value.end] == "7 May 1915"
