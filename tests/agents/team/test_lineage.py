"""What an answer rests on, followed back through claims and messages."""

from sonde.agents.team.lineage import Delivery, lineage_of, with_parents
from sonde.records.claims import ANSWER, Claim


def _claim(
    id_: str,
    *,
    value: str = "v",
    parents: tuple[str, ...] = (),
    subject: str = "s",
    source: str = "",
) -> Claim:
    agent, round_, _ = id_.split("-")
    return Claim(
        id=id_,
        subject=subject,
        value=value,
        confidence=0.9,
        parents=parents,
        agent=agent,
        round=int(round_),
        source=source,
    )


def _sent(sender: str, receiver: str, round_: int, *taken: str) -> Delivery:
    return Delivery(sender=sender, receiver=receiver, round=round_, taken=taken)


def test_only_messages_that_the_answer_rests_on_are_in_its_lineage() -> None:
    claims = {
        c.id: c
        for c in (
            _claim("a-0-1"),
            _claim("b-1-1", parents=("a-0-1",), subject=ANSWER),
            _claim("c-0-1"),
        )
    }
    used = [_sent("a", "b", 1, "a-0-1"), _sent("b", "lead", 2, "b-1-1")]
    idle = [
        _sent("a", "lead", 1, "a-0-1"),  # the lead had it, but did not need it
        _sent("c", "b", 1, "c-0-1"),
        _sent("b", "c", 2),
    ]
    found = lineage_of(claims["b-1-1"], "lead", claims=claims, deliveries=[*idle, *used])
    assert [claim.id for claim in found.claims] == ["b-1-1", "a-0-1"]
    assert set(found.deliveries) == set(used)


def test_a_relayed_claim_leads_back_through_the_relay() -> None:
    claims = {"a-0-1": _claim("a-0-1", subject=ANSWER)}
    path = [_sent("a", "b", 1, "a-0-1"), _sent("b", "lead", 2, "a-0-1")]
    found = lineage_of(claims["a-0-1"], "lead", claims=claims, deliveries=path)
    assert set(found.deliveries) == set(path)


def test_circles_and_lost_claims_come_to_an_end() -> None:
    claims = {
        "a-0-1": _claim("a-0-1", parents=("a-0-2", "gone")),
        "a-0-2": _claim("a-0-2", parents=("a-0-1",)),
    }
    found = lineage_of(claims["a-0-1"], "a", claims=claims, deliveries=[])
    assert [claim.id for claim in found.claims] == ["a-0-1", "a-0-2"]


def test_missing_parents_are_found_by_their_values() -> None:
    held = [_claim("a-0-1", value="e93"), _claim("a-0-2", value="e9"), _claim("b-0-1", value="e7")]
    looked_up = _claim("w-1-1", value="e17", source="r5(e93)")
    assert with_parents(looked_up, held).parents == ("a-0-1",)
    answer = _claim("w-1-2", value="Otis Barton", subject=ANSWER)
    quote = _claim("a-0-3", value="It was Otis Barton who paid for it.")
    assert with_parents(answer, [*held, quote]).parents == ("a-0-3",)


def test_parents_that_are_named_stay() -> None:
    claim = _claim("w-1-1", value="e17", source="r5(e93)", parents=("x-0-1",))
    assert with_parents(claim, [_claim("a-0-1", value="e93")]) is claim
