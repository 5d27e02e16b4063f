"""What went between members: what is news to whom, what a message holds, and what it costs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ...records.claims import ANSWER, Claim, Message
from .notebook import Notebook

_EPSILON = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCost:
    """What messages cost in tokens."""

    claim_tokens: Callable[[Claim], int]
    """Tokens of a claim as it stands in a message."""
    envelope: int = 12
    """Tokens of a message besides its claims."""

    def tokens(self, claims: Sequence[Claim]) -> int:
        """Return the tokens of a message that holds these claims."""
        return self.envelope + sum(map(self.claim_tokens, claims))


@dataclass(slots=True, kw_only=True)
class Exchange:
    """Remembers for each pair what went between them, in either direction."""

    cost: MessageCost
    """What messages cost."""
    most_claims: int | None = None
    """Most claims of a message; None for no limit."""
    _said: dict[tuple[str, str], dict[str, Claim]] = field(
        default_factory=dict[tuple[str, str], dict[str, Claim]]
    )
    _spoken: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    _answered: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def has_spoken(self, sender: str, receiver: str) -> bool:
        """Return whether a message went this way."""
        return (sender, receiver) in self._spoken

    def has_answered(self, sender: str, receiver: str) -> bool:
        """Return whether an answer went this way."""
        return (sender, receiver) in self._answered

    def news(self, sender: Notebook, receiver: str) -> list[Claim]:
        """Return the claims of a sender that are new to a receiver, as far as the sender knows."""
        said = self._said.get(_pair(sender.member, receiver), {})
        return [claim for claim in sender.claims if _is_news(claim, said.get(claim.subject))]

    def compose(
        self, sender: Notebook, receiver: Notebook, *, round_number: int, repeats: bool
    ) -> Message:
        """Return what a sender tells a receiver: what is new to it, or everything."""
        claims = list(sender.claims) if repeats else self.news(sender, receiver.member)
        if self.most_claims is not None and len(claims) > self.most_claims:
            claims = most_telling(claims, receiver, most=self.most_claims)
        return Message(
            sender=sender.member,
            receiver=receiver.member,
            round=round_number,
            claims=tuple(claims),
            tokens=self.cost.tokens(claims),
        )

    def note(self, message: Message) -> None:
        """Remember a message that was delivered."""
        self._spoken.add((message.sender, message.receiver))
        said = self._said.setdefault(_pair(message.sender, message.receiver), {})
        for claim in message.claims:
            if claim.subject == ANSWER:
                self._answered.add((message.sender, message.receiver))
            if _is_news(claim, said.get(claim.subject)):
                said[claim.subject] = claim

    def written_tokens(self, messages: Sequence[Message]) -> list[int]:
        """Return what each message of a round costs its sender, who writes each claim once."""
        envelopes: set[str] = set()
        written: set[tuple[str, str]] = set()
        costs: list[int] = []
        for message in messages:
            fresh = [c for c in message.claims if (message.sender, c.id) not in written]
            written.update((message.sender, claim.id) for claim in fresh)
            envelope = 0 if message.sender in envelopes else self.cost.envelope
            envelopes.add(message.sender)
            costs.append(envelope + sum(map(self.cost.claim_tokens, fresh)))
        return costs


def most_telling(claims: Sequence[Claim], receiver: Notebook, *, most: int) -> list[Claim]:
    """Return the claims that are expected to move a receiver's belief most, in their own order.

    The move is the change of the probability that the receiver gives to the claim's value: from
    what it holds now (nothing, or another value: 0) to the claim's own confidence. A claim that it
    would not take over moves nothing. An answer goes before anything else that moves as much.
    """

    def moved(claim: Claim) -> tuple[float, bool]:
        held = receiver.about(claim.subject)
        if held is not None and claim.confidence <= held.confidence:
            return 0.0, claim.is_answer
        agreed = held.confidence if held is not None and held.value == claim.value else 0.0
        return claim.confidence - agreed, claim.is_answer

    chosen = sorted(claims, key=moved, reverse=True)[:most]
    return [claim for claim in claims if claim in chosen]


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _is_news(claim: Claim, said: Claim | None) -> bool:
    if said is None:
        return True
    if said.agent == claim.agent and said.round != claim.round:
        return claim.round > said.round
    return claim.confidence > said.confidence + _EPSILON
