"""What a reasoner holds likely: candidate answers with probabilities."""

from dataclasses import dataclass
from math import isfinite
from typing import Literal

BeliefSource = Literal[
    "stated", "verbalized", "logprobs", "samples", "reader", "exact", "simulated"
]
"""`stated` stands in the reply that decides; `verbalized` was asked for, candidate by candidate."""
BeliefName = Literal["stated", "logprobs", "verbalized", "samples"]
"""Those of a chat model, among which a run has the choice."""
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
class SetMember:
    """One answer of a confidence set."""

    text: str
    """The answer."""
    probability: float
    """How likely it is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRule:
    """Which candidates a set of answers holds: all that are at least so likely.

    The least probability was found on questions apart, so that for a further question of their sort
    the set holds a right answer with the stated chance (split conformal prediction). Of other
    questions it promises nothing.
    """

    least: float
    """Least probability of a member."""
    coverage: float
    """Share of sets that hold a right answer, 0 to 1."""
    fitted_on: int
    """Questions that the least probability was found on."""
    population: str
    """What sort of questions they were, in words."""


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
    set_rule: SetRule | None = None
    """Which candidates its set of answers holds; None where no such rule was fitted."""

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

    @property
    def held(self) -> float:
        """Probability of the likeliest candidate; 0 where it is likelier that none is right."""
        top = self.top
        return top.probability if top and top.probability > self.none_of_these else 0.0

    def members(self) -> tuple[SetMember, ...] | None:
        """Return the set of answers by its rule, the likeliest at least; None without a rule."""
        if self.set_rule is None:
            return None
        least = self.set_rule.least
        inside = [each for each in self.candidates if each.probability >= least]
        return tuple(
            SetMember(text=each.text, probability=round(each.probability, 4))
            for each in inside or self.candidates[:1]
        )

    def leaders(self, most: int = 10) -> tuple[SetMember, ...]:
        """Return the likeliest candidates with their probabilities."""
        return tuple(
            SetMember(text=each.text, probability=round(each.probability, 6))
            for each in self.candidates[:most]
        )
