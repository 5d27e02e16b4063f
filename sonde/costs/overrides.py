"""A person's own prices: a TOML file that goes before every list price.

    [models."gpt-5-mini"]
    input_per_mtok = 0.25
    output_per_mtok = 2.0
    cache_read_per_mtok = 0.025

    [services.brave]
    per_call_usd = 0.003

A name holds as it is written there, at any endpoint; this is also how a local model gets price 0.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from math import isfinite
from pathlib import Path
from typing import cast

from ..records.errors import SetupError
from .frozen_book import digest
from .pricing import ModelPrice, PriceBook

_KEYS = tuple(each.name for each in fields(ModelPrice) if each.name != "tiers")
_REQUIRED = ("input_per_mtok", "output_per_mtok")
_SHORT = 8


def with_overrides(
    book: PriceBook,
    prices: Mapping[str, ModelPrice],
    *,
    services: Mapping[str, float] | None = None,
) -> PriceBook:
    """Return a new book in which these prices go before all others; its id tells them apart.

    Args:
        book: The book.
        prices: Prices of models by name.
        services: Dollars a call of services, by seller.
    """
    if not prices and not services:
        return book
    merged = {**book.prices, **prices}
    own = PriceBook(
        book_id="",
        prices=dict(sorted(merged.items())),
        services=dict(sorted(services.items())) if services else None,
    )
    return replace(
        book,
        book_id=f"{book.book_id}+own-{digest(own)[:_SHORT]}",
        prices=merged,
        services={**(book.services or {}), **services} if services else book.services,
    )


def read_overrides(path: Path) -> dict[str, ModelPrice]:
    """Read prices by model name.

    Raises:
        SetupError: The file cannot be read, or a part of it is no price.
    """
    tables = _table(_read_toml(path), f"{path}")
    for key in tables.keys() - {"models", "services"}:
        raise SetupError(f'{path}: {key!r} is not known; prices stand under [models."NAME"]')
    models = _table(tables.get("models", {}), f"{path}: models")
    return {name: _price(table, f"{path}: model {name!r}") for name, table in models.items()}


def read_service_prices(path: Path) -> dict[str, float]:
    """Read a person's own prices of services, in dollars a call, by the seller's name.

    Raises:
        SetupError: The file cannot be read, or a part of it is no price.
    """
    services = _table(_table(_read_toml(path), f"{path}").get("services", {}), f"{path}: services")
    prices: dict[str, float] = {}
    for name, given in services.items():
        where = f"{path}: service {name!r}"
        table = _table(given, where)
        if table.keys() != {"per_call_usd"}:
            raise SetupError(f"{where}: give per_call_usd = DOLLARS and nothing else")
        prices[name] = _number(table["per_call_usd"], f"{where}: per_call_usd")
        if not (isfinite(prices[name]) and prices[name] >= 0):
            raise SetupError(f"{where}: per_call_usd must be 0 or more, not {prices[name]}")
    return prices


def _read_toml(path: Path) -> object:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as err:
        raise SetupError(f"cannot read the prices {path}: {err.strerror or err}") from err
    except ValueError as err:  # no TOML, or no UTF-8
        raise SetupError(f"the prices {path} are no TOML: {err}") from err


def _table(value: object, where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise SetupError(f'{where} must be a table such as [models."gpt-5-mini"], not {value!r}')
    return cast(dict[str, object], value)


def _price(value: object, where: str) -> ModelPrice:
    table = _table(value, where)
    for key in table:
        if key not in _KEYS:
            raise SetupError(f"{where}: {key!r} is not known; known are {', '.join(_KEYS)}")
    for key in _REQUIRED:
        if key not in table:
            raise SetupError(f"{where}: {key} is missing; give dollars per million tokens, or 0")
    numbers = {key: _number(given, f"{where}: {key}") for key, given in table.items()}
    try:
        return ModelPrice(
            input_per_mtok=numbers["input_per_mtok"],
            output_per_mtok=numbers["output_per_mtok"],
            cache_read_per_mtok=numbers.get("cache_read_per_mtok"),
            cache_write_per_mtok=numbers.get("cache_write_per_mtok"),
            reasoning_per_mtok=numbers.get("reasoning_per_mtok"),
            per_call_usd=numbers.get("per_call_usd", 0.0),
        )
    except ValueError as err:
        raise SetupError(f"{where}: {err}") from err


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SetupError(f"{where} must be a number of dollars, not {value!r}")
    return float(value)
