"""Tokens of model calls, in buckets that never overlap."""

from collections.abc import Iterable
from dataclasses import dataclass

from .unknown import add_known


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one or more model calls, in disjoint buckets. None is unknown, never 0.

    The buckets add up to everything that the provider processed: a cached prompt token is in
    `cache_read` and not in `uncached_input`; a reasoning token is in `reasoning`, not in `output`.
    """

    uncached_input: int | None
    """Prompt tokens that the provider neither read from nor wrote to its cache."""
    cache_read: int | None = 0
    """Prompt tokens read from the provider's cache."""
    cache_write: int | None = 0
    """Prompt tokens written to the provider's cache."""
    output: int | None
    """Visible completion tokens."""
    reasoning: int | None = 0
    """Completion tokens spent on hidden reasoning."""
    is_estimate: bool = False
    """Whether a count of our own stands in for the provider's."""

    @classmethod
    def zero(cls) -> "Usage":
        """Return the usage of no call at all: known, and nothing."""
        return cls(uncached_input=0, output=0)

    @classmethod
    def unknown(cls) -> "Usage":
        """Return the usage of work that has no token count."""
        return cls(
            uncached_input=None, cache_read=None, cache_write=None, output=None, reasoning=None
        )

    @property
    def prompt(self) -> int | None:
        """All prompt tokens, cached ones too."""
        return add_known(self.uncached_input, self.cache_read, self.cache_write)

    @property
    def completion(self) -> int | None:
        """All completion tokens, reasoning too."""
        return add_known(self.output, self.reasoning)

    @property
    def total(self) -> int | None:
        """Prompt and completion together."""
        return add_known(self.prompt, self.completion)

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            uncached_input=add_known(self.uncached_input, other.uncached_input),
            cache_read=add_known(self.cache_read, other.cache_read),
            cache_write=add_known(self.cache_write, other.cache_write),
            output=add_known(self.output, other.output),
            reasoning=add_known(self.reasoning, other.reasoning),
            is_estimate=self.is_estimate or other.is_estimate,
        )


def sum_usage(usages: Iterable[Usage]) -> Usage:
    """Return the sum of usages; one unknown part makes that bucket's sum unknown."""
    total = Usage.zero()
    for usage in usages:
        total += usage
    return total
