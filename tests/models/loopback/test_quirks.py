"""What servers do differently though they call themselves compatible."""

import asyncio
import gc
from typing import TYPE_CHECKING

import pytest

from sonde.records.json_types import JsonObject
from sonde.records.messages import ChatReply, ChatRequest, Message, TokenAlternative
from sonde.records.tooling import Action, ToolSpec
from sonde.records.usage import Usage

if TYPE_CHECKING:
    from .conftest import Loopback, Session

pytestmark = pytest.mark.loopback

SCHEMA: JsonObject = {"type": "object", "properties": {"x": {"type": "string"}}}


def request(**more: object) -> ChatRequest:
    ping = (Message(role="user", content="ping"),)
    return ChatRequest(messages=ping, max_output_tokens=16, **more)  # pyright: ignore[reportArgumentType]


async def ask(session: "Session", *requests: ChatRequest) -> list[ChatReply]:
    try:
        return [await session.model.complete(one) for one in requests]
    finally:
        await session.model.aclose()


def bodies(session: "Session") -> list[dict[str, object]]:
    return [one["body"] for one in session.requests()]  # pyright: ignore[reportReturnType]  # JSON


def formats(session: "Session") -> list[str]:
    wanted = [body.get("response_format") for body in bodies(session)]
    return [one["type"] if isinstance(one, dict) else "text" for one in wanted]


def test_cached_and_reasoning_tokens_are_counted_once(loopback: "Loopback") -> None:
    session = loopback.session()

    (reply,) = asyncio.run(ask(session, request()))

    assert reply.usage == Usage(uncached_input=36, cache_read=64, output=15, reasoning=5)
    assert reply.usage.total == 120 == reply.raw_usage["total_tokens"]


def test_a_reply_without_usage_is_counted_here_and_flagged(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script({"do": "ok", "usage": None})

    (reply,) = asyncio.run(ask(session, request()))

    assert reply.usage == Usage(uncached_input=8, output=4, is_estimate=True)


def test_a_reply_that_is_cut_says_so(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script({"do": "ok", "text": "<report>half", "finish": "length"})

    (reply,) = asyncio.run(ask(session, request()))

    assert (reply.text, reply.finish) == ("<report>half", "length")


def test_fewer_alternatives_than_asked_and_empty_tokens_are_taken_as_they_come(
    loopback: "Loopback",
) -> None:
    session = loopback.session()
    full = [{"token": "", "logprob": -0.5}, {"token": "A", "logprob": -1.0}]
    places = [{"token": "A", "logprob": -1.0, "top_logprobs": full}, {"token": "B", "logprob": 0}]
    session.script({"do": "ok", "logprobs": places})

    (reply,) = asyncio.run(ask(session, request(top_logprobs=5)))

    assert bodies(session)[0]["top_logprobs"] == 5
    assert reply.logprobs == (
        (TokenAlternative(token="", log_prob=-0.5), TokenAlternative(token="A", log_prob=-1.0)),
        (TokenAlternative(token="B", log_prob=0.0),),
    )


def test_several_choices_are_never_asked_for_because_servers_ignore_it(
    loopback: "Loopback",
) -> None:
    session = loopback.session()

    asyncio.run(ask(session, request(), request()))

    assert [body.get("n") for body in bodies(session)] == [None, None]


@pytest.mark.parametrize(
    ("refused", "asked"),
    [
        (["json_schema"], ["json_schema", "json_schema", "json_object"]),
        (
            ["json_schema", "json_object"],
            ["json_schema", "json_schema", "json_object", "json_object", "text"],
        ),
    ],
)
def test_a_server_that_fails_on_schemas_is_asked_more_plainly_from_then_on(
    loopback: "Loopback", refused: list[str], asked: list[str]
) -> None:
    session = loopback.session()
    session.script(*[{"do": "no-schemas", "refused": refused}] * 9)

    asyncio.run(ask(session, request(output_schema=SCHEMA), request(output_schema=SCHEMA)))

    assert formats(session) == [*asked, asked[-1]]
    assert '{"type": "object"' in str(bodies(session)[-1]["messages"])


def test_a_server_that_is_down_for_a_moment_keeps_its_schemas(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script({"do": "status", "status": 500})

    asyncio.run(ask(session, request(output_schema=SCHEMA), request(output_schema=SCHEMA)))

    assert formats(session) == ["json_schema"] * 3
    assert "JSON schema" not in str(bodies(session)[-1]["messages"])


def test_a_parameter_that_is_refused_is_left_out_from_then_on(loopback: "Loopback") -> None:
    session = loopback.session()
    told = "Unsupported value: 'temperature' does not support 0 with this model."
    session.script({"do": "status", "status": 400, "param": "temperature", "message": told})

    asyncio.run(ask(session, request(temperature=0.0, seed=1), request(temperature=0.0)))

    assert [body.get("temperature") for body in bodies(session)] == [0.0, None, None]
    assert bodies(session)[1]["seed"] == 1
    assert [attempt.outcome for attempt in session.attempts] == ["refused", "ok", "ok"]


def test_native_tool_calls_come_back_as_actions(loopback: "Loopback") -> None:
    session = loopback.session()
    function = {"name": "search", "arguments": '{"queries": ["trench"]}'}
    call = {"id": "c1", "type": "function", "function": function}
    session.script({"do": "ok", "tool_calls": [call], "finish": "stop"})
    tool = ToolSpec(name="search", description="Search.", parameters={"type": "object"})

    (reply,) = asyncio.run(ask(session, request(tools=(tool,))))

    assert reply.finish == "tool_calls"
    action = Action(tool="search", arguments={"queries": ["trench"]}, call_id="c1")
    assert reply.tool_calls == (action,)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_model_that_was_not_closed_serves_the_next_event_loop(loopback: "Loopback") -> None:
    session = loopback.session()

    forgotten = asyncio.run(session.model.complete(request()))
    gc.collect()  # the sockets that nobody closed are seen here, not in another test
    (closed,) = asyncio.run(ask(session, request()))
    gc.collect()

    assert (forgotten.text, closed.text) == ("pong", "pong")
    assert [attempt.outcome for attempt in session.attempts] == ["ok", "ok"]
