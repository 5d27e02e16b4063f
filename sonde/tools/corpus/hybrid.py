"""Ranking by words and by meaning together: BM25 and cosine, joined by reciprocal rank fusion."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from ...records.tooling import Purchase

Vectors = NDArray[np.float32]
OnBought = Callable[[Purchase], None]

_BATCH = 512
"""Texts that are embedded before they are saved: what an interruption can lose."""
_FUSION = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Buettcher, 2009)."""
_SCHEMA = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID"


class TextEmbedder(Protocol):
    """Anything that makes vectors of texts."""

    @property
    def identity(self) -> str:
        """What tells its vectors from those of another."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one vector of length one for each text."""
        ...


class BuyingEmbedder(Protocol):
    """An embedder that tells what each request took, for the bill."""

    def worst(self, texts: Sequence[str]) -> Purchase:
        """Return the most that embedding these texts can take."""
        ...

    def embed(self, texts: Sequence[str], *, on_bought: OnBought | None = None) -> Vectors:
        """Return one vector of length one for each text, and tell of each request."""
        ...


class MeaningIndex:
    """Vectors of passages: in memory, and on disk beside the index, by the hash of their text."""

    def __init__(
        self, numbers: NDArray[np.int64], vectors: Vectors, embedder: TextEmbedder
    ) -> None:
        self._numbers = numbers
        self._vectors = vectors
        self._embedder = embedder
        self._asked: dict[str, Vectors] = {}
        self._lock = Lock()

    @classmethod
    def open(
        cls,
        path: Path,
        passages: Iterable[tuple[int, str]],
        embedder: TextEmbedder,
        *,
        on_progress: Callable[[int, int], None] | None = None,
        on_bought: OnBought | None = None,
    ) -> "MeaningIndex":
        """Embed what has no vector yet, and open.

        Args:
            path: The SQLite file of the vectors; begun where there is none.
            passages: Numbers and texts.
            embedder: What makes the vectors.
            on_progress: Told how many of the new passages are embedded, and how many there are.
            on_bought: Told what the embedder took.
        """
        numbered = list(passages)
        keys = [_key(embedder, text) for _, text in numbered]
        with _Vault(path) as vault:
            known = vault.read(keys)
            missing = {
                k: text for k, (_, text) in zip(keys, numbered, strict=True) if k not in known
            }
            todo = list(missing.items())
            for start in range(0, len(todo), _BATCH):
                batch = todo[start : start + _BATCH]
                vectors = _embedded(embedder, [text for _, text in batch], on_bought)
                fresh = dict(zip((key for key, _ in batch), vectors, strict=True))
                vault.write(fresh)
                known |= fresh
                if on_progress is not None:
                    on_progress(min(start + _BATCH, len(todo)), len(todo))
        rows = [known[key] for key in keys]
        table = np.stack(rows) if rows else np.zeros((0, 0), np.float32)
        return cls(np.array([n for n, _ in numbered], np.int64), table, embedder)

    def worst(self, queries: Sequence[str]) -> list[Purchase]:
        """Return the most that these queries can take; nothing for an embedder without a bill."""
        if not hasattr(self._embedder, "worst"):
            return []
        return [cast(BuyingEmbedder, self._embedder).worst(queries)]

    def search(self, query: str, *, limit: int, on_bought: OnBought | None = None) -> list[int]:
        """Return the numbers of the passages nearest in meaning, nearest first."""
        if not len(self._numbers):
            return []
        cosines = self._vectors @ self._of(query, on_bought)
        limit = min(limit, len(cosines))
        top = np.argpartition(-cosines, limit - 1)[:limit]
        ordered = top[np.lexsort((self._numbers[top], -cosines[top]))]
        return [int(number) for number in self._numbers[ordered]]

    def _of(self, query: str, on_bought: OnBought | None) -> Vectors:
        with self._lock:
            if query not in self._asked:
                self._asked[query] = _embedded(self._embedder, [query], on_bought)[0]
            return self._asked[query]


def fused(rankings: Sequence[Sequence[int]]) -> list[tuple[int, float]]:
    """Return the things of several rankings with the sum of 1 / (60 + rank), best first.

    >>> [thing for thing, _ in fused([[1, 2, 3], [3, 1]])]
    [1, 3, 2]
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, thing in enumerate(ranking, start=1):
            scores[thing] = scores.get(thing, 0.0) + 1 / (_FUSION + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _embedded(embedder: TextEmbedder, texts: Sequence[str], on_bought: OnBought | None) -> Vectors:
    if hasattr(embedder, "worst"):  # isinstance of a protocol looks at every attribute
        return cast(BuyingEmbedder, embedder).embed(texts, on_bought=on_bought)
    return embedder.embed(texts)


def _key(embedder: TextEmbedder, text: str) -> bytes:
    return sha256(f"{embedder.identity}\n{text}".encode("utf-8", "surrogatepass")).digest()


class _Vault:
    """The vectors on disk."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, timeout=60)

    def __enter__(self) -> "_Vault":
        self._connection.execute(_SCHEMA)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def read(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        rows = self._connection.execute("SELECT key, vector FROM vectors")
        wanted = set(keys)
        return {key: np.frombuffer(vector, np.float32) for key, vector in rows if key in wanted}

    def write(self, vectors: dict[bytes, Vectors]) -> None:
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                ((key, vector.astype(np.float32).tobytes()) for key, vector in vectors.items()),
            )
