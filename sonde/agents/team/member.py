"""What a member of a team is: it is given a question and notes, and makes claims."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Protocol

from ...costs.budget import Budget
from ...records.claims import Claim
from ...records.evidence import Citation
from ...records.usage import Usage


@dataclass(slots=True, kw_only=True)
class Assignment:
    """One call of a member."""

    question: str
    """What the team is asked."""
    member: str
    """Name of the member."""
    round: int
    """The round; 0 is before any message."""
    held: Sequence[Claim]
    """Claims that the member holds, its own and those of others."""
    budget: Budget
    """What this call may take."""
    folder: Path
    """Where the member may keep what it writes down."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def claim(
        self,
        subject: str,
        value: str,
        *,
        confidence: float,
        parents: Sequence[str] = (),
        source: str = "",
        citation: Citation | None = None,
    ) -> Claim:
        """Return a new claim of the member, with an id of its own."""
        return Claim(
            id=f"{self.member}-{self.round}-{next(self._numbers)}",
            subject=subject,
            value=value,
            confidence=min(1.0, max(0.0, confidence)),
            parents=tuple(dict.fromkeys(parents)),
            agent=self.member,
            round=self.round,
            source=source,
            citation=citation,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What came of one call of a member."""

    claims: tuple[Claim, ...] = ()
    """New claims; made with `Assignment.claim`."""
    open_question: str | None = None
    """What it could not find out, in words; None where nothing is open."""
    usage: Usage = field(default_factory=Usage.zero)
    """Tokens that it took."""
    cost_usd: float | None = 0.0
    """What that cost; None is unknown."""
    run_id: str | None = None
    """The run of the agent behind it."""
    model: str = ""
    """What did the work, by its name on the bill."""
    cpu_s: float | None = None
    """Processor seconds, where no model did the work."""
    warnings: tuple[str, ...] = ()
    """What the asker should know."""


class Teammate(Protocol):
    """Anything that can be a member of a team."""

    @property
    def name(self) -> str:
        """Its name, which no other member has."""
        ...

    @property
    def role(self) -> str:
        """What it is in the team; a gate's lessons hold for pairs of roles."""
        ...

    @property
    def profile(self) -> str:
        """What it knows about, in words."""
        ...

    def match(self, open_question: str) -> float:
        """Return how able it looks to answer something, about 0 to 1. No model may be asked."""
        ...

    async def work(self, task: Assignment) -> Work:
        """Work on the question with what is held."""
        ...
