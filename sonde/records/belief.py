"""What a reasoner holds likely: candidate answers with probabilities."""

from dataclasses import dataclass
from math import isfinite
from typing import Literal

BeliefSource = Literal["reader", "verbalized", "logprobs", "samples", "exact"]
_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One candidate answer."""

    text: str
    """The answer in words."""
    probability: float
    """How likely the reasoner holds it, 0 to 1."""
    evidence: tuple[str, ...] = ()
    """Ids of the evidence that speaks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBelief:
    """A distribution over candidate answers and "none of these"; it sums to one.

    Raises:
        ValueError: A probability is negative or not a number, or the sum is not one.
    """

    candidates: tuple[Candidate, ...]
    """Candidates, likeliest first."""
    none_of_these: float
    """Probability that no candidate is right."""
    source: BeliefSource
    """Where the probabilities come from."""
    is_calibrated: bool = False
    """Whether they were fitted to observed frequencies."""

    def __post_init__(self) -> None:
        parts = [self.none_of_these, *(c.probability for c in self.candidates)]
        if not all(isfinite(part) and part >= 0 for part in parts):
            raise ValueError(f"a belief needs finite probabilities of 0 or more, not {parts}")
        if abs(sum(parts) - 1) > _TOLERANCE:
            raise ValueError(f"a belief must sum to 1, not {sum(parts):.6g}; scale it first")

    @property
    def top(self) -> Candidate | None:
        """The likeliest candidate, or None where there is none."""
        return self.candidates[0] if self.candidates else None
