"""What a team's run gives beside what any run gives."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...records.claims import Claim
from ...records.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class GatedStage:
    """Where a run stood after the gated rounds, before any way back to full communication."""

    answer: str | None
    """The decider's answer; None where it had none."""
    confidence: float | None
    """How sure it was of it."""
    message_tokens: int
    """Message tokens until then, on both sides."""
    member_calls: int
    """Times that a member was called until then."""


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
    gated: GatedStage
    """Where the run stood after the gated rounds, or where a limit ended the talk."""
    sends: Mapping[tuple[str, str], int]
    """Messages by sender and receiver."""
    gated_sends: Mapping[tuple[str, str], int]
    """The same, of the gated rounds alone."""
    lineage: tuple[Claim, ...] = ()
    """Claims that the answer rests on, the answer first."""
