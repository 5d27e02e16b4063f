"""Texts as vectors, from any endpoint that speaks OpenAI's `POST /embeddings`."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from ..records.json_types import JsonValue
from ..records.tooling import Purchase
from ..records.usage import Usage
from .endpoint import Attempt, Call, Endpoint, OnAttempt
from .faults import Fault, Outcome
from .json_door import as_count, as_list, as_object
from .openai_connection import EMBEDDINGS, Connection
from .resolve import connection_of

Vectors = NDArray[np.float32]
OnBought = Callable[[Purchase], None]
"""Told of each request with its tokens, failed ones too."""

_BATCH = 64
"""Texts of one request; servers take 96 to 2,048."""
_MOST_CHARACTERS = 24_000
"""Characters of one text that are sent: about 6,000 tokens; models take 8,192."""


_UNKNOWN = Usage(uncached_input=None, output=0)
"""An attempt that failed and may have been paid: an embedder writes nothing, whatever it read."""


class Embedder:
    """An embedding model behind an OpenAI-compatible endpoint. It is never used unless named."""

    def __init__(
        self,
        name: str,
        *,
        connection: Connection,
        endpoint: Endpoint | None = None,
        on_attempt: OnAttempt | None = None,
    ) -> None:
        """Name the model; nothing is sent.

        Args:
            name: The model's name, as the endpoint knows it.
            connection: Where it is reached.
            endpoint: Limiter and retries.
            on_attempt: Told of every attempt.
        """
        self._name = name
        self._connection = connection
        self._endpoint = endpoint or Endpoint()
        self._on_attempt = on_attempt
        self.texts_embedded = 0
        self.tokens: int | None = 0

    @property
    def identity(self) -> str:
        """What tells its vectors from those of another model: address and name."""
        return f"{self._connection.base_url} {self._name}"

    @property
    def name(self) -> str:
        """The model's name."""
        return self._name

    def worst(self, texts: Sequence[str]) -> Purchase:
        """Return the most that the texts can take in one attempt: a token is a byte or more."""
        most = sum(len(text[:_MOST_CHARACTERS].encode("utf-8", "replace")) + 8 for text in texts)
        return self._bought(Usage(uncached_input=most, output=0, is_estimate=True))

    def embed(self, texts: Sequence[str], *, on_bought: OnBought | None = None) -> Vectors:
        """Return one vector of length one for each text, in a thread of its own.

        Args:
            texts: What is to be embedded.
            on_bought: Told of each request with its tokens.

        Raises:
            ModelError: No usable answer came; the class says of what kind.
            SetupError: Key, address, model name or account are wrong.
        """

        async def alone() -> Vectors:
            try:
                return await self.aembed(texts, on_bought=on_bought)
            finally:
                await self._connection.aclose()

        with ThreadPoolExecutor(max_workers=1) as pool:  # a loop may be running in this one
            return pool.submit(lambda: asyncio.run(alone())).result()

    async def aembed(self, texts: Sequence[str], *, on_bought: OnBought | None = None) -> Vectors:
        """Return one vector of length one for each text. See `embed`."""
        found = [
            await self._ask(texts[start : start + _BATCH], on_bought)
            for start in range(0, len(texts), _BATCH)
        ]
        return np.concatenate(found) if found else np.zeros((0, 0), np.float32)

    def _bought(self, usage: Usage) -> Purchase:
        return Purchase(seller=self._name, usage=usage, base_url=self._connection.base_url)

    async def _ask(self, texts: Sequence[str], on_bought: OnBought | None) -> Vectors:
        def note(attempt: Attempt) -> None:
            if on_bought is not None:
                on_bought(self._bought(attempt.usage or _UNKNOWN))
            if self._on_attempt is not None:
                self._on_attempt(attempt)

        call = self._endpoint.start_call(
            where=f"{self._name} at {self._connection.base_url}", on_attempt=note
        )
        while True:  # `recover` raises after the last attempt
            async with self._endpoint.limiter.slot() as slot:
                outcome = await self._try_once(texts, call)
                if not isinstance(outcome, Fault):
                    slot.succeed()
                    return outcome
                if outcome.outcome is Outcome.RATE_LIMITED:
                    slot.refuse()
            await call.recover(outcome)

    async def _try_once(self, texts: Sequence[str], call: Call) -> Vectors | Fault:
        body: dict[str, JsonValue] = {
            "model": self._name,
            "input": [text[:_MOST_CHARACTERS] for text in texts],
        }
        try:
            async with asyncio.timeout(call.left_s):
                raw = await self._connection.post(body, path=EMBEDDINGS)
        except TimeoutError:
            return call.out_of_time
        if isinstance(raw, Fault):
            return raw
        vectors = _read_vectors(raw, count=len(texts))
        if not isinstance(vectors, Fault):
            tokens = as_count(as_object(as_object(raw).get("usage")).get("prompt_tokens"))
            self.texts_embedded += len(texts)
            both_known = self.tokens is not None and tokens is not None
            self.tokens = (self.tokens or 0) + (tokens or 0) if both_known else None
            call.succeed(Usage(uncached_input=tokens, output=0))
        return vectors


def resolve_embedder(name: str, *, base_url: str | None, environ: Mapping[str, str]) -> Embedder:
    """Return the embedding model of that name; nothing is sent.

    Args:
        name: Such as `text-embedding-3-small`, or `openai:NAME` for a name with a colon.
        base_url: Address of an OpenAI-compatible API; None takes OPENAI_BASE_URL, else OpenAI's.
        environ: Environment variables: OPENAI_API_KEY, OPENAI_BASE_URL.

    Raises:
        SetupError: The name, the address or the key cannot be used.
    """
    model, connection = connection_of(name, base_url=base_url, environ=environ)
    return Embedder(model, connection=connection, endpoint=connection.endpoint)


def _read_vectors(raw: JsonValue, *, count: int) -> Vectors | Fault:
    """Return the vectors of a reply in the order of the texts, each of length one."""
    rows: dict[int, list[float]] = {}
    for place, item in enumerate(as_list(as_object(raw).get("data"))):
        index = as_count(as_object(item).get("index", place))
        numbers = as_list(as_object(item).get("embedding"))
        values = [float(n) for n in numbers if isinstance(n, int | float)]
        if index is not None and values and len(values) == len(numbers):
            rows[index] = values
    sizes = {len(row) for row in rows.values()}
    if sorted(rows) != list(range(count)) or len(sizes) != 1:
        told = f"the reply holds {len(rows)} vectors of sizes {sorted(sizes)} for {count} texts"
        return Fault(outcome=Outcome.UNREADABLE, message=told)
    table = np.array([rows[index] for index in range(count)], np.float32)
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    if not np.isfinite(table).all() or not lengths.all():
        return Fault(outcome=Outcome.UNREADABLE, message="a vector is no direction: 0 or infinite")
    return (table / lengths).astype(np.float32)
