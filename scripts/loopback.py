"""The tests' loopback server for the scripts that measure: started, given a role, asked for bills.

Its processor time is its own: it runs in a process beside the one that is measured.
"""

import json
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import httpx

_LONGEST_TASK_S = 600
_SERVER = Path(__file__).resolve().parents[1] / "tests/models/loopback/server.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What one task, or several, sent, as the server counted it."""

    requests: int
    prompt: int
    cached: int
    largest: int

    def cost(self, cached_price: float) -> float:
        """Return the price in uncached tokens, where a cached one costs this share."""
        return self.prompt - self.cached + cached_price * self.cached


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one task took."""

    cpu_ms: float
    """CPU milliseconds a request, of the contestant's process alone."""
    peak_mb: float
    """Peak memory of that process."""
    bill: Bill
    """What it sent."""


class TaskTold(TypedDict):
    """What the server counted of one task."""

    requests: int
    prompt: int
    cached: int
    largest: int
    prompts: list[int]


class Crowd(TypedDict):
    """How many requests the server had at a time at most, and how many it refused."""

    largest: int
    refusals: int


class Told(TypedDict):
    """What the server counted of a session."""

    tasks: dict[str, TaskTold]
    crowd: Crowd


class Session:
    """A session of the server that plays an agent's model."""

    def __init__(
        self, root: str, *, report: str = "", delay_s: float = 0.0, most: int | None = None
    ) -> None:
        """Give the session its role.

        Args:
            root: Its address.
            report: Written in every round.
            delay_s: Wait before each reply.
            most: Beyond so many requests at a time it refuses; None is no limit.
        """
        self._root = root
        self.base_url = f"{root}/v1"
        role = {"tool": "step", "report": report, "delay_s": delay_s}
        role |= {} if most is None else {"most": most}
        with httpx.Client(trust_env=False, timeout=30) as client:
            client.put(f"{root}/role", json=role).raise_for_status()

    def told(self) -> Told:
        """Return everything that the server counted."""
        with httpx.Client(trust_env=False, timeout=30) as client:
            return client.get(f"{self._root}/log").raise_for_status().json()

    def bill(self, *tasks: str) -> Bill:
        """Return what these tasks sent together; all of them where none is named."""
        told = self.told()["tasks"]
        bills = [bill for task, bill in told.items() if not tasks or task in tasks]
        return Bill(
            requests=sum(bill["requests"] for bill in bills),
            prompt=sum(bill["prompt"] for bill in bills),
            cached=sum(bill["cached"] for bill in bills),
            largest=max((bill["largest"] for bill in bills), default=0),
        )


class Server:
    """The address of a server that runs."""

    def __init__(self, port: int) -> None:
        self._root = f"http://127.0.0.1:{port}/s"
        self._opened = 0

    def session(
        self, *, report: str = "", delay_s: float = 0.0, most: int | None = None
    ) -> Session:
        """Return a new session."""
        self._opened += 1
        root = f"{self._root}/{self._opened}"
        return Session(root, report=report, delay_s=delay_s, most=most)


@contextmanager
def loopback_server(*, seconds: int = 3_600) -> Generator[Server]:
    """Run the server for at most so long."""
    command = [sys.executable, str(_SERVER), "--seconds", str(seconds), "--requests", "1000000"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdout is None:
            raise RuntimeError("the server has no output to tell its port on")
        try:
            yield Server(json.loads(process.stdout.readline())["port"])
        finally:
            process.communicate(timeout=10)


def measured(command: Sequence[str | Path], name: str, *, session: Session, calls: int) -> Figures:
    """Return what a contestant took for one task, in a process of its own.

    Args:
        command: Its script, after an interpreter where it is not to be this one.
        name: The contestant, as the script knows it.
        session: Where it sends its requests.
        calls: Tool calls before the answer.

    Raises:
        RuntimeError: It failed; its last words are told.
    """
    before = [sys.executable] if len(command) == 1 else []
    whole = [*before, *map(str, command), name, session.base_url, str(calls)]
    child = subprocess.run(whole, capture_output=True, text=True, timeout=_LONGEST_TASK_S)
    if child.returncode:
        raise RuntimeError(f"{name} failed: {child.stderr[-800:]}")
    took = json.loads(child.stdout)
    bill = session.bill("measured")
    return Figures(cpu_ms=1_000 * took["cpu_s"] / bill.requests, peak_mb=took["peak_mb"], bill=bill)
