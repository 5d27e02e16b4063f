"""What a team's run gives beside what any run gives."""

from dataclasses import dataclass

from ...records.claims import Claim
from ...records.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamResult(Result):
    """The outcome of a team's run."""

    gate: str
    """Name of the gate that decided who heard what."""
    messages: int
    """Messages that were delivered."""
    message_tokens: int
    """Tokens of these messages, on both sides; they stand inside the members' own tokens, where
    those are known."""
    member_calls: int
    """Times that a member was called."""
    is_escalated: bool
    """Whether the decider was not sure enough, and everything new was told to everybody."""
    decider_confidence: float | None
    """The decider's confidence after the gated rounds; None where it had no answer then."""
    lineage: tuple[Claim, ...] = ()
    """Claims that the answer rests on, the answer first."""
