"""From an agent's name, as a person writes it, to its configuration: a YAML file, or a built-in."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import yaml
from pydantic import ValidationError

from ...memory.policy import MemoryPolicy
from ...records.errors import SetupError
from .agent_config import EXACT_OF_TASK, AgentConfig
from .telling_apart import told_apart

_ENDINGS = (".yaml", ".yml", ".json")


def built_in_agents(*, model: str | None, base_url: str | None) -> Mapping[str, AgentConfig]:
    """Return the agents that need no file, by name.

    Args:
        model: The model that those with a model ask; None leaves them out.
        base_url: Its address.
    """
    agents = {
        "extractive": AgentConfig(name="extractive"),
        EXACT_OF_TASK: AgentConfig(name=EXACT_OF_TASK, model=EXACT_OF_TASK),
    }
    if model is not None:
        for name, memory in _OF_MODELS.items():
            agents[name] = AgentConfig(name=name, model=model, base_url=base_url, memory=memory)
    return agents


_OF_MODELS = {
    "workspace": MemoryPolicy.WORKSPACE,
    "react": MemoryPolicy.APPEND,
    "resum": MemoryPolicy.SUMMARIZE,
    "auto": MemoryPolicy.AUTO,
}


def read_agents(
    names: Sequence[str], *, model: str | None = None, base_url: str | None = None
) -> tuple[AgentConfig, ...]:
    """Return the configurations of several agents, each told from all others.

    Files of one name in different folders are named by their folders: `mini@one`, `mini@two`.

    Args:
        names: Names of built-in agents and YAML files; several may stand in one, with commas.
        model: The model of built-in agents that ask one.
        base_url: Its address.

    Raises:
        SetupError: One is not known or cannot be read, or two are the same.
    """
    given = [part.strip() for name in names for part in name.split(",") if part.strip()]
    known = built_in_agents(model=model, base_url=base_url)
    agents = [_agent(name, known) for name in given]
    if not agents:
        raise SetupError("no agent to run; name one: --agent extractive, or --agent FILE.yaml")
    return told_apart(agents)


def read_agent_file(path: Path) -> AgentConfig:
    """Return the configuration that a YAML file holds.

    Raises:
        SetupError: The file cannot be read; the message names the field and the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content: object = yaml.safe_load(text)
    except OSError as err:
        raise SetupError(f"cannot read the agent {path}: {err.strerror or err}") from err
    except UnicodeDecodeError as err:
        raise SetupError(f"the agent {path} is no UTF-8 text: {err}") from err
    except yaml.YAMLError as err:
        raise SetupError(f"the agent {path} is no YAML: {_where(err)}") from err
    if not isinstance(content, dict):
        raise SetupError(f"the agent {path} must be a list of `name: value`, such as `model: NAME`")
    place: dict[object, object] = {"name": path.stem, "folder": str(path.parent.absolute())}
    given = {**place, **cast(dict[object, object], content)}
    if isinstance(given.get("team"), dict):
        given["team"] = _with_members(cast(dict[object, object], given["team"]), path.parent)
    try:
        return AgentConfig.model_validate(given)
    except ValidationError as err:
        raise SetupError(f"the agent {path}: {_complaints(err)}") from err


def _with_members(team: dict[object, object], folder: Path) -> dict[object, object]:
    """Return a team whose members that are named by their files are read."""
    members = team.get("members")
    if not isinstance(members, list):
        return team
    read = [
        read_agent_file(folder / each).model_dump(exclude_defaults=True)
        if isinstance(each, str)
        else each
        for each in cast(list[object], members)
    ]
    return {**team, "members": read}


def _agent(name: str, known: Mapping[str, AgentConfig]) -> AgentConfig:
    if name in known:
        return known[name]
    path = Path(name).expanduser()
    if path.suffix.lower() in _ENDINGS or path.is_file():
        return read_agent_file(path)
    if name in _OF_MODELS:
        raise SetupError(f"the agent {name!r} asks a model; name it: --model NAME")
    there = ", ".join(("extractive", EXACT_OF_TASK, *_OF_MODELS))
    raise SetupError(f"no agent {name!r}; there are {there}, or give a YAML file")


def _where(err: yaml.YAMLError) -> str:
    if isinstance(err, yaml.MarkedYAMLError) and err.problem_mark is not None:
        return f"line {err.problem_mark.line + 1}: {err.problem}"
    return str(err)


def _complaints(err: ValidationError) -> str:
    """Return what is wrong, field by field."""
    told: list[str] = []
    for each in err.errors():
        field = ".".join(str(part) for part in each["loc"])
        message = each["msg"].removeprefix("Value error, ")
        if each["type"] == "extra_forbidden":
            known = BUDGET_FIELDS if field.startswith("budget.") else FIELDS
            message = f"is not known; known are {', '.join(known)}"
        told.append(f"{field}: {message}" if field else message)
    return "; ".join(told)


FIELDS = tuple(AgentConfig.model_fields)
"""Names that may stand in an agent's file."""
BUDGET_FIELDS = ("usd", "tokens", "rounds", "seconds", "calls")
"""Names that may stand under `budget`."""
