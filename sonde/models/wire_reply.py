"""What an endpoint answered, read without trusting its shape."""

import math
from collections.abc import Sequence
from dataclasses import replace

from ..records.json_types import JsonObject, JsonValue
from ..records.messages import ChatReply, FinishReason, TokenAlternative
from ..records.tooling import Action
from ..records.usage import Usage
from .faults import Fault, Outcome, fault_of_status
from .json_door import as_count, as_list, as_object, as_text, parse_json
from .usage_edge import read_usage

_FINISHES: dict[str, FinishReason] = {
    "stop": "stop",
    "eos": "stop",
    "length": "length",
    "max_tokens": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}
_LEAST_LOG_PROB = -1e6
"""Servers write -9999 or less for a token that cannot stand there."""
_SHOWN = 300
"""How much of a foreign text stands in a message."""


def read_reply(raw: JsonValue, *, model: str) -> ChatReply | Fault:
    """Return the reply that a chat completion holds, or what is wrong with it.

    Args:
        raw: The JSON that came.
        model: The model's name, for a completion that does not tell it.
    """
    body = as_object(raw)
    raw_usage = as_object(body.get("usage"))
    usage = read_usage(raw_usage)
    choices = as_list(body.get("choices"))
    if not choices:
        return replace(_no_choice(body), usage=usage if raw_usage else None)
    choice = as_object(choices[0])
    message = as_object(choice.get("message"))
    if fault := _refusal(choice, message, usage):
        return fault
    calls = _read_calls(as_list(message.get("tool_calls")), usage)
    if isinstance(calls, Fault):
        return calls
    finish = _FINISHES.get(as_text(choice.get("finish_reason")), "other")
    return ChatReply(
        text=read_content(message.get("content")),
        usage=usage,
        model=as_text(body.get("model")) or model,
        finish="tool_calls" if calls and finish in ("stop", "other") else finish,
        tool_calls=calls,
        logprobs=_read_logprobs(choice),
        raw_usage=raw_usage,
    )


def read_content(value: JsonValue) -> str:
    """Return a message's text, which is a string or a list of parts."""
    parts = as_list(value)
    return as_text(value) or "".join(as_text(as_object(part).get("text")) for part in parts)


def fault_of_record(body: JsonValue, *, status: int, is_inside_200: bool = False) -> Fault:
    """Return the fault that an error record tells of, whichever shape the server gave it."""
    record = as_object(body)
    record = as_object(record.get("error")) or record
    told = as_text(record.get("message")) or as_text(record.get("detail")) or as_text(body)
    told = told or as_text(as_object(body).get("error")) or (str(body) if body else "")
    code = f"{record.get('code') or ''} {record.get('type') or ''}"
    named = as_count(record.get("code")) if is_inside_200 else None
    fault = fault_of_status(
        named if named is not None and 400 <= named < 600 else status,
        code=code,
        message=shown(told),
        parameter=as_text(record.get("param")),
    )
    prefix = "an error stood inside a reply with status 200: "
    return replace(fault, message=prefix + fault.message) if is_inside_200 else fault


def shown(text: str) -> str:
    """Return the beginning of a foreign text on one line, for a message."""
    line = " ".join(text[: 4 * _SHOWN].split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def _no_choice(body: JsonObject) -> Fault:
    if body.get("error"):
        return fault_of_record(body, status=500, is_inside_200=True)
    what = "an empty list of choices" if "choices" in body else "no choices"
    return Fault(outcome=Outcome.UNREADABLE, message=f"the reply holds {what}")


def _refusal(choice: JsonObject, message: JsonObject, usage: Usage) -> Fault | None:
    if choice.get("finish_reason") == "content_filter":
        told = "the content filter stopped the reply"
    elif (refusal := as_text(message.get("refusal"))) and not message.get("content"):
        told = f"the model refused: {shown(refusal)!r}"
    elif choice.get("error"):
        return fault_of_record(choice, status=500, is_inside_200=True)
    elif not message:
        told = "the first choice holds no message"
        return Fault(outcome=Outcome.UNREADABLE, message=told, usage=usage)
    else:
        return None
    return Fault(outcome=Outcome.FILTERED, message=told, usage=usage)


def _read_calls(raw_calls: Sequence[JsonValue], usage: Usage) -> tuple[Action, ...] | Fault:
    calls: list[Action] = []
    for raw in map(as_object, raw_calls):
        function = as_object(raw.get("function"))
        tool = as_text(function.get("name"))
        arguments = _read_arguments(function.get("arguments"))
        if arguments is None or not tool:
            told = shown(str(function.get("arguments")))
            what = f"called tool {tool!r} with arguments that are no JSON object: {told!r}"
            return Fault(
                outcome=Outcome.UNREADABLE,
                message=f"the model {what}" if tool else "the model called a tool without a name",
                usage=usage,
                is_retryable=False,
            )
        call_id = as_text(raw.get("id")) or None
        calls.append(Action(tool=tool, arguments=arguments, call_id=call_id))
    return tuple(calls)


def _read_arguments(raw: JsonValue) -> JsonObject | None:
    """Return a call's arguments, which come as JSON text, or as an object from some servers."""
    if isinstance(raw, str):
        try:
            raw = parse_json(raw) if raw.strip() else {}
        except ValueError:
            return None
    arguments = as_object(raw)
    return arguments if arguments or raw is None or raw == {} else None


def _read_logprobs(choice: JsonObject) -> tuple[tuple[TokenAlternative, ...], ...]:
    places = as_list(as_object(choice.get("logprobs")).get("content"))
    return tuple(_read_place(as_object(place)) for place in places)


def _read_place(place: JsonObject) -> tuple[TokenAlternative, ...]:
    """Return the alternatives at one place: as many as came, which may be fewer than asked."""
    listed = as_list(place.get("top_logprobs")) or (place,)
    read = (_read_alternative(as_object(one)) for one in listed)
    return tuple(alternative for alternative in read if alternative is not None)


def _read_alternative(raw: JsonObject) -> TokenAlternative | None:
    value = raw.get("logprob")
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > -math.inf:
        return None
    log_prob = float(max(_LEAST_LOG_PROB, min(0, value)))
    return TokenAlternative(token=as_text(raw.get("token")), log_prob=log_prob)
