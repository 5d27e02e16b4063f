"""What is news, what a message holds, and what it costs on either side."""

import pytest

from sonde.agents.team.exchange import Exchange, MessageCost, most_telling
from sonde.agents.team.notebook import Notebook
from sonde.records.claims import ANSWER, Claim

_COST = MessageCost(claim_tokens=lambda _: 14)


def _claim(
    subject: str, confidence: float, *, agent: str = "a", round_: int = 0, value: str = "v"
) -> Claim:
    return Claim(
        id=f"{agent}-{round_}-{subject}-{confidence}",
        subject=subject,
        value=value,
        confidence=confidence,
        agent=agent,
        round=round_,
    )


def _book(member: str, *claims: Claim) -> Notebook:
    book = Notebook(member)
    book.take_all(claims)
    return book


def test_a_surer_claim_replaces_another_and_a_later_one_of_the_same_member_too() -> None:
    book = _book("x", _claim("s", 0.6))
    assert not book.take(_claim("s", 0.5, agent="b"))
    assert book.take(_claim("s", 0.7, agent="b"))
    assert book.take(_claim("s", 0.4, agent="b", round_=2))
    assert not book.take(_claim("s", 0.9, agent="b", round_=1))
    assert [claim.confidence for claim in book.claims] == [0.4]


def test_only_what_is_new_to_the_receiver_is_sent() -> None:
    exchange = Exchange(cost=_COST)
    sender, receiver = _book("a", _claim("s", 0.6), _claim(ANSWER, 0.5)), Notebook("b")
    first = exchange.compose(sender, receiver, round_number=1, repeats=False)
    assert (len(first.claims), first.tokens) == (2, 12 + 28)
    exchange.note(first)
    assert exchange.news(sender, "b") == []
    assert exchange.news(_book("b", *first.claims), "a") == []
    assert exchange.has_spoken("a", "b")
    assert exchange.has_answered("a", "b")
    assert not exchange.has_spoken("b", "a")
    sender.take(_claim("s", 0.8, agent="c"))
    assert [claim.confidence for claim in exchange.news(sender, "b")] == [0.8]
    assert len(exchange.news(sender, "d")) == 2


def test_who_repeats_sends_everything_each_time() -> None:
    exchange = Exchange(cost=_COST)
    sender = _book("a", _claim("s", 0.6))
    for _ in range(2):
        message = exchange.compose(sender, Notebook("b"), round_number=1, repeats=True)
        assert len(message.claims) == 1
        exchange.note(message)


def test_a_claim_is_written_once_and_read_by_each() -> None:
    exchange = Exchange(cost=_COST)
    sender = _book("a", _claim("s", 0.6), _claim("t", 0.6))
    messages = [
        exchange.compose(sender, Notebook(name), round_number=1, repeats=False) for name in "bcd"
    ]
    assert [message.tokens for message in messages] == [40, 40, 40]
    assert exchange.written_tokens(messages) == [40, 0, 0]


def test_a_message_budget_keeps_what_moves_the_receiver_most() -> None:
    receiver = _book("b", _claim("known", 0.8, value="x"), _claim("other", 0.5, value="y"))
    claims = [
        _claim("known", 0.9, value="x"),  # moves it by .1
        _claim("other", 0.7, value="z"),  # another value: by .7
        _claim("fresh", 0.6),  # by .6
        _claim("weak", 0.0),
    ]
    assert [c.subject for c in most_telling(claims, receiver, most=2)] == ["other", "fresh"]
    exchange = Exchange(cost=_COST, most_claims=1)
    message = exchange.compose(_book("a", *claims), receiver, round_number=1, repeats=False)
    assert [c.subject for c in message.claims] == ["other"]
    exchange.note(message)
    assert "fresh" in [c.subject for c in exchange.news(_book("a", *claims), "b")]


def test_an_answer_goes_before_what_moves_as_much() -> None:
    claims = [_claim("s", 0.6), _claim(ANSWER, 0.6)]
    assert [c.subject for c in most_telling(claims, Notebook("b"), most=1)] == [ANSWER]


def test_a_message_never_quotes_another() -> None:
    """Claims are handed on as they are: however often they travel, no text grows."""
    exchange = Exchange(cost=_COST)
    books = [_book("a", _claim("s", 0.6, value="short")), Notebook("b"), Notebook("c")]
    for number in range(1, 9):
        for sender in books:
            for receiver in books:
                if sender is not receiver:
                    message = exchange.compose(sender, receiver, round_number=number, repeats=True)
                    receiver.take_all(message.claims)
                    assert message.tokens <= 26
    assert {claim.value for book in books for claim in book.claims} == {"short"}


@pytest.mark.parametrize("claims", [0, 1, 3])
def test_an_empty_message_costs_its_envelope(claims: int) -> None:
    assert _COST.tokens([_claim(str(i), 0.5) for i in range(claims)]) == 12 + 14 * claims
