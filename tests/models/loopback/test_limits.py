"""Agents of one process at one address: one limiter, and a limit to each call."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, cast

import httpx
import pytest

from sonde import Agent, Budget, tool
from sonde.models.endpoint import Endpoint, RetrySchedule
from sonde.models.openai_compatible import OpenAICompatible
from sonde.models.openai_connection import Connection
from sonde.models.redaction import Secret
from sonde.models.shared_endpoints import shared_endpoint
from sonde.records.errors import ModelUnreachable
from sonde.records.messages import ChatRequest, Message

if TYPE_CHECKING:
    from .conftest import Loopback

pytestmark = pytest.mark.loopback

REQUEST = ChatRequest(messages=(Message(role="user", content="ping"),), max_output_tokens=16)
TASKS = 8


class Crowd(TypedDict):
    """What the server saw at a time."""

    largest: int
    refusals: int


@tool
async def step(n: int) -> str:
    """Take the next sounding.

    Args:
        n: Its number.
    """
    return f"{n}. Rock."


@pytest.fixture
def two_agents(loopback: "Loopback", tmp_path: Path) -> Iterator[tuple[Agent, Agent, str]]:
    """Two agents at one address of their own, of which the endpoint waits little."""
    root = loopback.session().root
    endpoint = shared_endpoint(f"{root}/v1", Secret(""))
    endpoint.schedule = RetrySchedule(attempts=50, base_s=0.01, cap_s=0.05)
    first, second = (
        Agent(
            "openai:tiny",
            base_url=f"{root}/v1",
            tools=[step],
            budget=Budget(rounds=4),
            home=tmp_path / name,
            environ={},
        )
        for name in ("one", "two")
    )
    yield first, second, root


def play(root: str, *, most: int, delay_s: float) -> None:
    """Let the server play a model that serves so many requests at a time."""
    role = {"tool": "step", "report": "All rock.", "delay_s": delay_s, "most": most}
    with httpx.Client(trust_env=False, timeout=10) as client:
        client.put(f"{root}/role", json=role).raise_for_status()


def crowd(root: str) -> Crowd:
    """Return what the server saw at a time."""
    with httpx.Client(trust_env=False, timeout=10) as client:
        return cast(Crowd, client.get(f"{root}/log").raise_for_status().json()["crowd"])


async def ask_at_once(*agents: Agent) -> list[str]:
    """Ask each agent several questions, all at the same time; return the answers."""
    runs = [
        agent.arun(f"How deep? [[calls=2 task=a{number}t{task}]]")
        for number, agent in enumerate(agents)
        for task in range(TASKS)
    ]
    results = await asyncio.gather(*runs)
    for agent in agents:
        await agent.aclose()
    return [result.answer or "" for result in results]


def test_two_agents_keep_one_limit_between_them(two_agents: tuple[Agent, Agent, str]) -> None:
    first, second, root = two_agents
    play(root, most=3, delay_s=0.01)
    limiter = shared_endpoint(f"{root}/v1", Secret("")).limiter
    limiter.hold_to(3)

    answers = asyncio.run(ask_at_once(first, second))

    assert all("done" in answer for answer in answers)
    assert crowd(root) == {"largest": 3, "refusals": 0}


def test_in_a_storm_of_refusals_two_agents_come_down_together(
    two_agents: tuple[Agent, Agent, str],
) -> None:
    first, second, root = two_agents
    play(root, most=2, delay_s=0.02)
    limiter = shared_endpoint(f"{root}/v1", Secret("")).limiter

    answers = asyncio.run(ask_at_once(first, second))

    seen = crowd(root)
    assert all("done" in answer for answer in answers)
    assert seen["largest"] == 2
    assert seen["refusals"] > 0
    assert limiter.limit < 2 * TASKS
    assert limiter.in_flight == 0


def stalling(root: str, *steps: dict[str, object]) -> OpenAICompatible:
    """Return a model by the real clock whose server does these steps."""
    with httpx.Client(trust_env=False, timeout=10) as client:
        client.put(f"{root}/script", json=list(steps)).raise_for_status()
    connection = Connection(base_url=f"{root}/v1", key=Secret(""), is_direct=True)
    return OpenAICompatible("tiny", connection=connection, endpoint=Endpoint()).within(0.2)


OUT_OF_TIME = r"no whole reply within 0\.2 s, the limit of one call .*call_timeout_s.*; raise"


def test_a_call_that_stalls_ends_at_its_limit(loopback: "Loopback") -> None:
    model = stalling(loopback.session().root, {"do": "stall"})

    async def ask() -> None:
        async with asyncio.timeout(8):
            with pytest.raises(ModelUnreachable, match=OUT_OF_TIME):
                await model.complete(REQUEST)
        await model.aclose()

    asyncio.run(ask())


def test_a_stream_that_stalls_ends_at_its_limit(loopback: "Loopback") -> None:
    model = stalling(loopback.session().root, {"do": "stall"})

    async def ask() -> None:
        async with asyncio.timeout(8):
            with pytest.raises(ModelUnreachable, match=OUT_OF_TIME):
                async with aclosing(model.stream(REQUEST)) as pieces:
                    async for _ in pieces:
                        pass
        await model.aclose()

    asyncio.run(ask())


def test_a_dead_server_is_waited_for_once(loopback: "Loopback", tmp_path: Path) -> None:
    root = loopback.session().root
    with httpx.Client(trust_env=False, timeout=10) as client:
        client.put(f"{root}/script", json=[{"do": "stall"}] * 3).raise_for_status()
    agent = Agent(
        "openai:tiny", base_url=f"{root}/v1", call_timeout_s=0.2, home=tmp_path, environ={}
    )
    result = agent.run("How deep?")
    with httpx.Client(trust_env=False, timeout=10) as client:
        asked = client.get(f"{root}/log").raise_for_status().json()["requests"]
    assert (result.stop_reason, result.stop_detail) == ("provider_error", "unreachable")
    assert len(asked) == 1
    (told,) = result.warnings
    assert "no whole reply within 0.2 s" in told


def test_the_limit_of_a_call_leaves_good_calls_alone(loopback: "Loopback") -> None:
    model = stalling(loopback.session().root, {"do": "ok", "text": "deep"}).within(30)

    async def ask() -> str:
        reply = await model.complete(REQUEST)
        await model.aclose()
        return reply.text

    assert asyncio.run(ask()) == "deep"
