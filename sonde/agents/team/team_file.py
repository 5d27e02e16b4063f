"""A team as a YAML file: members with corpora and models of their own, a decider, a gate."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ...costs.budget import Budget
from ...records.belief import BeliefName
from ...records.errors import SetupError
from ..agent import Agent
from .agent_member import Member
from .gate_choice import GATES
from .settings import DEFAULT_ROUNDS
from .team import CHECK_SHARE, Team

_Count = Annotated[int, Field(ge=1)]
_NO_SETTINGS = "settings are wanted here, such as name: sea"


def _listed(value: object) -> object:
    """Take one text for a list of one."""
    return [value] if isinstance(value, str) else value


class _Limits(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    usd: Annotated[float, Field(ge=0)] | None = None
    tokens: _Count | None = None
    rounds: _Count | None = None
    seconds: Annotated[float, Field(gt=0)] | None = None
    calls: _Count | None = None


class MemberFile(BaseModel):
    """One member."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    """What it is called."""
    role: str | None = None
    """What it is in the team; its name by default."""
    profile: str | None = None
    """What it knows about, in words."""
    corpus: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    """Files and folders, from the file's folder."""
    model: str | None = None
    """Name of a model; none is the reader that needs no model."""
    base_url: str | None = None
    """Address of the model's server; else the usual one."""
    belief: BeliefName = "stated"
    """Where its model's probabilities of possible answers come from."""
    budget: _Limits = _Limits()
    """Limits of each call of this member."""
    workspace_tokens: Annotated[int, Field(ge=1)] = 16_000
    """Most tokens of each of its prompts."""
    seed: int | None = None
    """Sampling seed that is sent to its model; None sends none."""


class TeamFile(BaseModel):
    """A team."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    members: Annotated[tuple[MemberFile, ...], Field(min_length=1)]
    """Its members, one at least."""
    decider: str | None = None
    """Name of the member whose answer is the team's; the first by default."""
    gate: str | None = None
    """`novelty`, `open`, `hand`, `chain`, `star`, or a gate.json, from the file's folder."""
    rounds: _Count = DEFAULT_ROUNDS
    """Rounds of messages; as many again may follow where the decider is not sure."""
    message_budget: _Count | None = None
    """Most claims of a message."""
    check_share: Annotated[float, Field(ge=0, le=1)] = CHECK_SHARE
    """Share of the runs under a learned gate that are played fully open as well."""
    budget: _Limits = _Limits()
    """Limits of each run, over all members."""


def read_team_file(path: Path) -> TeamFile:
    """Read a team from its file.

    Raises:
        SetupError: There is no such file, or it is none of a team; the message says where.
    """
    try:
        content: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as err:
        raise SetupError(f"cannot read the team {str(path)!r}: {err.strerror or err}") from err
    except UnicodeDecodeError as err:
        raise SetupError(f"{str(path)!r} is no team: it is no text") from err
    except yaml.YAMLError as err:
        raise SetupError(f"{str(path)!r} is no YAML: {' '.join(str(err).split())}") from err
    try:
        return TeamFile.model_validate(content)
    except ValidationError as err:
        first = err.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        what = _NO_SETTINGS if first["type"] == "model_type" else first["msg"]
        raise SetupError(f"{str(path)!r} is no team: {where}: {what}") from err


def open_team(
    path: Path,
    *,
    gate: str | None = None,
    budget: Budget | None = None,
    message_budget: int | None = None,
    home: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Team:
    """Return the team of a file.

    Args:
        path: The file.
        gate: Another gate than the file's.
        budget: Limits over those of the file.
        message_budget: Most claims of a message, over the file's.
        home: Where runs stand; default SONDE_HOME or the platform's folder.
        environ: Environment; the process's own by default.

    Raises:
        SetupError: The file or something that it names cannot be used.
    """
    file = read_team_file(path)
    folder = path.expanduser().resolve().parent
    members = [_member(each, folder, home, environ) for each in file.members]
    named = gate if gate is not None else _gate(file.gate, folder)
    return Team(
        members,
        decider=file.decider or 0,
        gate=named,
        rounds=file.rounds,
        budget=_budget(file.budget).widened(budget or Budget()),
        message_budget=message_budget or file.message_budget,
        check_share=file.check_share,
        home=home,
        environ=environ,
    )


def _member(
    file: MemberFile, folder: Path, home: Path | None, environ: Mapping[str, str] | None
) -> Member:
    agent = Agent(
        file.model,
        corpus=[folder / Path(each).expanduser() for each in file.corpus] or None,
        budget=_budget(file.budget),
        base_url=file.base_url,
        belief=file.belief,
        workspace_tokens=file.workspace_tokens,
        seed=file.seed,
        home=home,
        environ=environ,
    )
    return Member(file.name, agent, role=file.role, profile=file.profile)


def _gate(name: str | None, folder: Path) -> str | Path | None:
    return name if name is None or name in GATES else folder / Path(name).expanduser()


def _budget(limits: _Limits) -> Budget:
    return replace(Budget(), **limits.model_dump())
