"""What an answer rests on: the claims behind it, and the messages that brought them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ...records.claims import Claim
from ...text.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message as provenance sees it."""

    sender: str
    """Who wrote it."""
    receiver: str
    """Who read it."""
    round: int
    """When."""
    taken: tuple[str, ...]
    """Ids of the claims that the receiver took over from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """What an answer rests on."""

    claims: tuple[Claim, ...]
    """Claims, the answer first."""
    deliveries: tuple[Delivery, ...]
    """Messages that brought them to who needed them."""


def lineage_of(
    answer: Claim, decider: str, *, claims: Mapping[str, Claim], deliveries: Iterable[Delivery]
) -> Lineage:
    """Return what an answer rests on, followed back from the decider.

    A claim that its holder made leads to its parents, held by the same member; one that it took
    over leads to the message that brought it, and to the sender. That is the recursion
    `(member, claim) -> (member, parent) or (sender, claim)`.

    Args:
        answer: The answer's claim.
        decider: Who holds it.
        claims: Every claim of the run, by id.
        deliveries: Every message of the run.
    """
    brought: dict[tuple[str, str], Delivery] = {}
    for delivery in deliveries:
        for claim_id in delivery.taken:
            brought.setdefault((delivery.receiver, claim_id), delivery)
    open_ends = [(decider, answer.id)]
    seen: dict[tuple[str, str], None] = {}
    used: dict[Delivery, None] = {}
    while open_ends:
        member, claim_id = open_ends.pop(0)
        claim = claims.get(claim_id)
        if claim is None or (member, claim_id) in seen:
            continue
        seen[member, claim_id] = None
        if claim.agent == member:
            open_ends += [(member, parent) for parent in claim.parents]
        elif (member, claim_id) in brought:
            delivery = brought[member, claim_id]
            used[delivery] = None
            open_ends.append((delivery.sender, claim_id))
    found = dict.fromkeys(claim_id for _, claim_id in seen)
    return Lineage(claims=tuple(claims[each] for each in found), deliveries=tuple(used))


def with_parents(claim: Claim, held: Sequence[Claim]) -> Claim:
    """Return a claim that names no parents with those that a match of values finds.

    A held claim counts as a parent where its value stands, word for word, in what the claim is
    about, what it says or what it was looked up in; or where an answer's words stand in it.
    Members that forget to name their sources (models do) can be learned from all the same.
    """
    if claim.parents:
        return claim
    own = _padded(" ".join((claim.subject, claim.value, claim.source)))
    said = _padded(claim.value)
    found = [
        other.id
        for other in held
        if other.id != claim.id
        and (
            _stands_in(_padded(other.value), own)
            or (claim.is_answer and _stands_in(said, _padded(other.value)))
        )
    ]
    return replace(claim, parents=tuple(found)) if found else claim


def _stands_in(part: str, whole: str) -> bool:
    return bool(part.strip()) and part in whole


def _padded(text: str) -> str:
    return f" {' '.join(words(text))} "
