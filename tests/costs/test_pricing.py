"""Tokens times price, by bucket."""

import pickle
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from sonde.costs.pricing import ModelPrice, PriceBook, PriceTier, reprice
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


_TIERED = ModelPrice(
    input_per_mtok=1.0,
    output_per_mtok=2.0,
    reasoning_per_mtok=3.0,
    per_call_usd=0.5,
    tiers=(
        PriceTier(
            above_prompt_tokens=1_000, price=ModelPrice(input_per_mtok=2.0, output_per_mtok=4.0)
        ),
        PriceTier(
            above_prompt_tokens=2_000, price=ModelPrice(input_per_mtok=1.5, output_per_mtok=3.0)
        ),
    ),
)


@pytest.mark.parametrize(("prompt", "usd"), [(1_000, 0.501), (1_001, 0.002002), (2_001, 0.0030015)])
def test_a_call_is_priced_at_the_tier_of_its_prompt(prompt: int, usd: float) -> None:
    assert _TIERED.cost_usd(Usage(uncached_input=prompt, output=0)) == pytest.approx(usd)


def test_reasoning_and_calls_can_have_prices_of_their_own() -> None:
    usage = Usage(uncached_input=0, output=100_000, reasoning=100_000)
    assert _TIERED.cost_usd(usage) == pytest.approx(0.5 + 0.2 + 0.3)


def test_the_worst_case_is_that_of_the_dearest_tier_within_reach() -> None:
    free_calls = ModelPrice(input_per_mtok=1.0, output_per_mtok=2.0, tiers=_TIERED.tiers)
    assert free_calls.worst_usd(1_000, 0) == pytest.approx(0.001)
    assert free_calls.worst_usd(3_000, 1_000) == pytest.approx(0.006 + 0.004)
    assert _TIERED.worst_usd(0, 1_000_000) == pytest.approx(0.5 + 3.0)


@pytest.mark.parametrize(
    "values",
    [
        {"input_per_mtok": -1.0},
        {"output_per_mtok": float("nan")},
        {"cache_read_per_mtok": float("inf")},
        {"tiers": _TIERED.tiers[::-1]},
    ],
)
def test_nonsense_is_no_price(values: dict[str, Any]) -> None:
    given: dict[str, Any] = {"input_per_mtok": 1.0, "output_per_mtok": 1.0, **values}
    with pytest.raises(ValueError, match="must"):
        ModelPrice(**given)


def test_a_book_cannot_be_changed() -> None:
    source = {"m": _PRICE}
    book = PriceBook(book_id="2026-01", prices=source)
    source["other"] = _PRICE
    assert book.price("other") is None
    prices: Any = book.prices
    with pytest.raises(TypeError):
        prices["other"] = _PRICE
    with pytest.raises(FrozenInstanceError):
        book.book_id = "2026-02"  # pyright: ignore[reportAttributeAccessIssue]: it must fail


def test_a_book_can_be_sent_to_another_process() -> None:
    book = PriceBook(book_id="2026-01", prices={"m": _PRICE}, base_url="http://127.0.0.1:1/v1")
    assert pickle.loads(pickle.dumps(book)) == book


def test_a_call_is_priced_anew_under_another_book() -> None:
    usage = Usage(uncached_input=1_000_000, output=0)
    old = PriceBook(book_id="old", prices={"m": _PRICE})
    new = PriceBook(book_id="new", prices={"m": ModelPrice(input_per_mtok=1, output_per_mtok=1)})
    assert [reprice(usage, book, "m") for book in (old, new)] == [2.0, 1.0]
    assert reprice(usage, new, "other") is None
    assert reprice(Usage.unknown(), new, "m") is None
