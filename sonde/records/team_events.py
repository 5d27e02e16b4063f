"""What happens in a team's run beside its members' work: claims, gate decisions, messages."""

from dataclasses import dataclass
from typing import Literal

from .claims import Claim
from .usage import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class _TeamEvent:
    """What every event carries."""

    at: float
    """Seconds since the epoch."""
    round: int = 0
    """The round it belongs to; 0 is the members' own work before any message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberWorked(_TeamEvent):
    """A member was called and came back."""

    member: str
    """Its name."""
    run_id: str | None
    """The run of the agent behind it; None where there is none."""
    usage: Usage
    """Tokens that it took."""
    cost_usd: float | None
    """What that cost; None is unknown."""
    wall_s: float
    """Seconds that it took."""
    type: Literal["team.worked"] = "team.worked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMade(_TeamEvent):
    """A member made a claim and holds it."""

    claim: Claim
    """The claim."""
    type: Literal["team.claim"] = "team.claim"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedLink:
    """What a gate made of one link."""

    sender: str
    """Who would speak."""
    receiver: str
    """Who would hear."""
    probability: float
    """What the gate made of it."""
    is_open: bool
    """Whether a message went."""
    features: tuple[float | None, ...]
    """What the gate saw, in the order of its features; None where a figure could not be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksWeighed(_TeamEvent):
    """A gate decided who hears what in a round."""

    gate: str
    """Its name."""
    features_version: int
    """Version of the features."""
    links: tuple[WeighedLink, ...]
    """Every link of the team."""
    type: Literal["team.links"] = "team.links"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(_TeamEvent):
    """A message was delivered; its tokens are booked on both sides."""

    sender: str
    """Who wrote it."""
    receiver: str
    """Who read it."""
    claims: tuple[str, ...]
    """Ids of the claims in it."""
    taken: tuple[str, ...]
    """Those that the receiver took over, since it knew nothing surer."""
    tokens_read: int
    """Tokens on the receiver's side."""
    tokens_written: int
    """Tokens on the sender's side: a claim that goes to several at once is written once, and
    counted with the first of them."""
    type: Literal["team.message"] = "team.message"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamEscalated(_TeamEvent):
    """The decider was not sure enough: from here on everything new is told to everybody."""

    confidence: float | None
    """How sure it was; None where it had no answer."""
    tau: float
    """How sure it had to be."""
    type: Literal["team.escalated"] = "team.escalated"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamAnswered(_TeamEvent):
    """The decider's answer is the team's."""

    decider: str
    """Who decides."""
    claim_id: str
    """The claim that is the answer."""
    type: Literal["team.answered"] = "team.answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChecked(_TeamEvent):
    """A gated run was played fully open as well, and the answers were compared."""

    gated_run: str
    """The run that was checked."""
    is_lost: bool
    """Whether the gated team came to another answer than the open one."""
    losses: int
    """Losses among all checks so far."""
    checks: int
    """All checks so far."""
    is_alarm: bool
    """Whether the share of losses is above the promised one beyond chance."""
    type: Literal["team.checked"] = "team.checked"


TeamEvent = (
    MemberWorked
    | ClaimMade
    | LinksWeighed
    | MessageSent
    | TeamEscalated
    | TeamAnswered
    | TeamChecked
)
"""Anything that happens in a team's run alone."""
