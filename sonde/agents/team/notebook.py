"""What one member holds: the surest claim of each subject."""

from collections.abc import Iterable

from ...records.claims import ANSWER, Claim


class Notebook:
    """Claims by subject. The surest stands; a member's later claim replaces its earlier one."""

    def __init__(self, member: str) -> None:
        self.member = member
        self._held: dict[str, Claim] = {}

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims that are held, in the order in which their subjects came up."""
        return tuple(self._held.values())

    @property
    def answer(self) -> Claim | None:
        """The answer that is held, or None."""
        return self._held.get(ANSWER)

    def about(self, subject: str) -> Claim | None:
        """Return the claim that is held on a subject, or None."""
        return self._held.get(subject)

    def take(self, claim: Claim) -> bool:
        """Take a claim over if it is news that stands; say whether it was."""
        if not stands_against(claim, self._held.get(claim.subject)):
            return False
        self._held[claim.subject] = claim
        return True

    def take_all(self, claims: Iterable[Claim]) -> tuple[Claim, ...]:
        """Take claims over one after another and return those that stood when they came."""
        return tuple(claim for claim in claims if self.take(claim))


def stands_against(claim: Claim, held: Claim | None) -> bool:
    """Return whether a claim replaces another of its subject.

    >>> a = Claim(id="a-0-1", subject="s", value="x", confidence=0.6, agent="a", round=0)
    >>> stands_against(a, None), stands_against(a, a)
    (True, False)
    """
    if held is None:
        return True
    if held.agent == claim.agent and held.round != claim.round:
        return claim.round > held.round
    return claim.confidence > held.confidence
