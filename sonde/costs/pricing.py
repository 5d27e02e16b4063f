"""What tokens cost: prices per million tokens, by bucket."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..records.usage import Usage

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPrice:
    """List price of a model, in dollars per million tokens."""

    input_per_mtok: float
    """Uncached prompt tokens."""
    output_per_mtok: float
    """Completion tokens, reasoning too."""
    cache_read_per_mtok: float | None = None
    """Prompt tokens read from the cache; None: as uncached ones."""
    cache_write_per_mtok: float | None = None
    """Prompt tokens written to the cache; None: as uncached ones."""

    def cost_usd(self, usage: Usage) -> float | None:
        """Return the price of a usage, or None where one of its buckets is unknown."""
        read = self.cache_read_per_mtok
        write = self.cache_write_per_mtok
        parts = [
            (usage.uncached_input, self.input_per_mtok),
            (usage.cache_read, self.input_per_mtok if read is None else read),
            (usage.cache_write, self.input_per_mtok if write is None else write),
            (usage.output, self.output_per_mtok),
            (usage.reasoning, self.output_per_mtok),
        ]
        total = 0.0
        for tokens, per_mtok in parts:
            if tokens is None:
                return None
            total += tokens * per_mtok / _MILLION
        return total

    def worst_usd(self, prompt_tokens: int, output_tokens: int) -> float:
        """Return the most that a call of this size can cost."""
        per_prompt = max(self.input_per_mtok, self.cache_write_per_mtok or 0.0)
        return (prompt_tokens * per_prompt + output_tokens * self.output_per_mtok) / _MILLION


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBook:
    """Prices of models at one date; never changed once made."""

    book_id: str
    """Names the book in the records of a run."""
    prices: Mapping[str, ModelPrice] = field(default_factory=dict[str, ModelPrice])
    """Price by model name."""

    def price(self, model: str) -> ModelPrice | None:
        """Return a model's price, or None where the book does not know it."""
        return self.prices.get(model)
