"""ddgs: several engines' result pages, read without a key (extra `web`)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from ...records.errors import SetupError
from ...records.extras import install_hint
from ..worker_thread import in_thread
from .asking import hit_of
from .provider import Answer, SearchFailed

Rows: TypeAlias = Sequence[Mapping[str, str]]


def _search(query: str, limit: int) -> Rows:
    try:
        from ddgs import DDGS  # pyright: ignore[reportUnknownVariableType] -- made at run time
        from ddgs.exceptions import DDGSException
    except ImportError as err:
        raise SetupError(f"the search provider ddgs needs: {install_hint('web')}") from err
    try:
        return cast(Rows, DDGS(timeout=10).text(query, max_results=limit))  # pyright: ignore[reportUnknownMemberType] -- loosely typed there
    except DDGSException as err:
        if "No results" in str(err):
            return []
        raise SearchFailed(f"ddgs: {type(err).__name__}") from err


@dataclass(frozen=True, slots=True, kw_only=True)
class Ddgs:
    """The metasearch of the ddgs package."""

    look_up: Callable[[str, int], Rows] = field(default=_search)
    """What searches: words and a number of results."""
    name: str = "ddgs"
    """Its name."""
    interval_s: float = 1.0
    """Engines block whoever asks faster."""

    async def search(self, query: str, *, limit: int) -> Answer:
        """Return results.

        Raises:
            SearchFailed: It gave none.
            SetupError: The package is not installed.
        """
        rows = await in_thread(lambda: self.look_up(query, limit))
        hits = [
            hit_of(dict(row), url="href", title="title", snippet="body", date="date")
            for row in rows
        ]
        return Answer(hits=[hit for hit in hits if hit is not None][:limit])
