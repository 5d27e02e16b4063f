"""What members of a team tell each other: claims, never transcripts."""

from dataclasses import dataclass

from .evidence import Citation

ANSWER = "answer"
"""Subject of a claim that answers the question itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement of one member, small enough to be passed on as it is.

    It refers to what it rests on by id, and never holds the words of another claim: a message that
    quoted its inbox would double with every round.

    Raises:
        ValueError: The confidence does not lie between 0 and 1.
    """

    id: str
    """Unique within the run: `w2-0-1` is the first claim of member w2 in round 0."""
    subject: str
    """What it is about; claims of one subject compete, and the surest one stands."""
    value: str
    """What is claimed."""
    confidence: float
    """Probability that it holds, as its member sees it, 0 to 1."""
    parents: tuple[str, ...] = ()
    """Ids of the claims that it rests on."""
    agent: str
    """Name of the member that made it."""
    round: int
    """Round in which it was made."""
    source: str = ""
    """What it rests on besides claims: where a member looked it up."""
    citation: Citation | None = None
    """The words of a document that bear it; None where no document does."""

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise ValueError(
                f"the confidence of claim {self.id!r} must lie between 0 and 1, not "
                f"{self.confidence}"
            )

    @property
    def is_answer(self) -> bool:
        """Whether it answers the question itself."""
        return self.subject == ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Claims that go from one member to another in one round."""

    sender: str
    """Name of the member that sends."""
    receiver: str
    """Name of the member that receives."""
    round: int
    """The round."""
    claims: tuple[Claim, ...]
    """What it holds; may be empty where a gate makes everybody speak."""
    tokens: int
    """Tokens that the receiver reads."""
