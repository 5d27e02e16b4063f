"""The client against a real server: llama.cpp's, and each way in which it differs from OpenAI's.

Opt-in (`make test-wire`): the server is built from source. The loopback tests imitate its quirks.
"""

import asyncio
from typing import TYPE_CHECKING

import pytest

from sonde.models.openai_compatible import OpenAICompatible
from sonde.records.errors import ContextOverflow
from sonde.records.json_types import JsonObject
from sonde.records.messages import ChatReply, ChatRequest, Message
from sonde.records.tooling import ToolSpec

if TYPE_CHECKING:
    from .conftest import Wire

pytestmark = pytest.mark.wire

SCHEMA: JsonObject = {
    "type": "object",
    "properties": {"x": {"type": "string", "enum": ["yes", "no"]}},
    "required": ["x"],
    "additionalProperties": False,
}


def request(text: str = "Say something.", **more: object) -> ChatRequest:
    asked = (Message(role="user", content=text),)
    return ChatRequest(messages=asked, **{"max_output_tokens": 12, "seed": 7, **more})  # pyright: ignore[reportArgumentType]


def ask(model: OpenAICompatible, *requests: ChatRequest) -> list[ChatReply]:
    async def talk() -> list[ChatReply]:
        try:
            return [await model.complete(one) for one in requests]
        finally:
            await model.aclose()

    return asyncio.run(talk())


async def _stream(model: OpenAICompatible, asked: ChatRequest) -> list[str | ChatReply]:
    try:
        return [piece async for piece in model.stream(asked)]
    finally:
        await model.aclose()


def test_usage_is_the_servers_own_and_a_cut_reply_says_so(wire: "Wire") -> None:
    (reply,) = ask(wire.model(), request())

    assert reply.finish == "length"
    assert (reply.usage.completion, reply.usage.is_estimate) == (12, False)
    assert reply.usage.total == reply.raw_usage["total_tokens"]


def test_the_same_seed_gives_the_same_text(wire: "Wire") -> None:
    first, second = ask(wire.model(), request(), request())

    assert first.text == second.text


def test_a_stream_without_usage_is_counted_here_and_flagged(wire: "Wire") -> None:
    *pieces, reply = asyncio.run(_stream(wire.model(), request()))

    assert isinstance(reply, ChatReply)
    assert reply.text == "".join(str(piece) for piece in pieces) != ""
    assert reply.usage.is_estimate
    assert reply.usage.output == len(reply.text)
    assert reply.raw_usage == {}


def test_fewer_alternatives_than_asked_are_taken_as_they_come(wire: "Wire") -> None:
    (reply,) = ask(wire.model(), request(top_logprobs=5))

    assert reply.logprobs
    assert all(1 <= len(place) <= 6 for place in reply.logprobs)
    assert all(one.log_prob <= 0 for place in reply.logprobs for one in place)


def test_a_schema_comes_back_as_json_though_the_server_fails_on_json_schema(
    wire: "Wire",
) -> None:
    model = wire.model()

    replies = ask(model, *[request(output_schema=SCHEMA, max_output_tokens=40)] * 2)

    assert [reply.text.replace(" ", "") in ('{"x":"yes"}', '{"x":"no"}') for reply in replies]
    outcomes = [str(attempt.outcome) for attempt in wire.attempts]
    assert outcomes == ["server_error", "server_error", "ok", "ok"]


def test_offered_tools_do_not_break_a_server_that_answers_in_plain_text(wire: "Wire") -> None:
    tool = ToolSpec(name="search", description="Search.", parameters={"type": "object"})

    (reply,) = ask(wire.model(), request(tools=(tool,)))

    assert reply.tool_calls == ()
    assert reply.text


def test_a_prompt_over_the_context_is_an_overflow_and_is_not_repeated(wire: "Wire") -> None:
    with pytest.raises(ContextOverflow):
        ask(wire.model(), request("deep " * 600))

    assert len(wire.attempts) == 1
