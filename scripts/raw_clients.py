"""The plain clients that sonde is held against: `openai` twice, and httpx without a library."""

import json
from typing import Any

import httpx
import openai
from task_meter import RULES, TOOL_TEXT, Do, Make, main, observe, question

MODEL = "tiny"
_TOOLS: list[Any] = [
    {
        "type": "function",
        "function": {
            "name": "step",
            "description": TOOL_TEXT,
            "parameters": {
                "type": "object",
                "properties": {"n": {"type": "integer"}},
                "required": ["n"],
            },
        },
    }
]


def append(base_url: str, calls: int) -> Do:
    """Return the plain client that sends its whole history with every request."""
    client = _client(base_url)

    async def do(calls: int, task: str) -> str:
        messages: list[Any] = [
            {"role": "system", "content": RULES},
            {"role": "user", "content": question(calls, task)},
        ]
        for _ in range(calls + 1):
            reply = await client.chat.completions.create(
                model=MODEL, messages=messages, tools=_TOOLS
            )
            message = reply.choices[0].message
            messages.append(message.model_dump(exclude_none=True))
            for call in message.tool_calls or ():
                content = _called(call.to_dict())
                messages.append({"role": "tool", "tool_call_id": call.id, "content": content})
        return messages[-1]["content"]

    return do


def constant(base_url: str, calls: int) -> Do:
    """Return the plain client that sends question, report and last observation only."""
    client = _client(base_url)

    async def do(calls: int, task: str) -> str:
        asked, report, last = question(calls, task), "", ""
        for _ in range(calls + 1):
            content = f"{asked}\n\nReport:\n{report}\n\nLast observation:\n{last}"
            messages: list[Any] = [
                {"role": "system", "content": RULES},
                {"role": "user", "content": content},
            ]
            reply = await client.chat.completions.create(
                model=MODEL, messages=messages, tools=_TOOLS
            )
            report = reply.choices[0].message.content or report
            for call in reply.choices[0].message.tool_calls or ():
                last = _called(call.to_dict())
        return report

    return do


def plain_http(base_url: str, calls: int) -> Do:
    """Return httpx alone, with the whole history."""
    client = httpx.AsyncClient(trust_env=False, timeout=60)

    async def do(calls: int, task: str) -> str:
        messages: list[Any] = [
            {"role": "system", "content": RULES},
            {"role": "user", "content": question(calls, task)},
        ]
        for _ in range(calls + 1):
            body = {"model": MODEL, "messages": messages, "tools": _TOOLS}
            reply = await client.post(f"{base_url}/chat/completions", json=body)
            message = reply.raise_for_status().json()["choices"][0]["message"]
            messages.append(message)
            for call in message.get("tool_calls") or ():
                content = _called(call)
                messages.append({"role": "tool", "tool_call_id": call["id"], "content": content})
        return messages[-1]["content"]

    return do


def _client(base_url: str) -> openai.AsyncOpenAI:
    http: Any = httpx.AsyncClient(trust_env=False, timeout=60)  # typed for httpx2 only
    return openai.AsyncOpenAI(api_key="none", base_url=base_url, http_client=http, max_retries=0)


def _called(call: dict[str, Any]) -> str:
    return observe(json.loads(call["function"]["arguments"])["n"])


RAW: dict[str, Make] = {"append": append, "constant": constant, "httpx": plain_http}

if __name__ == "__main__":
    main(RAW)
