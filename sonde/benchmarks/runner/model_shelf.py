"""The models of one worker: each is opened once, all of one address under the worker's limit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from ...costs.price_book import default_book
from ...costs.pricing import PriceBook
from ...memory.home import Home
from ...models.openai_compatible import OpenAICompatible
from ...models.resolve import endpoint_url, resolve_model
from ...models.tokens import count_tokens_for


class PricedModel(NamedTuple):
    """A model with what its tokens cost."""

    model: OpenAICompatible
    """The model."""
    prices: PriceBook
    """The list prices of today, with the evaluator's own before them, at the model's address."""


@dataclass(slots=True, kw_only=True)
class ModelShelf:
    """Opens models by name and address."""

    environ: Mapping[str, str]
    """Where keys, addresses and the home with prices are looked up."""
    max_conn: int
    """Most requests at a time at one address."""
    _models: dict[tuple[str, str], OpenAICompatible] = field(
        default_factory=dict[tuple[str, str], OpenAICompatible]
    )
    _book: PriceBook | None = None

    def model(self, name: str, base_url: str | None) -> PricedModel:
        """Return a model by its name; nothing is sent.

        Raises:
            SetupError: The name, the address, the key or the prices cannot be used.
        """
        url = endpoint_url(base_url, self.environ)
        if (name, url) not in self._models:
            model = resolve_model(
                name,
                base_url=base_url,
                environ=self.environ,
                count_tokens=count_tokens_for(name, environ=self.environ),
            )
            model.hold_to(self.max_conn)
            self._models[name, url] = model
        return PricedModel(self._models[name, url], self._prices().for_endpoint(url))

    async def aclose(self) -> None:
        """Close all connections."""
        for model in self._models.values():
            await model.aclose()

    def _prices(self) -> PriceBook:
        if self._book is None:
            own = Home.of(self.environ).prices
            today = datetime.now(UTC).date()
            self._book = default_book(on=today, overrides=own if own.exists() else None)
        return self._book
