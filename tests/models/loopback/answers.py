"""What the loopback server answers: good completions, and faults on demand."""

import asyncio
import json
import re
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import TypeAlias, cast

JsonAny: TypeAlias = "bool | int | float | str | list[JsonAny] | dict[str, JsonAny] | None"
Json: TypeAlias = dict[str, JsonAny]
Answer: TypeAlias = Callable[[Json, Json, asyncio.StreamWriter], Awaitable[bool]]

_STALL_S = 5.0
"""The longest silence; the tests give up long before."""
_USAGE: Json = {
    "prompt_tokens": 100,
    "completion_tokens": 20,
    "total_tokens": 120,
    "prompt_tokens_details": {"cached_tokens": 64},
    "completion_tokens_details": {"reasoning_tokens": 5},
}
_JSON = "application/json"


async def answer(
    step: Json, body: Json, headers: dict[str, str], out: asyncio.StreamWriter
) -> bool:
    """Answer one request as the step says; return whether the connection lives on."""
    deed = step.get("do")
    if deed == "echo-key":
        told = f"no such key: {headers.get('authorization', '')}"
        return await send_json(out, _error(told, code="invalid_api_key"), status=401)
    if deed == "no-schemas":
        wanted = body.get("response_format")
        kind = wanted.get("type") if isinstance(wanted, dict) else "text"
        refused = step.get("refused")
        if isinstance(refused, list) and kind in refused:
            return await send_json(out, _error("internal server error"), status=500)
        return await _good(step, body, out)
    return await _ANSWERS[str(deed)](step, body, out)


async def send_json(
    out: asyncio.StreamWriter, value: JsonAny, *, status: int = 200, headers: str = ""
) -> bool:
    """Send a JSON reply and keep the connection."""
    return await _send(out, json.dumps(value).encode(), status=status, headers=headers)


async def _send(
    out: asyncio.StreamWriter,
    body: bytes,
    *,
    status: int = 200,
    kind: str = _JSON,
    headers: str = "",
) -> bool:
    out.write(_head(f"Content-Length: {len(body)}\r\n{headers}", status=status, kind=kind) + body)
    await out.drain()
    return True


def _head(headers: str, *, status: int = 200, kind: str = _JSON) -> bytes:
    return f"HTTP/1.1 {status} Said\r\nContent-Type: {kind}\r\n{headers}\r\n".encode()


def _error(message: str, *, code: str | None = None, param: str | None = None) -> Json:
    return {"error": {"message": message, "type": "test", "code": code, "param": param}}


def _completion(step: Json, body: Json) -> Json:
    calls = step.get("tool_calls")
    text = step.get("text", None if calls else "pong")
    message: Json = {"role": "assistant", "content": text}
    if calls:
        message["tool_calls"] = calls
    choice: Json = {
        "index": 0,
        "message": message,
        "finish_reason": step.get("finish", "tool_calls" if calls else "stop"),
    }
    if body.get("logprobs"):
        choice["logprobs"] = {"content": step.get("logprobs", [])}
    reply: Json = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": body.get("model"),
        "choices": [choice],
    }
    usage = step.get("usage", _USAGE)
    return reply | ({"usage": usage} if usage else {})


def _events(step: Json, body: Json) -> list[Json]:
    """Return a completion as stream events: one for each word, one for each half of a call."""
    whole = _completion(step, body)
    choices = cast(list[Json], whole["choices"])
    message = cast(Json, choices[0]["message"])
    deltas: list[Json] = [{"role": "assistant", "content": ""}]
    for word in re.findall(r"\s*\S+|\s+$", str(message.get("content") or "")):
        deltas.append({"content": word})
    for at, call in enumerate(cast(list[Json], message.get("tool_calls") or [])):
        function = cast(dict[str, str], call["function"])
        half = len(function["arguments"]) // 2
        first, rest = function["arguments"][:half], function["arguments"][half:]
        named: Json = {"name": function["name"], "arguments": first}
        deltas.append({"tool_calls": [{"index": at, "id": call["id"], "function": named}]})
        deltas.append({"tool_calls": [{"index": at, "function": {"arguments": rest}}]})
    events = [_event(body, [{"index": 0, "delta": delta}]) for delta in deltas]
    finish = choices[0]["finish_reason"]
    events.append(_event(body, [{"index": 0, "delta": {}, "finish_reason": finish}]))
    options = body.get("stream_options")
    if "usage" in whole and isinstance(options, dict) and options.get("include_usage"):
        events.append(_event(body, []) | {"usage": whole["usage"]})
    return events


def _event(body: Json, choices: list[JsonAny]) -> Json:
    return {"object": "chat.completion.chunk", "model": body.get("model"), "choices": choices}


async def _good(step: Json, body: Json, out: asyncio.StreamWriter) -> bool:
    if not body.get("stream"):
        return await send_json(out, _completion(step, body))
    lines = [f"data: {json.dumps(event)}\n\n" for event in _events(step, body)]
    whole = "".join([*lines, "data: [DONE]\n\n"]).encode()
    return await _send(out, whole, kind="text/event-stream")


async def _embed(step: Json, body: Json, out: asyncio.StreamWriter) -> bool:
    """Answer with a vector for each text, last text first: the order is told by `index`."""
    texts = [str(text) for text in cast(list[JsonAny], body.get("input") or [])]
    data: list[JsonAny] = [
        {"object": "embedding", "index": index, "embedding": _letters(text)}
        for index, text in reversed(list(enumerate(texts)))
    ]
    tokens = sum(len(text.split()) for text in texts)
    usage: JsonAny = step.get("usage", {"prompt_tokens": tokens, "total_tokens": tokens})
    return await send_json(out, {"object": "list", "data": data, "usage": usage})


def _letters(text: str) -> list[JsonAny]:
    """Return how often each letter stands in a text, and a little of each, so that none is 0."""
    return [text.lower().count(letter) + 0.01 for letter in "abcdefghijklmnopqrstuvwxyz"]


async def _status(step: Json, body: Json, out: asyncio.StreamWriter) -> bool:
    """Answer with the step's status, error record and headers."""
    status = int(str(step["status"]))
    headers = "".join(f"{line}\r\n" for line in cast(list[str], step.get("headers", [])))
    if text := step.get("html"):
        return await _send(out, str(text).encode(), status=status, kind="text/html")
    code, param = cast("str | None", step.get("code")), cast("str | None", step.get("param"))
    record = _error(str(step.get("message", "injected")), code=code, param=param)
    return await send_json(out, record, status=status, headers=headers)


async def _raw(step: Json, body: Json, out: asyncio.StreamWriter) -> bool:
    """Answer 200 with a body that the step gives word for word."""
    return await _send(out, str(step["body"]).encode(), kind=str(step.get("kind", _JSON)))


async def _reset_before(step: Json, body: Json, out: asyncio.StreamWriter) -> bool:
    return _reset(out)


async def _reset_in_body(step: Json, body: Json, out: asyncio.StreamWriter) -> bool:
    whole = json.dumps(_completion(step, body)).encode()
    out.write(_head(f"Content-Length: {len(whole)}\r\n") + whole[: len(whole) // 2])
    await out.drain()
    return _reset(out)


def _reset(out: asyncio.StreamWriter) -> bool:
    """Close with RST instead of FIN."""
    connection = cast(socket.socket, out.get_extra_info("socket"))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    out.transport.abort()
    return False


async def _stall(step: Json, body: Json, out: asyncio.StreamWriter) -> bool:
    await asyncio.sleep(_STALL_S)
    return False


async def _trickle(step: Json, body: Json, out: asyncio.StreamWriter) -> bool:
    """Send a byte now and then, so that no silence is ever long."""
    out.write(_head("Content-Length: 100000\r\n"))
    for _ in range(int(_STALL_S / 0.02)):
        out.write(b" ")
        await out.drain()
        await asyncio.sleep(0.02)
    return False


async def _cut_stream(step: Json, body: Json, out: asyncio.StreamWriter) -> bool:
    """Send the first events of a stream, then close: cleanly, or in the middle of a chunk."""
    events = _events(step, body)[: int(str(step.get("events", 2)))]
    sent = "".join(f"data: {json.dumps(event)}\n\n" for event in events).encode()
    if step.get("chunked", True):
        out.write(_head("Transfer-Encoding: chunked\r\n", kind="text/event-stream"))
        out.write(f"{len(sent):x}\r\n".encode() + sent + b"\r\nff\r\ndata: {")
    else:
        out.write(_head("Connection: close\r\n", kind="text/event-stream") + sent)
    await out.drain()
    return False


async def _whole_for_stream(step: Json, body: Json, out: asyncio.StreamWriter) -> bool:
    """Answer with a plain completion although a stream was asked for."""
    return await send_json(out, _completion(step, body))


_ANSWERS: dict[str, Answer] = {
    "ok": _good,
    "embed": _embed,
    "status": _status,
    "raw": _raw,
    "reset-before": _reset_before,
    "reset-in-body": _reset_in_body,
    "stall": _stall,
    "trickle": _trickle,
    "cut-stream": _cut_stream,
    "whole-for-stream": _whole_for_stream,
}
