"""The manifest of a benchmark run: what is to be run, and what its figures belong to."""

import os
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, computed_field

from ... import __version__
from ...records.errors import SetupError
from .agent_config import AgentConfig
from .contents import check_contents
from .spec import Key, all_keys

MANIFEST = "bench.json"
"""Name of the file."""


class TaskEntry(BaseModel):
    """A task as the manifest knows it; what is asked stands in the suite."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    """Its id."""
    level: str | None = None
    """Its level."""
    cluster: str | None = None
    """Its cluster."""


class SuiteEntry(BaseModel):
    """Which suite is run."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    ref: str
    """Its name, or the absolute path that it was read from; `resume` reads it again."""
    seed: int | None = None
    """Seed that it was made from, where one was given."""
    size: int | None = None
    """Size that it was made with, where one was given."""
    name: str
    """Its name, for people."""
    sha256: str
    """Its content."""
    scorer: str
    """Name of the scorer."""
    tasks: tuple[TaskEntry, ...]
    """The tasks that are run, in order."""


class Manifest(BaseModel):
    """Everything about a benchmark run but its attempts."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    format: Literal[1] = 1
    """Version of this file."""
    bench_id: str
    """Id of the run."""
    created_at: datetime
    """When it began, by UTC."""
    sonde: str = __version__
    """Version that began it."""
    suite: SuiteEntry
    """What is asked."""
    agents: tuple[AgentConfig, ...]
    """Who is asked, under the limits of this run."""
    contents_sha256: dict[str, dict[str, str]] = {}
    """What the agents' files hold, by the agent's digest and the setting that names the files."""
    epochs: int = 1
    """Repetitions of each task."""
    seed: int | None = None
    """Seed of the run."""
    max_conn: int = 16
    """Attempts at a time."""
    max_usd: float | None = None
    """Most dollars of the whole run."""
    max_tokens: int | None = None
    """Most tokens of the whole run."""
    human_usd: float | None = None
    """What a person would ask for a task."""
    price_book: str | None = None
    """Id of the price book; None where no model is paid."""
    warnings: tuple[str, ...] = ()
    """What a reader of the figures should know."""

    @computed_field
    @property
    def agent_sha256s(self) -> tuple[str, ...]:
        """Digests of the agents, in their order; written down for whoever reads the file."""
        return tuple(agent.sha256 for agent in self.agents)

    @property
    def keys(self) -> list[Key]:
        """All attempts of the run."""
        agents = [agent.sha256 for agent in self.agents]
        return all_keys(agents, [task.id for task in self.suite.tasks], self.epochs)

    def agent(self, sha256: str) -> AgentConfig:
        """Return the agent of a digest.

        Raises:
            KeyError: It is none of this run's.
        """
        for agent in self.agents:
            if agent.sha256 == sha256:
                return agent
        raise KeyError(sha256)


def new_bench_id(now: datetime | None = None) -> str:
    """Return an id that sorts by time."""
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%d-%H%M%S")
    return f"{stamp}-{secrets.token_hex(3)}"


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a run's folder.

    Raises:
        SetupError: There is none, or this version cannot read it.
    """
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError as err:
        raise SetupError(
            f"{folder} holds no benchmark run; begin one: sonde bench run SUITE --agent NAME "
            f"--out {folder}"
        ) from err
    except OSError as err:
        raise SetupError(f"cannot read {path}: {err.strerror or err}") from err
    except ValidationError as err:
        first = err.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise SetupError(f"{path} cannot be read by this version: {where}: {first['msg']}") from err


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest into a run's folder, whole or not at all.

    Raises:
        SetupError: It cannot be written.
    """
    path = folder / MANIFEST
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_text(manifest.model_dump_json(indent=1, exclude_none=True) + "\n", "utf-8")
        beside.replace(path)
    except OSError as err:
        raise SetupError(
            f"cannot write {path}: {err.strerror or err}; name another folder with --out"
        ) from err


def continued(found: Manifest, wanted: Manifest, *, folder: Path | str) -> Manifest:
    """Return the manifest of a run that is begun again: more epochs, tasks or agents are added.

    Raises:
        SetupError: The folder holds another suite, an agent of the same name that differs, or one
            whose files have changed.
    """
    if found.suite.sha256 != wanted.suite.sha256:
        raise SetupError(
            f"{folder} holds a run of another suite ({found.suite.name}, content "
            f"{found.suite.sha256[:8]}, not {wanted.suite.sha256[:8]}); give another --out"
        )
    before = {agent.name: agent for agent in found.agents}
    for agent in wanted.agents:
        old = before.get(agent.name)
        if old is not None and old.sha256 != agent.sha256:
            raise SetupError(
                f"{folder} holds an agent {agent.name!r} of another configuration or other limits; "
                "give another --out, or the agent another name"
            )
    known = {agent.sha256: agent for agent in found.agents}
    for sha256 in known.keys() & found.contents_sha256.keys() & wanted.contents_sha256.keys():
        check_contents(
            known[sha256].name,
            found.contents_sha256[sha256],
            wanted.contents_sha256[sha256],
            folder=folder,
        )
    given = {agent.sha256: agent for agent in wanted.agents}
    kept = [
        given.get(old.sha256, old).model_copy(update={"name": old.name}) for old in found.agents
    ]  # where the same files stand elsewhere now, they are read there
    new = [agent for agent in wanted.agents if agent.sha256 not in known]
    entry = found.suite.model_copy(
        update={"tasks": _united(found.suite.tasks, wanted.suite.tasks), "ref": wanted.suite.ref}
    )
    return found.model_copy(
        update={
            "suite": entry,
            "agents": (*kept, *new),
            "contents_sha256": {**wanted.contents_sha256, **found.contents_sha256},
            "epochs": max(found.epochs, wanted.epochs),
            "max_conn": wanted.max_conn,
            "max_usd": wanted.max_usd,
            "max_tokens": wanted.max_tokens,
            "human_usd": found.human_usd if wanted.human_usd is None else wanted.human_usd,
            "price_book": found.price_book or wanted.price_book,
        }
    )


def _united(one: Sequence[TaskEntry], other: Sequence[TaskEntry]) -> tuple[TaskEntry, ...]:
    """Return all tasks of two lists of one suite, in the order of the longer one."""
    longer, shorter = sorted((one, other), key=len, reverse=True)
    known = {task.id for task in longer}
    return (*longer, *(task for task in shorter if task.id not in known))
