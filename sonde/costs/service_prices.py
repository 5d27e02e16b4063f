"""What services that tools buy from cost: list prices a call, and a person's own over them."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from ..records.tooling import Purchase
from ..records.unknown import add_known
from .overrides import read_service_prices

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


def price_of(purchases: Iterable[Purchase], prices: Mapping[str, float]) -> float | None:
    """Return what purchases cost; None where one has no known price."""
    total: float | None = 0.0
    for each in purchases:
        listed = prices.get(each.seller)
        cost = each.cost_usd if each.cost_usd is not None or listed is None else listed * each.calls
        total = add_known(total, cost)
    return total
