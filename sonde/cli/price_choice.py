"""The price book that a person names for pricing again: a frozen one, or today's with their own."""

import os
from datetime import UTC, datetime
from pathlib import Path

from ..costs.frozen_book import read_book
from ..costs.price_book import default_book
from ..costs.pricing import PriceBook
from ..memory.home import Home
from ..records.errors import SetupError


def book_named(prices: Path | None) -> PriceBook:
    """Return the book to price by: a frozen one (.json), or today's list prices.

    Before those go a person's own prices: of the TOML file that is named, else of the home.

    Raises:
        SetupError: There is no such file, or it holds no prices.
    """
    if prices is not None and prices.suffix.lower() == ".json":
        return read_book(prices)
    own = prices or Home.of(os.environ).prices
    if prices is not None and not prices.is_file():
        raise SetupError(f"there is no file {prices}; give prices as TOML, see docs/models.md")
    return default_book(on=datetime.now(UTC).date(), overrides=own if own.exists() else None)
