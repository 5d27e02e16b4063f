"""One model over several pools of connections.

The pool below the client looks at each of its connections, for each of them, at every request: with
fifty that is a quarter of all the work of a request. Pools of eight cost next to nothing.
"""

from collections.abc import Callable, Sequence
from math import ceil
from typing import Self

from ...models.endpoint import OnAttempt
from ...models.openai_compatible import OpenAICompatible
from ...records.messages import ChatReply, ChatRequest

_A_POOL = 8


class Spread:
    """Sends each request through the pool with the fewest under way; one limiter holds for all."""

    def __init__(self, models: Sequence[OpenAICompatible], busy: list[int] | None = None) -> None:
        """Take models of one name and one endpoint, each with a pool of its own."""
        self._models = models
        self._busy = [0] * len(models) if busy is None else busy

    @classmethod
    def over(cls, make: Callable[[], OpenAICompatible], *, max_conn: int) -> Self:
        """Return a model for so many requests at a time."""
        return cls([make() for _ in range(ceil(max_conn / _A_POOL))])

    @property
    def name(self) -> str:
        """The model's name."""
        return self._models[0].name

    def observed_by(self, on_attempt: OnAttempt) -> "Spread":
        """Return the same model, same pools, that tells its attempts to another."""
        return Spread([model.observed_by(on_attempt) for model in self._models], self._busy)

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Answer one request.

        Raises:
            ModelError: No usable answer came; the class says of what kind.
            SetupError: Key, address, model name or account are wrong.
        """
        place = self._busy.index(min(self._busy))
        self._busy[place] += 1
        try:
            return await self._models[place].complete(request)
        finally:
            self._busy[place] -= 1

    async def aclose(self) -> None:
        """Close all connections; a later request opens others."""
        for model in self._models:
            await model.aclose()
