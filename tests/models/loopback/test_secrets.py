"""The key is in the header of the request, and nowhere else."""

import asyncio
import logging
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sonde import Agent
from sonde.models.chat_model import ChatModel
from sonde.models.recorded import RecordedModel
from sonde.models.redaction import Redactor, Secret
from sonde.models.streaming import stream_reply
from sonde.records.errors import SondeError
from sonde.records.json_types import JsonObject
from sonde.records.messages import ChatRequest, Message

if TYPE_CHECKING:
    from .conftest import Loopback, Session

pytestmark = pytest.mark.loopback

KEY = "sk-test-0123456789abcdefghij"
REQUEST = ChatRequest(messages=(Message(role="user", content="ping"),), max_output_tokens=16)
FAULTS: list[JsonObject] = [
    {"do": "echo-key"},
    {"do": "status", "status": 400, "message": f"bad header: Bearer {KEY}"},
    {"do": "status", "status": 503, "html": f"<pre>Authorization: Bearer {KEY}</pre>"},
    {"do": "raw", "body": f"no JSON but {KEY}"},
    {"do": "status", "status": 400, "message": "x" * 285 + KEY},
    {"do": "raw", "body": "y" * 285 + KEY},
    {
        "do": "raw",
        "body": f'data: {{"error": {{"message": "no {KEY}"}}}}\n\n',
        "kind": "text/event-stream",
    },
    {"do": "raw", "body": '{"choices": [], "error": {"message": "KEY"}}'.replace("KEY", KEY)},
    {"do": "raw", "body": f"data: {{{KEY}\n\n", "kind": "text/event-stream"},
    {"do": "reset-before"},
]


async def fail(session: "Session", *, is_stream: bool) -> str:
    """Return everything that a traceback shows, with local variables and all causes."""
    try:
        if is_stream:
            async for _ in session.model.stream(REQUEST):
                pass
        else:
            await session.model.complete(REQUEST)
    except SondeError as err:
        assert err.__cause__ is None
        assert err.__context__ is None
        seen = traceback.TracebackException.from_exception(err, capture_locals=True)
        return "".join(seen.format()) + repr(err)
    finally:
        await session.model.aclose()
    raise AssertionError("the fault was not seen")


@pytest.mark.parametrize("is_stream", [False, True])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault)[:40])
def test_a_key_never_stands_in_an_error_a_log_or_an_attempt(
    loopback: "Loopback", fault: JsonObject, is_stream: bool, caplog: pytest.LogCaptureFixture
) -> None:
    session = loopback.session()
    session.script(*[fault] * 3)

    with caplog.at_level(logging.DEBUG):
        shown = asyncio.run(fail(session, is_stream=is_stream))

    assert session.requests()[0]["authorization"] == f"Bearer {KEY}"
    assert "Traceback" in shown
    assert KEY[:12] not in shown + caplog.text + repr(session.attempts)
    assert caplog.text


@pytest.mark.parametrize("is_stream", [False, True])
def test_a_key_that_a_server_repeats_never_stands_in_a_reply(
    loopback: "Loopback", is_stream: bool
) -> None:
    session = loopback.session()
    session.script({"do": "ok", "text": f"your key is {KEY} !"})

    async def read() -> str:
        model = session.model if is_stream else Whole(session.model)
        shown = [repr(piece) async for piece in stream_reply(model, REQUEST)]
        await session.model.aclose()
        return "".join(shown)

    shown = asyncio.run(read())

    assert "[secret]" in shown
    assert KEY not in shown


class Whole:
    """A model that cannot stream."""

    def __init__(self, model: ChatModel) -> None:
        self.name = model.name
        self.complete = model.complete


def test_a_key_never_stands_in_a_recording(loopback: "Loopback", tmp_path: Path) -> None:
    session = loopback.session()
    session.script({"do": "ok", "text": f"your key is {KEY}"})
    redactor = Redactor(secrets=[Secret(KEY)], hosts=["127.0.0.1"])
    model = RecordedModel(tmp_path, name="tiny", model=session.model, redactor=redactor)

    async def record() -> None:
        prompt = Message(role="user", content=f"{KEY} at 127.0.0.1")
        await model.complete(ChatRequest(messages=(prompt,), max_output_tokens=16))
        await session.model.aclose()

    asyncio.run(record())

    text = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    assert KEY not in text
    assert "your key is [secret]" in text
    assert "[secret] at [host]" in text


def test_a_key_never_stands_in_what_a_run_leaves_behind(
    loopback: "Loopback", tmp_path: Path
) -> None:
    session = loopback.session()
    search = '<tool_call>{"name": "calculate", "arguments": {"expression": "1 + 1"}}</tool_call>'
    session.script(
        {"do": "status", "status": 503, "html": f"<pre>Bearer {KEY}</pre>"},
        {"do": "ok", "text": f"<report>The key is {KEY}.</report>{search}"},
        {"do": "status", "status": 400, "message": f"bad header: Bearer {KEY}"},
        {"do": "status", "status": 400, "message": f"bad header: Bearer {KEY}"},
    )
    agent = Agent(
        "openai:tiny",
        base_url=f"{session.root}/v1",
        home=tmp_path,
        environ={"OPENAI_API_KEY": KEY},
    )

    result = agent.run("How deep?")

    assert session.requests()[0]["authorization"] == f"Bearer {KEY}"
    assert result.stop_detail == "refused"
    left = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(b"The key is [secret]" in content for content in left)  # the evidence store
    assert any(b"bad header: Bearer [secret]" in content for content in left)  # the journal
    assert not any(KEY[:12].encode() in content for content in left)
    assert KEY[:12] not in repr(result)
