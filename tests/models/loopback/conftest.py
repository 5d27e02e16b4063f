"""One loopback server for all tests of this folder, in a process of its own."""

import asyncio
import itertools
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sonde.models.endpoint import Attempt, Endpoint, RetrySchedule
from sonde.models.openai_compatible import OpenAICompatible
from sonde.models.openai_connection import Connection
from sonde.models.redaction import Secret
from sonde.records.json_types import JsonObject

KEY = "sk-test-0123456789abcdefghij"


class Clock:
    """A clock that runs only while somebody sleeps by it."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.waits_s: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    async def sleep(self, wait_s: float) -> None:
        """Let the time pass at once."""
        self.waits_s.append(wait_s)
        self.now_s += wait_s
        await asyncio.sleep(0)


class Session:
    """A model that talks to the server under one script, with what came of it."""

    def __init__(self, root: str, *, schedule: RetrySchedule, read_s: float = 10.0) -> None:
        self.root = root
        self.clock = Clock()
        self.attempts: list[Attempt] = []
        self.endpoint = Endpoint(
            schedule=schedule, clock=self.clock, sleep=self.clock.sleep, rng=random.Random(7)
        )
        self._read_s = read_s
        self.model = self.connect_to(f"{root}/v1")

    def connect_to(self, base_url: str) -> OpenAICompatible:
        """Return a model at an address, under this session's schedule and clock."""
        return OpenAICompatible(
            "tiny",
            connection=Connection(
                base_url=base_url, key=Secret(KEY), read_s=self._read_s, is_direct=True
            ),
            endpoint=self.endpoint,
            count_tokens=len,
            on_attempt=self.attempts.append,
        )

    def script(self, *steps: JsonObject) -> None:
        """Say how the next requests are answered."""
        with httpx.Client(trust_env=False, timeout=10) as client:
            client.put(f"{self.root}/script", json=list(steps)).raise_for_status()

    def requests(self) -> list[dict[str, object]]:
        """Return the requests that the server counted."""
        with httpx.Client(trust_env=False, timeout=10) as client:
            logged = client.get(f"{self.root}/log").raise_for_status().json()
        return logged["requests"]


class Loopback:
    """The server's address; opens sessions."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._names = itertools.count(1)

    def session(self, *, read_s: float = 10.0, total_s: float = 100.0) -> Session:
        """Return a new session with a script of its own."""
        root = f"http://127.0.0.1:{self._port}/s/{next(self._names)}"
        schedule = RetrySchedule(attempts=3, total_s=total_s)
        return Session(root, schedule=schedule, read_s=read_s)


@pytest.fixture(scope="session")
def loopback() -> Iterator[Loopback]:
    """Start the server; it ends when its standard input closes, or by itself."""
    script = Path(__file__).with_name("server.py")
    with subprocess.Popen(
        [sys.executable, str(script), "--seconds", "300", "--requests", "3000"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        yield Loopback(json.loads(server.stdout.readline())["port"])
        server.communicate(timeout=10)
