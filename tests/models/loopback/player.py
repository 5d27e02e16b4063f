"""A model that calls a tool so many times, then answers, and counts what it was sent.

How often is said in the question, `[[calls=32 task=a]]`, and the count stands here: so it serves
prompts that keep everything and prompts that drop their history alike, and many tasks at a time.
The cache is OpenAI's: the longest beginning that the task's last prompt had too, from 1,024 tokens
on, in steps of 128.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import cast

from answers import Json, JsonAny

_MARK = re.compile(r"\[\[calls=(\d+) task=(\w+)\]\]")
_BYTES_A_TOKEN = 4
_LEAST_CACHED, _CACHE_STEP = 1_024, 128
_FINAL_TOOL = "final_answer"  # smolagents has a tool for it
_MOST_TASKS = 2_000


@dataclass(slots=True)
class Bill:
    """What one task sent."""

    requests: int = 0
    prompt: int = 0
    cached: int = 0
    largest: int = 0
    prompts: list[int] = field(default_factory=list[int])

    def add(self, prompt: int, cached: int) -> None:
        """Count one request."""
        self.requests += 1
        self.prompt += prompt
        self.cached += cached
        self.largest = max(self.largest, prompt)
        self.prompts.append(prompt)


@dataclass(slots=True)
class _Task:
    made: int = 0
    last_prompt: bytes = b""
    bill: Bill = field(default_factory=Bill)


class Player:
    """Plays the model of one session."""

    def __init__(self, role: Mapping[str, JsonAny]) -> None:
        """Take the part: `tool` is what is called, with `{"n": 1}`, `{"n": 2}` and so on.

        `report` is written with each call, numbered, so that it is new from its first word on;
        `delay_s` is the wait before each reply; beyond `most` requests at a time it refuses.
        """
        self._tool = str(role.get("tool", "step"))
        self._report = str(role.get("report", ""))
        self.delay_s = float(str(role.get("delay_s", 0)))
        self._most = int(str(role.get("most", 1_000_000)))
        self._under_way = 0
        self._largest = 0
        self._refusals = 0
        self._tasks: dict[str, _Task] = {}

    def crowd(self) -> Json:
        """Return how many requests were served at a time at most, and how many were refused."""
        return {"largest": self._largest, "refusals": self._refusals}

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[bool]:
        """Serve a request after the usual wait; yield whether there is room for it."""
        if self._under_way >= self._most:
            self._refusals += 1
            yield False
            return
        self._under_way += 1
        self._largest = max(self._largest, self._under_way)
        try:
            await asyncio.sleep(self.delay_s)
            yield True
        finally:
            self._under_way -= 1

    def bills(self) -> Json:
        """Return what each task sent."""
        bills: Json = {}
        for name, task in self._tasks.items():
            bills[name] = cast(Json, asdict(task.bill))
        return bills

    def step(self, body: Json) -> Json:
        """Return what to answer a request with, as a script would say it."""
        prompt = _prompt_text(body)
        mark = _MARK.search(prompt)
        calls, name = (int(mark[1]), mark[2]) if mark else (0, "")
        if name not in self._tasks and len(self._tasks) >= _MOST_TASKS:
            return {"do": "status", "status": 400, "message": f"over {_MOST_TASKS} tasks"}
        task = self._tasks.setdefault(name, _Task())
        usage = _count(task, prompt.encode())
        task.made += 1
        reply = self._call(task.made, body) if task.made <= calls else self._answer(body)
        reply |= {"do": "ok", "usage": usage}
        return reply

    def _call(self, number: int, body: Json) -> Json:
        report = f"{number}. {self._report}" if self._report else ""
        arguments: Json = {"n": number}
        if body.get("tools"):
            return {"text": report or None, "tool_calls": _native(self._tool, number, arguments)}
        call = json.dumps({"name": self._tool, "arguments": arguments})
        return {"text": f"<report>{report}</report><tool_call>{call}</tool_call>"}

    def _answer(self, body: Json) -> Json:
        if f'"{_FINAL_TOOL}"' in json.dumps(body.get("tools")):
            return {"text": None, "tool_calls": _native(_FINAL_TOOL, 0, {"answer": "done"})}
        is_native = bool(body.get("tools"))
        text = "done" if is_native else f"<report>{self._report}</report><answer>done</answer>"
        return {"text": text}


def _count(task: _Task, prompt: bytes) -> Json:
    tokens = -(-len(prompt) // _BYTES_A_TOKEN)
    shared = _common_bytes(prompt, task.last_prompt) // _BYTES_A_TOKEN
    cached = shared // _CACHE_STEP * _CACHE_STEP if shared >= _LEAST_CACHED else 0
    task.last_prompt = prompt
    task.bill.add(tokens, cached)
    return {
        "prompt_tokens": tokens,
        "completion_tokens": 20,
        "total_tokens": tokens + 20,
        "prompt_tokens_details": {"cached_tokens": cached},
    }


def _prompt_text(body: Json) -> str:
    """Return everything that a request shows its model, in the order in which it is read."""
    tools, messages = body.get("tools"), body.get("messages")
    shown = [json.dumps(tools)] if tools else []
    for message in messages if isinstance(messages, list) else []:
        if isinstance(message, dict):
            shown += [str(message.get("role")), _text(message.get("content"))]
            shown += [json.dumps(message["tool_calls"])] if message.get("tool_calls") else []
    return "\n".join(shown)


def _text(content: JsonAny) -> str:
    if not isinstance(content, list):
        return str(content or "")
    return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))


def _common_bytes(one: bytes, other: bytes) -> int:
    """Return the length of the longest beginning that two texts share, by bisection."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def _native(name: str, number: int, arguments: Json) -> list[JsonAny]:
    function: Json = {"name": name, "arguments": json.dumps(arguments)}
    return [{"id": f"call_{number}", "type": "function", "function": function}]
