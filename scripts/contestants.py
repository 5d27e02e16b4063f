"""One task done by one contestant in this process: raw clients and sonde, measured from within.

    python scripts/contestants.py NAME BASE_URL CALLS

Prints `{"cpu_s": ..., "wall_s": ..., "peak_mb": ..., "largest_mb": ...}`. A warm-up task of two
calls goes before, so imports, connections and caches are not in the figures; peak memory is the
whole process's.
"""

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import httpx
import openai
from loopback import OBSERVATION, question

from sonde import Agent, Budget, tool
from sonde.agents.graph import recursion_limit
from sonde.memory.policy import MemoryPolicy

MODEL = "tiny"
Answering: TypeAlias = Callable[[int, str], Awaitable[None]]
"""Does the task of so many calls under a name."""
_SYSTEM = "You answer questions by soundings. Call `step` until you know enough, then answer."
_TOOLS: list[Any] = [
    {
        "type": "function",
        "function": {
            "name": "step",
            "description": "Take the next sounding.",
            "parameters": {
                "type": "object",
                "properties": {"n": {"type": "integer"}},
                "required": ["n"],
            },
        },
    }
]


@tool
async def step(n: int) -> str:
    """Take the next sounding.

    Args:
        n: Its number.
    """
    return f"{n}. {OBSERVATION}"


def raw_client(base_url: str) -> openai.AsyncOpenAI:
    """Return the plain client, passing by whatever proxy the environment names."""
    http: Any = httpx.AsyncClient(trust_env=False, timeout=60)
    return openai.AsyncOpenAI(api_key="none", base_url=base_url, http_client=http, max_retries=0)


def raw_append(base_url: str) -> Answering:
    """Return the plain client that sends its whole history with every request."""
    client = raw_client(base_url)

    async def do(calls: int, task: str) -> None:
        messages: list[Any] = [
            {"role": "system", "content": _SYSTEM},
            {"role": "user", "content": question(calls, task)},
        ]
        for _ in range(calls + 1):
            reply = await client.chat.completions.create(
                model=MODEL, messages=messages, tools=_TOOLS
            )
            message = reply.choices[0].message
            messages.append(message.model_dump(exclude_none=True))
            for call in message.tool_calls or ():
                content = await _observe(call)
                messages.append({"role": "tool", "tool_call_id": call.id, "content": content})

    return do


def raw_constant(base_url: str) -> Answering:
    """Return the plain client that sends question, report and last observation only."""
    client = raw_client(base_url)

    async def do(calls: int, task: str) -> None:
        asked, report, last = question(calls, task), "", ""
        for _ in range(calls + 1):
            content = f"{asked}\n\nReport:\n{report}\n\nLast observation:\n{last}"
            reply = await client.chat.completions.create(
                model=MODEL,
                messages=[
                    {"role": "system", "content": _SYSTEM},
                    {"role": "user", "content": content},
                ],
                tools=_TOOLS,
            )
            message = reply.choices[0].message
            report = message.content or report
            for call in message.tool_calls or ():
                last = await _observe(call)

    return do


async def _observe(call: Any) -> str:
    return f"{json.loads(call.function.arguments)['n']}. {OBSERVATION}"


def raw_httpx(base_url: str) -> Answering:
    """Return httpx alone, without a client library, with the whole history."""
    client = httpx.AsyncClient(trust_env=False, timeout=60)

    async def do(calls: int, task: str) -> None:
        messages: list[Any] = [
            {"role": "system", "content": _SYSTEM},
            {"role": "user", "content": question(calls, task)},
        ]
        for _ in range(calls + 1):
            body = {"model": MODEL, "messages": messages, "tools": _TOOLS}
            reply = await client.post(f"{base_url}/chat/completions", json=body)
            message = reply.raise_for_status().json()["choices"][0]["message"]
            messages.append(message)
            for call in message.get("tool_calls") or ():
                n = json.loads(call["function"]["arguments"])["n"]
                content = f"{n}. {OBSERVATION}"
                messages.append({"role": "tool", "tool_call_id": call["id"], "content": content})

    return do


def sonde_agent(
    base_url: str,
    *,
    calls: int,
    memory: MemoryPolicy = MemoryPolicy.WORKSPACE,
    workspace_tokens: int = 16_000,
    **more: Any,
) -> Agent:
    """Return sonde's agent with the one tool, its files in a folder that goes with the process."""
    home = tempfile.mkdtemp(prefix="sonde-speed-")
    return Agent(
        f"openai:{MODEL}",
        base_url=base_url,
        tools=[step],
        memory=memory,
        workspace_tokens=workspace_tokens,
        budget=Budget(rounds=calls + 2),
        home=home,
        environ={},
        **more,
    )


def sonde_graph(base_url: str, calls: int) -> Answering:
    """Return sonde's graph without checkpoints."""
    graph = sonde_agent(base_url, calls=calls).graph
    limit = recursion_limit(calls + 2)

    async def do(calls: int, task: str) -> None:
        found: Any = await graph.ainvoke(  # pyright: ignore[reportUnknownMemberType] -- its overloads are open
            {"question": question(calls, task)}, {"recursion_limit": limit}
        )
        _check(found["answer"])

    return do


def sonde_run(base_url: str, calls: int) -> Answering:
    """Return sonde's agent as it is used: with checkpoints, journal and evidence store."""
    agent = sonde_agent(base_url, calls=calls)

    async def do(calls: int, task: str) -> None:
        _check((await agent.arun(question(calls, task))).answer)

    return do


def _check(answer: str | None) -> None:
    if answer != "done":
        raise RuntimeError(f"the task ended with {answer!r}, not 'done'")


def contestant(name: str, base_url: str, calls: int) -> Answering:
    """Return a contestant by name."""
    if name == "raw, append":
        return raw_append(base_url)
    if name == "raw, constant":
        return raw_constant(base_url)
    if name == "httpx, append":
        return raw_httpx(base_url)
    make = {"sonde": sonde_graph, "sonde, checkpoints": sonde_run}[name]
    return make(base_url, calls)


async def _measure(name: str, base_url: str, calls: int) -> dict[str, float]:
    do = contestant(name, base_url, calls)
    await do(2, "warm")
    cpu, wall = time.process_time(), time.perf_counter()
    await do(calls, "measured")
    return {
        "cpu_s": time.process_time() - cpu,
        "wall_s": time.perf_counter() - wall,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000,
    }


def main() -> None:
    """Do one task and print what it took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("name")
    options.add_argument("base_url")
    options.add_argument("calls", type=int)
    chosen = options.parse_args()
    figures = asyncio.run(_measure(chosen.name, chosen.base_url, chosen.calls))
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
