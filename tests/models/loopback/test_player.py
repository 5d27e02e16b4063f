"""The server's own agent model: it calls a tool so many times, and bills what it is sent."""

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest

from sonde.records.messages import ChatReply, ChatRequest, Message
from sonde.records.tooling import ToolSpec

if TYPE_CHECKING:
    from .conftest import Loopback, Session

pytestmark = pytest.mark.loopback

TOOL = ToolSpec(name="step", description="Take a step.", parameters={"type": "object"})


def play(session: "Session", **role: object) -> None:
    with httpx.Client(trust_env=False, timeout=10) as client:
        client.put(f"{session.root}/role", json=role).raise_for_status()


def bill(session: "Session", task: str) -> dict[str, int]:
    with httpx.Client(trust_env=False, timeout=10) as client:
        return client.get(f"{session.root}/log").raise_for_status().json()["tasks"][task]


def asked(content: str, *, is_native: bool = False) -> ChatRequest:
    prompt = (Message(role="user", content=content),)
    return ChatRequest(messages=prompt, max_output_tokens=16, tools=(TOOL,) if is_native else ())


async def ask(session: "Session", *requests: ChatRequest) -> list[ChatReply]:
    try:
        return [await session.model.complete(one) for one in requests]
    finally:
        await session.model.aclose()


def test_each_task_gets_its_calls_and_then_its_answer(loopback: "Loopback") -> None:
    session = loopback.session()
    play(session, tool="probe", report="Known.")
    a, b = asked("[[calls=2 task=a]]"), asked("[[calls=1 task=b]]")

    replies = asyncio.run(ask(session, a, b, a, b, a))

    call = '<tool_call>{{"name": "probe", "arguments": {{"n": {0}}}}}</tool_call>'
    told = f"<report>{{0}}. Known.</report>{call}"
    answer = "<report>Known.</report><answer>done</answer>"
    assert [reply.text for reply in replies] == [
        told.format(1), told.format(1), told.format(2), answer, answer,
    ]  # fmt: skip


def test_a_native_tool_is_called_natively(loopback: "Loopback") -> None:
    session = loopback.session()
    play(session)
    request = asked("[[calls=1 task=a]]", is_native=True)

    first, last = asyncio.run(ask(session, request, request))

    assert [(call.tool, call.arguments) for call in first.tool_calls] == [("step", {"n": 1})]
    assert (last.text, last.tool_calls) == ("done", ())


def test_what_the_last_prompt_began_with_is_cached_from_1024_tokens_on(
    loopback: "Loopback",
) -> None:
    session = loopback.session()
    play(session)
    head = "[[calls=9 task=a]]"
    short, long, other = asked(head), asked(head + "x" * 4_700), asked(head + "y" * 4_700)
    longer = asked(head + "x" * 9_000)

    replies = asyncio.run(ask(session, short, short, long, longer, other))

    assert [reply.usage.cache_read for reply in replies] == [0, 0, 0, 1_152, 0]
    told = bill(session, "a")
    assert (told["requests"], told["cached"], told["largest"]) == (5, 1_152, 2_256)
    assert told["prompt"] == sum(reply.usage.prompt or 0 for reply in replies)
