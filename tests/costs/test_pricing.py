"""Tokens times price, by bucket."""

import pytest

from sonde.costs.pricing import ModelPrice, PriceBook
from sonde.records.usage import Usage

_PRICE = ModelPrice(input_per_mtok=2.0, output_per_mtok=10.0, cache_read_per_mtok=0.2)


def test_each_bucket_has_its_own_price() -> None:
    usage = Usage(
        uncached_input=1_000_000,
        cache_read=1_000_000,
        cache_write=500_000,
        output=100_000,
        reasoning=100_000,
    )
    assert _PRICE.cost_usd(usage) == pytest.approx(2.0 + 0.2 + 1.0 + 1.0 + 1.0)


def test_an_unknown_bucket_makes_the_price_unknown() -> None:
    assert _PRICE.cost_usd(Usage(uncached_input=10, output=None)) is None
    assert _PRICE.cost_usd(Usage.zero()) == 0.0


def test_the_worst_case_reads_nothing_from_a_cache() -> None:
    assert _PRICE.worst_usd(1_000_000, 100_000) == pytest.approx(3.0)


def test_a_model_that_the_book_does_not_know_has_no_price() -> None:
    book = PriceBook(book_id="2026-01", prices={"m": _PRICE})
    assert book.price("m") is _PRICE
    assert book.price("other") is None
