"""What services that tools buy from cost: list prices a call, as the price book holds them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from ..records.tooling import Purchase
from ..records.unknown import add_known
from .frozen_book import digest
from .overrides import read_service_prices, with_overrides
from .pricing import PriceBook, reprice

LISTED_ON = date(2026, 11, 24)
"""Day of the list prices below; a plan of one's own is often cheaper, and goes into prices.toml."""
LIST_PRICES: Mapping[str, float] = MappingProxyType(
    {
        "local": 0.0,
        "searxng": 0.0,
        "wikipedia": 0.0,
        "arxiv": 0.0,
        "ddgs": 0.0,
        "tavily": 0.008,  # one credit at the pay-as-you-go rate
        "brave": 0.005,  # the plan Search, by its page of plans
        "serper": 0.001,  # a credit of the smallest pack, 50,000 for $50: told by others, not by it
        "exa": 0.007,  # up to ten results with highlights, by its page of prices; each reply tells
    }
)
"""Dollars a call, by seller; one that is not listed has no known price."""
_TELLS_ITS_PRICE = "exa"
_SHORT = 8


def service_book(overrides: Path | None) -> PriceBook:
    """Return the book of a run that pays no model: what services cost, a person's own in front.

    Raises:
        SetupError: The file of overrides cannot be read.
    """
    nameless = PriceBook(book_id="", services=LIST_PRICES, services_on=LISTED_ON)
    book = replace(nameless, book_id=f"services-{LISTED_ON}-{digest(nameless)[:_SHORT]}")
    if overrides is None or not overrides.exists():
        return book
    return with_overrides(book, {}, services=read_service_prices(overrides))


def with_services(book: PriceBook, services: PriceBook) -> PriceBook:
    """Return a book that prices services too: one that says nothing of them takes another's.

    Its id tells whose. So are books completed that were made for models alone.
    """
    if book.services is not None:
        return book
    return replace(
        book,
        book_id=f"{book.book_id}+{services.book_id}",
        services=services.services,
        services_on=services.services_on,
    )


def priced(purchases: Iterable[Purchase], book: PriceBook | None) -> tuple[Purchase, ...]:
    """Return purchases with what each cost; None stays where there is no known price.

    What a seller told itself stands; all else is at the list price of the book.
    """
    return tuple(_priced(each, book) for each in purchases)


def repriced(purchases: Iterable[Purchase], book: PriceBook) -> tuple[Purchase, ...]:
    """Return priced purchases under another book.

    What a seller told itself stays as it was, and so do calls where the book says nothing of
    services.
    """
    return tuple(
        each
        if _is_told(each) or (each.usage is None and book.services is None)
        else replace(each, cost_usd=_list_price(each, book), is_list_price=True)
        for each in purchases
    )


def price_of(purchases: Sequence[Purchase]) -> float | None:
    """Return what priced purchases cost; None where one has no known price."""
    return add_known(0.0, *(each.cost_usd for each in purchases))


def _priced(each: Purchase, book: PriceBook | None) -> Purchase:
    if each.cost_usd is not None:
        return replace(each, is_list_price=False)
    return replace(each, cost_usd=_list_price(each, book), is_list_price=True)


def _list_price(each: Purchase, book: PriceBook | None) -> float | None:
    if book is None:
        return None
    if each.usage is not None:
        return reprice(each.usage, book.for_endpoint(each.base_url), each.seller)
    listed = (book.services or {}).get(each.seller)
    return None if listed is None else listed * each.calls


def _is_told(each: Purchase) -> bool:
    """Return whether the seller told the price; older journals say it of no purchase.

    Of the sellers on the list only one tells what a call cost, and tokens are priced by a book.
    """
    if each.is_list_price is not None:
        return not each.is_list_price
    is_listed = each.usage is not None or each.seller in LIST_PRICES.keys() - {_TELLS_ITS_PRICE}
    return each.cost_usd is not None and not is_listed
