"""What goes over the wire, against a transport that stands in for the network."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable

import httpx
import openai
import pytest

from sonde.models.dialect import Dialect
from sonde.models.endpoint import Attempt, Endpoint, OnAttempt
from sonde.models.openai_compatible import OpenAICompatible
from sonde.models.openai_connection import Connection
from sonde.models.redaction import Secret
from sonde.models.streaming import StreamingChatModel
from sonde.records.messages import ChatRequest, Message
from sonde.records.tooling import Action, ToolSpec

URL = "https://models.example/v1"
REPLY = {
    "model": "tiny-0",
    "choices": [{"message": {"content": "pong"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4},
}
SEARCH = Action(tool="search", arguments={"queries": ["Témara", "trench"]}, call_id="c1")
REQUEST = ChatRequest(
    messages=(
        Message(role="system", content="You search."),
        Message(role="user", content="Wie tief? “Deep”\n"),
        Message(role="assistant", content="", tool_calls=(SEARCH,)),
        Message(role="tool", content="10,935 m", tool_call_id="c1"),
    ),
    max_output_tokens=64,
    tools=(ToolSpec(name="search", description="Search.", parameters={"type": "object"}),),
    temperature=0.5,
    seed=7,
    stop=("</answer>",),
    top_logprobs=3,
)


class Wire:
    """A transport that keeps every body and answers well."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(200, json=REPLY)


async def no_wait(_: float) -> None:
    """Let no time pass."""


def connect(
    wire: Callable[[httpx.Request], httpx.Response],
    *,
    dialect: Dialect | None = None,
    on_attempt: OnAttempt | None = None,
) -> OpenAICompatible:
    transport = httpx.MockTransport(wire)
    return OpenAICompatible(
        "tiny",
        connection=Connection(base_url=URL, key=Secret("k"), transport=transport),
        endpoint=Endpoint(sleep=no_wait),
        dialect=dialect,
        on_attempt=on_attempt,
    )


async def plain_call(wire: Wire) -> None:
    """Send the request as a user of the library writes it, with its typed transformation."""
    transport = httpx.MockTransport(wire)
    async with httpx.AsyncClient(transport=transport) as http:
        client = openai.AsyncOpenAI(
            api_key="k",
            base_url=URL,
            http_client=http,  # pyright: ignore[reportArgumentType]  # typed for httpx2 only
        )
        arguments = json.dumps(SEARCH.arguments, ensure_ascii=False)
        await client.chat.completions.create(
            model="tiny",
            messages=[
                {"role": "system", "content": "You search."},
                {"role": "user", "content": "Wie tief? “Deep”\n"},
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [
                        {
                            "id": "c1",
                            "type": "function",
                            "function": {"name": "search", "arguments": arguments},
                        }
                    ],
                },
                {"role": "tool", "content": "10,935 m", "tool_call_id": "c1"},
            ],
            max_tokens=64,
            tools=[
                {
                    "type": "function",
                    "function": {
                        "name": "search",
                        "description": "Search.",
                        "parameters": {"type": "object"},
                    },
                }
            ],
            temperature=0.5,
            seed=7,
            stop=["</answer>"],
            logprobs=True,
            top_logprobs=3,
        )


def test_the_bytes_are_those_of_the_librarys_own_call() -> None:
    ours, plain = Wire(), Wire()

    asyncio.run(connect(ours).complete(REQUEST))
    asyncio.run(plain_call(plain))

    assert ours.requests[0].content == plain.requests[0].content
    assert ours.requests[0].url == plain.requests[0].url


def test_a_reply_names_the_model_that_answered() -> None:
    reply = asyncio.run(connect(Wire()).complete(REQUEST))

    assert (reply.text, reply.model, reply.usage.total) == ("pong", "tiny-0", 4)


def test_a_closed_model_opens_again() -> None:
    async def close_between() -> list[str]:
        model = connect(Wire())
        first = await model.complete(REQUEST)
        await model.aclose()
        second = await model.complete(REQUEST)
        await model.aclose()
        return [first.text, second.text]

    assert asyncio.run(close_between()) == ["pong", "pong"]


def test_two_observers_of_one_model_share_its_limiter_and_what_it_learned() -> None:
    def no_max_tokens(request: httpx.Request) -> httpx.Response:
        if b'"max_tokens"' in request.content:
            message = "Unsupported parameter: 'max_tokens'"
            return httpx.Response(400, json={"error": {"message": message, "param": "max_tokens"}})
        return httpx.Response(200, json=REPLY)

    model = connect(no_max_tokens)
    first: list[Attempt] = []
    second: list[Attempt] = []

    async def ask_both() -> None:
        await model.observed_by(first.append).complete(REQUEST)
        await model.observed_by(second.append).complete(REQUEST)

    asyncio.run(ask_both())

    assert [attempt.outcome for attempt in first] == ["refused", "ok"]
    assert [attempt.outcome for attempt in second] == ["ok"]


def test_a_failed_attempt_tells_its_tokens_and_its_wait() -> None:
    replies = iter([httpx.Response(503), httpx.Response(200, json={**REPLY, "choices": []})])
    attempts: list[Attempt] = []

    model = connect(
        lambda _: next(replies, httpx.Response(200, json=REPLY)), on_attempt=attempts.append
    )
    asyncio.run(model.complete(REQUEST))

    down, empty, good = attempts
    assert (down.number, down.outcome, down.usage) == (1, "server_error", None)
    assert empty.usage is not None
    assert (empty.outcome, empty.usage.total) == ("unreadable", 4)
    assert (good.number, good.wait_s) == (3, None)


@pytest.mark.parametrize("name", ["temperature", "seed", "stop"])
def test_an_optional_parameter_that_is_left_out_is_not_sent(name: str) -> None:
    wire = Wire()
    dialect = Dialect(left_out=frozenset({name}))

    asyncio.run(connect(wire, dialect=dialect).complete(REQUEST))

    assert name not in json.loads(wire.requests[0].content)


def test_a_model_can_stream() -> None:
    assert isinstance(connect(Wire()), StreamingChatModel)


def test_importing_the_resolver_loads_no_client_library() -> None:
    slow = "{'openai', 'httpx', 'pydantic'}"
    code = f"import sys, sonde.models.resolve; print({slow} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert ran.stdout.strip() == "set()", ran.stderr
