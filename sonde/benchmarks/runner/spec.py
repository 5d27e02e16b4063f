"""What is to be attempted: one agent, one task, one repetition."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from ...records.errors import SetupError


class Key(NamedTuple):
    """Names an attempt within a run; a task that was done under it is not done again."""

    agent_sha256: str
    """Configuration of the agent."""
    task_id: str
    """The task."""
    epoch: int
    """Number of the repetition, from 1."""


class AttemptSpec(NamedTuple):
    """One attempt that is to be made."""

    key: Key
    """What it is an attempt at."""
    retry: int = 0
    """How many attempts at the same were made before."""

    @property
    def attempt_id(self) -> str:
        """A name that no other attempt of the run has."""
        task = hashlib.sha256(self.key.task_id.encode()).hexdigest()[:12]
        return f"{self.key.agent_sha256[:8]}-{task}-{self.key.epoch}-{self.retry}"


class Shard(NamedTuple):
    """One of several parts of a run that never overlap."""

    number: int
    """Its number, from 1."""
    of: int
    """How many there are."""

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Return the shard that a person writes as `2/8`.

        Raises:
            SetupError: It is no shard.
        """
        number, _, of = text.partition("/")
        if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
            raise SetupError(f"{text!r} is no shard; write 1/4, 2/4, 3/4 and 4/4 for four parts")
        return cls(int(number), int(of))

    @property
    def name(self) -> str:
        """Its name in file names."""
        return f"shard-{self.number}-of-{self.of}"

    def has(self, key: Key) -> bool:
        """Return whether an attempt belongs to it; repetitions of a task stay together."""
        digest = hashlib.sha256(key.task_id.encode()).digest()
        return int.from_bytes(digest[:8], "big") % self.of == self.number - 1


def all_keys(agents: Iterable[str], task_ids: Iterable[str], epochs: int) -> list[Key]:
    """Return the keys of a whole run: all agents on a task, then the next, then once more."""
    tasks, names = list(task_ids), list(agents)
    return [
        Key(agent, task, epoch)
        for epoch in range(1, epochs + 1)
        for task in tasks
        for agent in names
    ]
