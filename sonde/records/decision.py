"""What a reasoner decides in one round."""

from dataclasses import dataclass, field

from .belief import AnswerBelief
from .evidence import Quote
from .json_types import JsonObject
from .report import Report
from .tooling import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An answer as the reasoner gives it; its quotes are checked before anyone sees them."""

    text: str
    """The answer; for an abstention, what can be said instead."""
    quotes: tuple[Quote, ...] = ()
    """What it rests on, in the order of the argument."""
    is_abstention: bool = False
    """Whether the reasoner declines to answer."""
    is_salvaged: bool = False
    """Whether it was taken from a reply that could not be read as it was meant."""
    data: JsonObject | None = None
    """The answer as JSON, where a schema was asked for; None where it could not take that form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a decision took beside model calls, which are booked where they are made."""

    cpu_s: float = 0.0
    """Seconds of processor time."""
    passages_read: int = 0
    """Passages that were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome of one round: a rewritten report, a belief, and what to do next.

    Exactly one of `actions` and `draft` is given: a reasoner acts or answers, never both.
    """

    report: Report
    """The report that replaces the old one."""
    belief: AnswerBelief | None = None
    """Candidate answers with probabilities; None where the reasoner has none."""
    actions: tuple[Action, ...] = ()
    """Candidate actions, the reasoner's own favourite first."""
    draft: Draft | None = None
    """The answer, when the reasoner is done."""
    work: Work = field(default_factory=Work)
    """What the decision took."""

    def __post_init__(self) -> None:
        if bool(self.actions) == (self.draft is not None):
            raise ValueError("a decision holds either candidate actions or a draft answer")
