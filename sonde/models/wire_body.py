"""A chat request as the JSON of `POST /chat/completions`.

Messages and tools are plain dictionaries, posted as they are: the client library's typed
transformation, which takes 0.18 ms a message, is passed by. The order of the keys is the
library's own, so that the bytes are the same.
"""

import json
from collections.abc import Mapping

from ..records.json_types import JsonObject, JsonValue
from ..records.messages import ChatRequest, Message
from ..records.tooling import Action, ToolSpec
from .dialect import Dialect, ReplyFormat
from .json_door import as_list, as_object, as_text

WireBody = dict[str, JsonValue]


def wire_body(
    request: ChatRequest, *, model: str, dialect: Dialect, is_stream: bool = False
) -> WireBody:
    """Return the body that asks for this in the endpoint's dialect."""
    schema = request.output_schema
    body: dict[str, JsonValue | None] = {
        "model": model,
        "stream": True if is_stream else None,
        "messages": _messages(request, dialect),
        "logprobs": True if request.top_logprobs is not None else None,
        dialect.length_fields[0]: request.max_output_tokens,
        "response_format": None if schema is None else _format(schema, dialect.reply_format),
        "seed": request.seed,
        "stop": list(request.stop) or None,
        "stream_options": {"include_usage": True} if is_stream else None,
        "temperature": request.temperature,
        "tools": [_tool(tool) for tool in request.tools] or None,
        "top_logprobs": request.top_logprobs,
    }
    return {
        name: value
        for name, value in body.items()
        if value is not None and name not in dialect.left_out
    }


def _messages(request: ChatRequest, dialect: Dialect) -> list[JsonValue]:
    messages = [_message(message) for message in request.messages]
    if request.output_schema is not None and dialect.reply_format is not ReplyFormat.SCHEMA:
        wish = (
            "Reply with one JSON object and nothing else. It must fit this JSON schema:\n"
            + json.dumps(request.output_schema, ensure_ascii=False)
        )
        last = request.messages[-1].content
        text = f"{last}\n\n{wish}" if last else wish
        messages[-1]["content"] = _content(text, request.messages[-1])
    return list(messages)


def _message(message: Message) -> WireBody:
    wire: WireBody = {"role": message.role, "content": _content(message.content, message)}
    if message.tool_calls:
        wire["content"] = message.content or None
        wire["tool_calls"] = [_call(call, at) for at, call in enumerate(message.tool_calls)]
    if message.tool_call_id is not None:
        wire["tool_call_id"] = message.tool_call_id
    return wire


def _content(text: str, message: Message) -> JsonValue:
    """Return a message's text, or its parts where it shows pictures."""
    if not message.images:
        return text
    shown = [{"type": "image_url", "image_url": {"url": one.data_url}} for one in message.images]
    return [{"type": "text", "text": text}, *shown]


def _call(call: Action, at: int) -> WireBody:
    arguments = json.dumps(call.arguments, ensure_ascii=False)
    function = {"name": call.tool, "arguments": arguments}
    return {"id": call.call_id or f"call_{at}", "type": "function", "function": function}


def _tool(tool: ToolSpec) -> WireBody:
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": dict(tool.parameters),
        },
    }


def _format(schema: JsonObject, reply_format: ReplyFormat) -> WireBody | None:
    """Return the `response_format`; llama.cpp servers read a schema beside `json_object` too."""
    if reply_format is ReplyFormat.TEXT:
        return None
    if reply_format is ReplyFormat.OBJECT:
        return {"type": "json_object", "schema": dict(schema)}
    named = {"name": "reply", "schema": dict(schema), "strict": _is_strict(schema)}
    return {"type": "json_schema", "json_schema": named}


def _is_strict(schema: JsonValue) -> bool:
    """Return whether OpenAI's strict mode takes the schema: closed objects, all required."""
    if isinstance(schema, Mapping):
        members = as_object(schema.get("properties"))
        if schema.get("type") == "object" and (
            schema.get("additionalProperties") is not False
            or set(members) != set(map(as_text, as_list(schema.get("required"))))
        ):
            return False
        return all(_is_strict(value) for value in schema.values())
    return all(_is_strict(item) for item in as_list(schema))
