"""What a search provider is, and how it fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ...records.errors import ToolError
from ...records.evidence import Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result of a search."""

    url: str
    """Where it leads."""
    title: str
    """Its title, without markup."""
    snippet: str = ""
    """What the provider shows of it, without markup."""
    date: str | None = None
    """Day of publication as the provider tells it."""
    passage: Passage | None = None
    """The very passage, where it comes from a corpus and need not be fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a provider said to one query."""

    hits: Sequence[Hit]
    """The results, best first."""
    cost_usd: float | None = None
    """What the provider itself says that the call cost; None where it does not say."""


class SearchProvider(Protocol):
    """Something that finds pages for words."""

    @property
    def name(self) -> str:
        """Its name, as `--search` takes it and the price book knows it."""
        ...

    @property
    def interval_s(self) -> float:
        """Least seconds between two calls, as its terms ask."""
        ...

    async def search(self, query: str, *, limit: int) -> Answer:
        """Return at most `limit` results.

        Raises:
            SearchFailed: It gave none, for a reason other than that there are none.
        """
        ...


class SearchFailed(ToolError):
    """A provider gave no results."""

    def __init__(
        self, message: str, *, is_lasting: bool = False, wait_s: float | None = None
    ) -> None:
        """Say what happened.

        Args:
            message: What happened, without keys.
            is_lasting: Whether asking again is of no use: a key is wrong, a quota is used up.
            wait_s: Seconds that the provider asks to wait.
        """
        super().__init__(message)
        self.is_lasting = is_lasting
        self.wait_s = wait_s
