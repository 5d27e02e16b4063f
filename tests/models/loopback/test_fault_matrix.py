"""Each fault that a server can have: what the caller sees, and how many requests it took."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from sonde.models.endpoint import RetrySchedule
from sonde.records.errors import (
    ContentFiltered,
    ContextOverflow,
    ModelRefused,
    ModelUnreachable,
    ReplyUnreadable,
    SetupError,
    SondeError,
)
from sonde.records.json_types import JsonObject
from sonde.records.messages import ChatRequest, Message

if TYPE_CHECKING:
    from .conftest import Loopback, Session

pytestmark = pytest.mark.loopback

REQUEST = ChatRequest(messages=(Message(role="user", content="ping"),), max_output_tokens=16)


def status(number: int, **more: object) -> JsonObject:
    return {"do": "status", "status": number, **more}  # pyright: ignore[reportReturnType]  # JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fault: it is shown `times` times, then the server is well again."""

    fault: JsonObject
    times: int = 99
    error: type[SondeError] | None = None
    """What is raised; None where the call recovers."""
    says: str = ""
    """Part of the message."""
    requests: int
    """Requests that the server counted; three attempts are allowed."""
    waits: int | None = None
    """Waits in between; None is one less than the requests."""
    read_s: float = 10.0
    """The longest silence that the client bears."""


RAW_CHOICE = '{"choices": [{"message": {"content": "no"}, "finish_reason": "content_filter"}]}'
OVERFLOW = "This model's maximum context length is 512 tokens, you requested 9000"
BAD_CALL: JsonObject = {
    "id": "c1",
    "type": "function",
    "function": {"name": "search", "arguments": '{"queries": '},
}

MATRIX = {
    "429 once": Row(fault=status(429), times=1, requests=2),
    "429 with a wait": Row(fault=status(429, headers=["Retry-After: 7"]), times=1, requests=2),
    "429 for ever": Row(
        fault=status(429), error=ModelUnreachable, says="run fewer requests", requests=3
    ),
    "429 with a wait beyond the limit": Row(
        fault=status(429, headers=["Retry-After: 3600"]),
        error=ModelUnreachable,
        says="asks to wait 3600 s",
        requests=1,
    ),
    "429 without credit": Row(
        fault=status(429, code="insufficient_quota"),
        error=SetupError,
        says="no credit left",
        requests=1,
    ),
    "500 once": Row(fault=status(500), times=1, requests=2),
    "500 for ever": Row(
        fault=status(500, message="boom"),
        error=ModelUnreachable,
        says="HTTP 500: boom (3 attempts, the last is told); try again later",
        requests=3,
    ),
    "503 twice": Row(fault=status(503), times=2, requests=3),
    "502 with a proxy's page": Row(
        fault=status(502, html="<h1>Bad gateway</h1>"),
        error=ModelUnreachable,
        says="HTTP 502: <h1>Bad gateway</h1>",
        requests=3,
    ),
    "408 once": Row(fault=status(408), times=1, requests=2),
    "409 once": Row(fault=status(409), times=1, requests=2),
    "reset before the reply, once": Row(fault={"do": "reset-before"}, times=1, requests=2),
    "reset before the reply": Row(
        fault={"do": "reset-before"},
        error=ModelUnreachable,
        says="check that the server runs",
        requests=3,
    ),
    "reset in the body, once": Row(fault={"do": "reset-in-body"}, times=1, requests=2),
    "reset in the body": Row(
        fault={"do": "reset-in-body"},
        error=ModelUnreachable,
        says="the connection failed",
        requests=3,
    ),
    "stall, once": Row(fault={"do": "stall"}, times=1, requests=2, read_s=1.0),
    "stall": Row(
        fault={"do": "stall"},
        error=ModelUnreachable,
        says="silence 0.2 s",
        requests=3,
        read_s=0.2,
    ),
    "malformed JSON, once": Row(fault={"do": "raw", "body": '{"cho'}, times=1, requests=2),
    "malformed JSON": Row(
        fault={"do": "raw", "body": '{"cho'},
        error=ReplyUnreadable,
        says="it begins '{\"cho'",
        requests=3,
    ),
    "wrong content type": Row(
        fault={"do": "raw", "body": "<html>Sign in</html>", "kind": "text/html"},
        error=ReplyUnreadable,
        says="content type 'text/html'; it begins '<html>Sign in</html>'",
        requests=3,
    ),
    "empty body, once": Row(fault={"do": "raw", "body": ""}, times=1, requests=2),
    "empty body": Row(
        fault={"do": "raw", "body": ""}, error=ReplyUnreadable, says="it is empty", requests=3
    ),
    "empty list of choices, once": Row(
        fault={"do": "raw", "body": '{"choices": []}'}, times=1, requests=2
    ),
    "empty list of choices": Row(
        fault={"do": "raw", "body": '{"choices": []}'},
        error=ReplyUnreadable,
        says="an empty list of choices",
        requests=3,
    ),
    "JSON that is no completion": Row(
        fault={"do": "raw", "body": "[1, 2]"},
        error=ReplyUnreadable,
        says="no choices",
        requests=3,
    ),
    "an error inside a 200, once": Row(
        fault={"do": "raw", "body": '{"error": {"code": 502, "message": "upstream"}}'},
        times=1,
        requests=2,
    ),
    "an error inside a 200": Row(
        fault={"do": "raw", "body": '{"error": {"code": 429, "message": "slow down"}}'},
        error=ModelUnreachable,
        says="inside a reply with status 200: HTTP 429: slow down",
        requests=3,
    ),
    "context overflow by its code": Row(
        fault=status(400, code="context_length_exceeded", message="too long"),
        error=ContextOverflow,
        says="HTTP 400: too long; shorten the prompt",
        requests=1,
    ),
    "context overflow by its words": Row(
        fault=status(400, message=OVERFLOW), error=ContextOverflow, says="512 tokens", requests=1
    ),
    "body too large": Row(fault=status(413), error=ContextOverflow, says="shorten", requests=1),
    "content filter on the prompt": Row(
        fault=status(400, code="content_filter", message="flagged"),
        error=ContentFiltered,
        says="flagged; word the question in another way",
        requests=1,
    ),
    "content filter on the reply": Row(
        fault={"do": "raw", "body": RAW_CHOICE},
        error=ContentFiltered,
        says="the content filter stopped the reply",
        requests=1,
    ),
    "another bad request": Row(
        fault=status(400, message="messages[0] is odd"),
        error=ModelRefused,
        says="messages[0] is odd",
        requests=1,
    ),
    "a wrong key": Row(
        fault=status(401), error=SetupError, says="set OPENAI_API_KEY to a key", requests=1
    ),
    "a forbidden model": Row(fault=status(403), error=SetupError, says="HTTP 403", requests=1),
    "an unknown model": Row(
        fault=status(404, message="model 'tiny' not found"),
        error=SetupError,
        says="check the model's name, and the base URL",
        requests=1,
    ),
    "a moved address": Row(
        fault=status(308, headers=["Location: https://elsewhere.example/v1"]),
        error=SetupError,
        says="leads to https://elsewhere.example/v1",
        requests=1,
    ),
    "a tool call that is no JSON": Row(
        fault={"do": "ok", "tool_calls": [BAD_CALL]},
        error=ReplyUnreadable,
        says="called tool 'search' with arguments that are no JSON object",
        requests=1,
    ),
    "max_tokens under another name": Row(
        fault=status(
            400,
            param="max_tokens",
            message="Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
        ),
        times=1,
        requests=2,
        waits=0,
    ),
}


@pytest.mark.parametrize("row", MATRIX.values(), ids=MATRIX.keys())
def test_every_fault_ends_as_the_matrix_says(loopback: "Loopback", row: Row) -> None:
    session = loopback.session(read_s=row.read_s)
    session.script(*[row.fault] * row.times)

    if row.error is None:
        assert asyncio.run(ask(session)) == "pong"
    else:
        with pytest.raises(row.error) as told:
            asyncio.run(ask(session))
        assert type(told.value) is row.error
        assert row.says in str(told.value)
        assert session.root in str(told.value)

    assert len(session.requests()) == row.requests == len(session.attempts)
    waits = row.requests - 1 if row.waits is None else row.waits
    assert len(session.clock.waits_s) == waits


def test_a_wait_is_never_shorter_than_the_server_asks(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script(status(429, headers=["Retry-After: 7"]))

    asyncio.run(ask(session))

    assert 7.0 <= session.clock.waits_s[0] <= 7.5
    assert [attempt.outcome for attempt in session.attempts] == ["rate_limited", "ok"]


def test_a_date_to_wait_for_counts_from_the_servers_clock(loopback: "Loopback") -> None:
    session = loopback.session()
    until = "Retry-After: Mon, 23 Nov 2026 12:00:09 GMT"
    session.script(status(503, headers=[until, "Date: Mon, 23 Nov 2026 12:00:00 GMT"]))

    asyncio.run(ask(session))

    assert 9.0 <= session.clock.waits_s[0] <= 9.5


def test_a_429_halves_the_number_of_requests_at_a_time(loopback: "Loopback") -> None:
    session = loopback.session()
    before = session.endpoint.limiter.limit
    session.script(status(429))

    asyncio.run(ask(session))

    assert session.endpoint.limiter.limit == before // 2


def test_a_trickle_of_bytes_ends_at_the_total_time(loopback: "Loopback") -> None:
    session = loopback.session()
    session.endpoint.schedule = RetrySchedule(attempts=1, total_s=1.0)
    session.script({"do": "trickle"})

    with pytest.raises(ModelUnreachable, match="the limit of one call"):
        asyncio.run(ask(session))

    assert len(session.requests()) == len(session.attempts) == 1


def test_a_server_that_is_not_there_is_named_with_its_address(loopback: "Loopback") -> None:
    session = loopback.session()
    closed = session.connect_to("http://127.0.0.1:1/v1")

    with pytest.raises(ModelUnreachable, match=r"tiny at http://127\.0\.0\.1:1/v1: the connection"):
        asyncio.run(closed.complete(REQUEST))


async def ask(session: "Session") -> str:
    try:
        return (await session.model.complete(REQUEST)).text
    finally:
        await session.model.aclose()
