"""Events that tell what a run believes, and which question it asks for that."""

from dataclasses import dataclass
from typing import Literal

from .belief import BeliefSource, SetMember
from .choice import Choice
from .event_base import EventBase


@dataclass(frozen=True, slots=True, kw_only=True)
class BeliefEstimated(EventBase):
    """A decision's candidates were weighed by a source that had to be asked; it is asked once."""

    source: str
    """The source that was asked: `logprobs`, `verbalized` or `samples`."""
    calls: int
    """Model calls that it took."""
    decision_id: str
    """Digest of the decision with the belief that holds from here on."""
    is_forced: bool = False
    """Whether the decision is the answer that was forced after the search."""
    problem: str | None = None
    """Why the belief stays as the reply stated it; None where the source gave one."""
    is_lasting: bool = False
    """Whether the source cannot be had from this model at all: the run does not ask it again."""
    type: Literal["belief.estimated"] = "belief.estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertaintyMeasured(EventBase):
    """The belief of a round, in figures."""

    top: str | None
    """The likeliest answer."""
    probability: float | None
    """Its probability."""
    entropy_nats: float
    """Entropy over candidates and "none of these"."""
    set_size: int | None
    """Size of the smallest set that holds 1 - alpha of the belief; None: not even all do."""
    none_of_these: float = 0.0
    """Probability that no candidate is right."""
    leaders: tuple[SetMember, ...] = ()
    """The likeliest answers with their probabilities, at most ten."""
    source: BeliefSource | None = None
    """Where the probabilities come from; None in journals that do not tell it."""
    type: Literal["uncertainty"] = "uncertainty"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryChosen(EventBase):
    """A policy weighed the candidate actions of a round; a resumed run keeps to its choice."""

    choice: Choice
    """What was weighed and what was chosen."""
    type: Literal["query.chosen"] = "query.chosen"
