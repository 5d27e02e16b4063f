"""The price book of a run: for its model's calls, and for what its tools buy."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ..costs.pricing import PriceBook
from ..costs.service_prices import service_book, with_services
from ..tools.corpus.corpus import Corpus
from ..tools.tool import Tool


def prices_of_today(overrides: Path) -> PriceBook:
    """Return the list prices of today, with a person's own in front where the file exists."""
    from ..costs.price_book import default_book  # here: the list of prices is large

    today = datetime.now(UTC).date()
    return default_book(on=today, overrides=overrides if overrides.exists() else None)


def book_with_purchases(
    book: PriceBook | None, *, tools: Sequence[Tool], corpus: Corpus | None, overrides: Path
) -> PriceBook | None:
    """Return a book that prices what tools buy as well; None where nothing is paid.

    An embedder sells by the token, as models do. Services sell by the call, and have a book
    without models where no model is paid; a book that says nothing of them takes their prices.

    Args:
        book: The book of the model's calls, or of a run that is taken up; None where there is none.
        tools: The builder's tools.
        corpus: What is searched, with its embedder.
        overrides: A person's own prices, where the file exists.

    Raises:
        SetupError: The person's own prices cannot be read.
    """
    if book is None and corpus is not None and corpus.worst_purchases([]):
        book = prices_of_today(overrides)
    is_silent = book is None or book.services is None
    if is_silent and any(hasattr(tool, "worst_purchases") for tool in tools):
        services = service_book(overrides)
        return services if book is None else with_services(book, services)
    return book
