"""What tokens and services cost: prices per million tokens or per call, and the book of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import partial
from math import isfinite
from types import MappingProxyType

from ..records.mistakes import is_number, mistaken
from ..records.usage import Usage
from .naming import NameIndex

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPrice:
    """List price of a model for ordinary calls, in dollars per million tokens.

    Discounts for batches and fees for a provider's own tools are left out.

    Raises:
        SetupError: A price is no number.
        ValueError: A price is negative or not finite, or the tiers do not ascend.
    """

    input_per_mtok: float
    """Uncached prompt tokens."""
    output_per_mtok: float
    """Completion tokens, reasoning too where it has no price of its own."""
    cache_read_per_mtok: float | None = None
    """Prompt tokens read from the cache; None: as uncached ones."""
    cache_write_per_mtok: float | None = None
    """Prompt tokens written to the cache; None: as uncached ones."""
    reasoning_per_mtok: float | None = None
    """Reasoning tokens; None: as other completion tokens."""
    per_call_usd: float = 0.0
    """Dollars for each call, whatever its tokens."""
    tiers: tuple["PriceTier", ...] = ()
    """Prices of calls with a longer prompt, the shorter first."""

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name != "tiers" and value is not None:
                if not is_number(value):
                    example = "ModelPrice(input_per_mtok=0.25, output_per_mtok=2.0)"
                    raise mistaken(each.name, value, wanted="a number", example=example)
                if not (isfinite(value) and value >= 0):
                    raise ValueError(f"{each.name} must be 0 or more, not {value}")
                object.__setattr__(self, each.name, float(value))  # 2 and 2.0 are one price
        starts = [tier.above_prompt_tokens for tier in self.tiers]
        if starts != sorted(set(starts)):
            raise ValueError(f"tiers must ascend, not start above {starts} prompt tokens")

    def cost_usd(self, usage: Usage) -> float | None:
        """Return the price of one call, or None where one of its buckets is unknown.

        All tokens of a call are priced at the tier of its whole prompt, cached tokens too. A sum
        of calls has no tier of its own: price each call, then add.
        """
        rates = self._at(usage.prompt or 0)
        read, write = rates.cache_read_per_mtok, rates.cache_write_per_mtok
        reasoning = rates.reasoning_per_mtok
        parts = [
            (usage.uncached_input, rates.input_per_mtok),
            (usage.cache_read, rates.input_per_mtok if read is None else read),
            (usage.cache_write, rates.input_per_mtok if write is None else write),
            (usage.output, rates.output_per_mtok),
            (usage.reasoning, rates.output_per_mtok if reasoning is None else reasoning),
        ]
        total = rates.per_call_usd
        for tokens, per_mtok in parts:
            if tokens is None:
                return None
            total += tokens * per_mtok / _MILLION
        return total

    def worst_usd(self, prompt_tokens: int, output_tokens: int) -> float:
        """Return the most that a call of this size, or a smaller one, can cost."""
        reached = [t.price for t in self.tiers if prompt_tokens > t.above_prompt_tokens]
        return max(each._dearest_usd(prompt_tokens, output_tokens) for each in (self, *reached))

    def _at(self, prompt_tokens: int) -> "ModelPrice":
        reached = [t.price for t in self.tiers if prompt_tokens > t.above_prompt_tokens]
        return reached[-1] if reached else self

    def _dearest_usd(self, prompt_tokens: int, output_tokens: int) -> float:
        per_prompt = max(
            self.input_per_mtok, self.cache_read_per_mtok or 0.0, self.cache_write_per_mtok or 0.0
        )
        per_output = max(self.output_per_mtok, self.reasoning_per_mtok or 0.0)
        tokens_usd = (prompt_tokens * per_prompt + output_tokens * per_output) / _MILLION
        return self.per_call_usd + tokens_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceTier:
    """The price of calls whose prompt is longer than a threshold."""

    above_prompt_tokens: int
    """The threshold: a call of just so many prompt tokens is still below."""
    price: ModelPrice
    """What all tokens of such a call cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBook:
    """Prices of models, and of services that tools buy from; never changed once made.

    Raises:
        ValueError: The price of a service is negative or not a number.
    """

    book_id: str
    """Names the book in the records of a run."""
    prices: Mapping[str, ModelPrice] = field(default_factory=dict[str, ModelPrice])
    """Prices by model name just as it is written, at any endpoint; they go before listed ones."""
    listed: Mapping[str, ModelPrice] = field(default_factory=dict[str, ModelPrice])
    """List prices by the keys of `names`; a key without one has no price in tokens alone."""
    names: NameIndex = field(default_factory=NameIndex)
    """Which listed model a name means."""
    since: date | None = None
    """Day since which all its list prices hold; None where nobody says."""
    base_url: str | None = None
    """Endpoint that it is asked for; None: any, the name tells the provider."""
    services: Mapping[str, float] | None = None
    """Dollars a call of a service, by seller; None: the book says nothing of services."""
    services_on: date | None = None
    """Day on which the sellers' lists said so; None where nobody says."""

    def __post_init__(self) -> None:
        for seller, usd in (self.services or {}).items():
            if not (isfinite(usd) and usd >= 0):
                raise ValueError(f"a call of {seller!r} must cost 0 or more, not {usd}")
        if self.services is not None:
            services = {seller: float(usd) for seller, usd in self.services.items()}
            object.__setattr__(self, "services", MappingProxyType(services))
        object.__setattr__(self, "prices", MappingProxyType(dict(self.prices)))
        object.__setattr__(self, "listed", MappingProxyType(dict(self.listed)))

    def __reduce__(self) -> tuple[partial["PriceBook"], tuple[()]]:
        """Return what pickle makes a copy from: its mappings cannot be pickled as they are."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        values |= {"prices": dict(self.prices), "listed": dict(self.listed)}
        values |= {"services": None if self.services is None else dict(self.services)}
        return partial(PriceBook, **values), ()

    def for_endpoint(self, base_url: str | None) -> "PriceBook":
        """Return this book as it holds for one endpoint.

        A server that is no listed provider's, such as one on this machine, has no list price, even
        where its model is named like a provider's.
        """
        return replace(self, base_url=base_url)

    def price(self, model: str) -> ModelPrice | None:
        """Return a model's price, or None where the book does not know it."""
        name = model.strip()
        plain = name.removeprefix("openai:")
        for written in (name, plain, f"openai:{plain}"):
            if written in self.prices:
                return self.prices[written]
        key = self.names.find(name, base_url=self.base_url)
        return None if key is None else self.listed.get(key)


def reprice(usage: Usage, book: PriceBook, model: str) -> float | None:
    """Return what one call costs under a book, or None where its price or its usage is unknown."""
    price = book.price(model)
    return None if price is None else price.cost_usd(usage)
