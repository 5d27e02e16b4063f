"""What services that tools buy from cost: list prices a call, and a person's own over them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from ..records.tooling import Purchase
from ..records.unknown import add_known
from .overrides import read_service_prices
from .pricing import PriceBook, reprice

LISTED_ON = date(2026, 11, 24)
"""Day of the list prices below; a plan of one's own is often cheaper, and goes into prices.toml."""
LIST_PRICES: Mapping[str, float] = {
    "local": 0.0,
    "searxng": 0.0,
    "wikipedia": 0.0,
    "arxiv": 0.0,
    "ddgs": 0.0,
    "tavily": 0.008,  # one credit at the pay-as-you-go rate
    "brave": 0.005,  # the plan Search, by its page of plans
    "serper": 0.001,  # one credit of the smallest pack, 50,000 for $50: told by others, not by it
    "exa": 0.007,  # up to ten results with highlights, by its page of prices; each reply tells
}
"""Dollars a call, by seller; one that is not listed has no known price."""


def service_prices(overrides: Path | None) -> dict[str, float]:
    """Return the list prices with a person's own in front.

    Raises:
        SetupError: The file of overrides cannot be read.
    """
    own = read_service_prices(overrides) if overrides is not None and overrides.exists() else {}
    return {**LIST_PRICES, **own}


def priced(
    purchases: Iterable[Purchase],
    prices: Mapping[str, float],
    *,
    token_prices: Callable[[], PriceBook] | None = None,
) -> tuple[Purchase, ...]:
    """Return purchases with what each cost; None stays where there is no known price.

    Args:
        purchases: What was bought.
        prices: Dollars a call, by seller.
        token_prices: Makes the price book for what is sold by tokens; called if it is needed.
    """
    return tuple(replace(each, cost_usd=_cost(each, prices, token_prices)) for each in purchases)


def price_of(purchases: Sequence[Purchase]) -> float | None:
    """Return what priced purchases cost; None where one has no known price."""
    return add_known(0.0, *(each.cost_usd for each in purchases))


def _cost(
    each: Purchase, prices: Mapping[str, float], token_prices: Callable[[], PriceBook] | None
) -> float | None:
    if each.cost_usd is not None:
        return each.cost_usd
    if each.usage is not None:
        book = token_prices().for_endpoint(each.base_url) if token_prices else None
        return reprice(each.usage, book, each.seller) if book else None
    listed = prices.get(each.seller)
    return None if listed is None else listed * each.calls
