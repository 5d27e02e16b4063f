"""The local corpus as a provider: it costs nothing, and comes first in a chain."""

from dataclasses import dataclass

from ..corpus.corpus import Corpus
from ..worker_thread import in_thread
from .provider import Answer, Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """Documents on this machine."""

    corpus: Corpus
    """The documents."""
    name: str = "local"
    """Its name."""
    interval_s: float = 0.0
    """Nobody is troubled."""

    async def search(self, query: str, *, limit: int) -> Answer:
        """Return passages."""
        found = await in_thread(lambda: self.corpus.search(query, limit=limit))
        return Answer(
            hits=[
                Hit(url=each.source, title=each.title, snippet=each.text, passage=each)
                for each in found
            ]
        )
