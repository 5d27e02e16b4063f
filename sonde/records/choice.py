"""Why a round did what it did: the candidates with their scores, and what was chosen."""

from dataclasses import dataclass
from typing import Literal

from .belief import BeliefSource, SetMember

ChoiceEnd = Literal["certified", "no_gain"]
"""How a choice can end the search: the certified confidence is reached, or nothing is worth it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredAction:
    """One candidate action as the policy saw it."""

    action: int
    """Its place among the decision's actions."""
    tool: str
    """The tool that it calls."""
    words: str
    """What it asks for."""
    price: float
    """What it costs, in searches: a search costs 1, a question to a person the ask price."""
    gain_nats: float | None = None
    """Expected fall of the belief's entropy; None where it was not forecast."""
    standard_error: float | None = None
    """Standard error of that gain; 0 where it is exact, None where there is none."""
    score: float | None = None
    """The policy's score per unit of price; None where the candidates were not scored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a policy chose in one round."""

    policy: str
    """The policy by name."""
    chosen: int | None
    """Place of the chosen action among the decision's actions; None ends the search."""
    reason: str
    """Why, in words and with the figures."""
    candidates: tuple[ScoredAction, ...] = ()
    """All candidates, in the reasoner's order."""
    entropy_before: float | None = None
    """Entropy of the belief before the action, in nats; None where there is no belief."""
    entropy_expected: float | None = None
    """Expected entropy after the chosen action; None where it was not forecast."""
    basis: str | None = None
    """What the forecasts rest on; None where there are none."""
    calls: int = 0
    """Model calls that the forecasts took."""
    ends: ChoiceEnd | None = None
    """How the search ends here; None where it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundBelief:
    """One round of a run, as the belief tells it."""

    round: int
    """Its number."""
    belief: tuple[SetMember, ...]
    """The likeliest answers with their probabilities, at most ten."""
    none_of_these: float
    """Probability that no candidate is right."""
    entropy_before: float
    """Entropy before the round's action, in nats."""
    entropy_after: float | None = None
    """Entropy at the next decision; None where there was none."""
    choice: Choice | None = None
    """What a policy chose; None where the reasoner's own choice stood unexamined."""
    source: BeliefSource | None = None
    """Where the probabilities come from; None in journals that do not tell it."""
