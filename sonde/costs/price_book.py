"""The price book of a day: list prices of models and of services, and a person's own over them.

Prices of models are those that the genai-prices package brings; nothing is fetched. It is loaded on
the first call, because that takes up to a second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from .frozen_book import digest
from .naming import Listing, NameIndex, NameRule, Provider, RuleKind
from .overrides import read_overrides, read_service_prices, with_overrides
from .pricing import ModelPrice, PriceBook, PriceTier
from .service_prices import LIST_PRICES, LISTED_ON

if TYPE_CHECKING:
    from decimal import Decimal

    from genai_prices import types as source

_HALF_HOURS = 48
_SHORT = 8
_PRICED_BEYOND_USAGE = ("output_citation_mtok",)  # no provider's usage tells these tokens


def default_book(*, on: date, overrides: Path | None = None) -> PriceBook:
    """Return the list prices that hold on a day, with a person's own in front.

    Prices are those of ordinary calls, with tiers by prompt size. Where a price changes with the
    hour, the dearest of the day stands, so that a budget holds at any hour. A model that is not
    priced by prompt and completion tokens is unknown, and so is one listed without any price.

    Args:
        on: The day, by UTC.
        overrides: A TOML file of a person's own prices.

    Raises:
        SetupError: The file of overrides cannot be read.
    """
    book = _listed_book(on)
    if overrides is None:
        return book
    services = read_service_prices(overrides)
    return with_overrides(book, read_overrides(overrides), services=services)


def _listed_book(on: date) -> PriceBook:
    import genai_prices  # here, because not every run needs prices
    from genai_prices.data import providers

    moments = _moments(on)
    priced = {
        f"{seller.id}/{model.id}": _price(model, moments)
        for seller in providers
        for model in seller.models
    }
    nameless = PriceBook(
        book_id="",
        listed={key: price for key, price in priced.items() if price is not None},
        names=NameIndex(providers=tuple(_provider(each) for each in providers)),
        since=max(_starts(providers, on), default=None),
        services=LIST_PRICES,
        services_on=LISTED_ON,
    )
    day = f"{nameless.since}-" if nameless.since else ""
    book_id = f"genai-prices-{genai_prices.__version__}-{day}{digest(nameless)[:_SHORT]}"
    return replace(nameless, book_id=book_id)


def _moments(on: date) -> list[datetime]:
    midnight = datetime.combine(on, time(), UTC)
    return [midnight + timedelta(minutes=30 * step) for step in range(_HALF_HOURS)]


def _starts(providers: "Sequence[source.Provider]", on: date) -> Iterable[date]:
    """Yield the days at which a listed price began to hold, up to a day."""
    from genai_prices.types import StartDateConstraint

    for model in (model for seller in providers for model in seller.models):
        for each in model.prices if isinstance(model.prices, list) else ():
            if (
                isinstance(each.constraint, StartDateConstraint)
                and each.constraint.start_date <= on
            ):
                yield each.constraint.start_date


def _provider(seller: "source.Provider") -> Provider:
    return Provider(
        provider_id=seller.id,
        url_pattern=seller.api_pattern,
        rule=None if seller.model_match is None else _rule(seller.model_match),
        fallbacks=tuple(seller.fallback_model_providers or ()),
        listings=tuple(
            Listing(key=f"{seller.id}/{model.id}", rule=_rule(model.match))
            for model in seller.models
        ),
    )


def _rule(clause: "source.MatchLogic") -> NameRule:
    from genai_prices import types

    match clause:
        case types.ClauseEquals(text):
            return NameRule(kind=RuleKind.EQUALS, text=text.lower())
        case types.ClauseStartsWith(text):
            return NameRule(kind=RuleKind.STARTS_WITH, text=text.lower())
        case types.ClauseEndsWith(text):
            return NameRule(kind=RuleKind.ENDS_WITH, text=text.lower())
        case types.ClauseContains(text):
            return NameRule(kind=RuleKind.CONTAINS, text=text.lower())
        case types.ClauseRegex(pattern):
            return NameRule(kind=RuleKind.REGEX, text=pattern)
        case types.ClauseOr(parts):
            return NameRule(kind=RuleKind.ANY_OF, parts=tuple(_rule(part) for part in parts))
        case types.ClauseAnd(parts):
            return NameRule(kind=RuleKind.ALL_OF, parts=tuple(_rule(part) for part in parts))


def _price(model: "source.ModelInfo", moments: Sequence[datetime]) -> ModelPrice | None:
    """Return a model's dearest price of the day, or None where tokens do not tell its cost."""
    hours = moments if _varies_by_hour(model) else moments[:1]
    prices = [_tiered(model.get_prices(moment), writes="embed" not in model.id) for moment in hours]
    known = [price for price in prices if price is not None]
    if len(known) < len(prices):
        return None
    return max(known, key=lambda price: price.worst_usd(1, 1))


def _varies_by_hour(model: "source.ModelInfo") -> bool:
    from genai_prices.types import TimeOfDateConstraint

    prices = model.prices if isinstance(model.prices, list) else []
    return any(isinstance(each.constraint, TimeOfDateConstraint) for each in prices)


def _tiered(rates: "source.ModelPrice", *, writes: bool) -> ModelPrice | None:
    """Return the rates with their tiers; a model that writes nothing has no price for output."""
    from genai_prices.types import TieredPrices

    if any(getattr(rates, key) is not None for key in _PRICED_BEYOND_USAGE):
        return None
    priced = (rates.input_mtok, rates.output_mtok, rates.cache_read_mtok, rates.cache_write_mtok)
    starts = {t.start for p in priced if isinstance(p, TieredPrices) for t in p.tiers}
    base = _flat(rates, above=None, writes=writes)
    tiers = [(start, _flat(rates, above=start, writes=writes)) for start in sorted(starts)]
    if base is None:
        return None
    return replace(
        base,
        tiers=tuple(
            PriceTier(above_prompt_tokens=start, price=price)
            for start, price in tiers
            if price is not None
        ),
    )


def _flat(rates: "source.ModelPrice", *, above: int | None, writes: bool) -> ModelPrice | None:
    """Return the rates of one tier; `above` is its threshold, None the lowest tier."""
    prompt = _rate(rates.input_mtok, above)
    output = _rate(rates.output_mtok, above) if writes else 0.0
    if prompt is None or output is None:
        return None
    per_thousand_calls = _rate(rates.requests_kcount, above) or 0.0
    return ModelPrice(
        input_per_mtok=prompt,
        output_per_mtok=output,
        cache_read_per_mtok=_rate(rates.cache_read_mtok, above),
        cache_write_per_mtok=_rate(rates.cache_write_mtok, above),
        reasoning_per_mtok=_rate(rates.output_reasoning_mtok, above),
        per_call_usd=per_thousand_calls / 1_000,
    )


def _rate(price: "Decimal | source.TieredPrices | None", above: int | None) -> float | None:
    from genai_prices.types import TieredPrices

    if price is None:
        return None
    if not isinstance(price, TieredPrices):
        return float(price)
    reached = [tier.price for tier in price.tiers if above is not None and tier.start <= above]
    return float(reached[-1] if reached else price.base)
