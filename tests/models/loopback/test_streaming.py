"""Replies in pieces, whole and broken."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sonde.models.streaming import stream_reply
from sonde.records.errors import ModelRefused, ModelUnreachable, ReplyUnreadable
from sonde.records.json_types import JsonObject
from sonde.records.messages import ChatReply, ChatRequest, Message
from sonde.records.usage import Usage

if TYPE_CHECKING:
    from .conftest import Loopback, Session

pytestmark = pytest.mark.loopback

REQUEST = ChatRequest(messages=(Message(role="user", content="ping"),), max_output_tokens=16)
FUNCTION: JsonObject = {"name": "search", "arguments": '{"queries": ["trench"]}'}
CALLS: list[JsonObject] = [
    {"id": "c1", "type": "function", "function": FUNCTION},
    {"id": "c2", "type": "function", "function": FUNCTION},
]


async def read(session: "Session", request: ChatRequest = REQUEST) -> list[str | ChatReply]:
    try:
        return [piece async for piece in stream_reply(session.model, request)]
    finally:
        await session.model.aclose()


def test_a_stream_gives_pieces_and_then_the_whole_reply(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script({"do": "ok", "text": "deep sea"})

    *pieces, reply = asyncio.run(read(session))

    assert isinstance(reply, ChatReply)
    assert pieces == ["deep", " sea"]
    assert reply.text == "deep sea"
    assert reply.usage == Usage(uncached_input=36, cache_read=64, output=15, reasoning=5)
    assert [attempt.outcome for attempt in session.attempts] == ["ok"]


def test_a_stream_puts_the_halves_of_a_tool_call_together(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script({"do": "ok", "tool_calls": CALLS})

    (reply,) = asyncio.run(read(session))

    assert isinstance(reply, ChatReply)
    assert reply.finish == "tool_calls"
    assert [(call.call_id, call.arguments) for call in reply.tool_calls] == [
        ("c1", {"queries": ["trench"]}),
        ("c2", {"queries": ["trench"]}),
    ]


def test_a_stream_without_usage_is_counted_here_and_flagged(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script({"do": "ok", "text": "pong", "usage": None})

    reply = asyncio.run(read(session))[-1]

    assert isinstance(reply, ChatReply)
    assert reply.usage == Usage(uncached_input=len("ping") + 4, output=4, is_estimate=True)
    assert reply.raw_usage == {}


@pytest.mark.parametrize("is_chunked", [True, False])
def test_a_stream_that_breaks_before_any_text_is_tried_again(
    loopback: "Loopback", is_chunked: bool
) -> None:
    session = loopback.session()
    session.script({"do": "cut-stream", "events": 1, "chunked": is_chunked})

    *pieces, _ = asyncio.run(read(session))

    assert pieces == ["pong"]
    assert [attempt.outcome for attempt in session.attempts] == ["unreachable", "ok"]


@pytest.mark.parametrize("is_chunked", [True, False])
def test_a_stream_that_breaks_after_text_is_not_tried_again(
    loopback: "Loopback", is_chunked: bool
) -> None:
    session = loopback.session()
    session.script({"do": "cut-stream", "events": 3, "chunked": is_chunked, "text": "abc def"})

    with pytest.raises(ModelUnreachable, match="after 7 characters of the reply"):
        asyncio.run(read(session))

    assert len(session.requests()) == 1


def test_a_stream_that_breaks_after_the_reply_is_whole_still_counts(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script({"do": "cut-stream", "events": 3, "text": "pong"})

    *pieces, reply = asyncio.run(read(session))

    assert isinstance(reply, ChatReply)
    assert (pieces, reply.finish, reply.usage.is_estimate) == (["pong"], "stop", True)


def test_an_event_that_is_no_json_is_told_with_its_fault(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script(*[{"do": "raw", "body": "data: {oops\n\n", "kind": "text/event-stream"}] * 3)

    with pytest.raises(ReplyUnreadable, match="an event of the stream is no JSON"):
        asyncio.run(read(session))

    assert len(session.requests()) == 3


def test_an_error_inside_a_stream_is_the_error_that_it_names(loopback: "Loopback") -> None:
    session = loopback.session()
    body = 'data: {"error": {"code": 400, "type": "content_filter", "message": "no"}}\n\n'
    session.script({"do": "raw", "body": body, "kind": "text/event-stream"})

    with pytest.raises(ModelRefused, match="inside a reply with status 200: HTTP 400: no"):
        asyncio.run(read(session))


def test_a_failure_after_text_is_final_even_where_plainer_words_might_help(
    loopback: "Loopback",
) -> None:
    session = loopback.session()
    text = 'data: {"choices": [{"delta": {"content": "half"}}]}\n\n'
    body = text + 'data: {"error": {"code": 500, "message": "boom"}}\n\n'
    broken: JsonObject = {"do": "raw", "body": body, "kind": "text/event-stream"}
    session.script({"do": "status", "status": 500}, broken)
    request = replace(REQUEST, output_schema={"type": "object"})

    with pytest.raises(ModelUnreachable, match="boom, after 4 characters of the reply"):
        asyncio.run(read(session, request))

    assert len(session.requests()) == 2


def test_a_page_instead_of_a_stream_is_unreadable(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script(*[{"do": "raw", "body": "<html>", "kind": "text/html"}] * 3)

    with pytest.raises(ReplyUnreadable, match="the stream held no events"):
        asyncio.run(read(session))


def test_a_server_that_cannot_stream_gives_its_reply_in_one_piece(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script({"do": "whole-for-stream", "text": "all at once"})

    *pieces, reply = asyncio.run(read(session))

    assert isinstance(reply, ChatReply)
    assert (pieces, reply.text, reply.usage.total) == (["all at once"], "all at once", 120)


def test_a_429_before_a_stream_is_waited_out(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script({"do": "status", "status": 429, "headers": ["Retry-After: 3"]})

    *pieces, _ = asyncio.run(read(session))

    assert pieces == ["pong"]
    assert session.clock.waits_s[0] >= 3


def test_a_reader_who_leaves_early_gives_the_slot_back(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script({"do": "ok", "text": "one two three"})

    async def leave_early() -> None:
        async with aclosing(session.model.stream(REQUEST)) as pieces:
            async for piece in pieces:
                assert piece == "one"
                break
        assert session.endpoint.limiter.in_flight == 0
        await session.model.aclose()

    asyncio.run(leave_early())
