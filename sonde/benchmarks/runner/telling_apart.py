"""Telling agents of one run apart: by name, and by the files that equal settings name elsewhere."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ...records.errors import SetupError
from .agent_config import AgentConfig
from .contents import named_files

_MOST_LETTERS = 100


def told_apart(agents: Sequence[AgentConfig]) -> tuple[AgentConfig, ...]:
    """Return agents whose names and digests all differ.

    Agents of one name from files in different folders are named by their folders: `mini@one` and
    `mini@two`. Of agents whose settings are equal, but name files that stand elsewhere, each after
    the first has its name as its `variant`.

    Raises:
        SetupError: Two have one name and no folders that differ, or are the same in all they say.
    """
    named = _named_by_folder(agents)
    for name, alike in _grouped(named, lambda agent: agent.name).items():
        if len(alike) > 1:
            raise SetupError(f"two agents are named {name!r}; give one `name:` of its own")
    varied = {
        agent.name: agent
        for alike in _grouped(named, lambda agent: agent.sha256).values()
        for agent in _varied(alike)
    }
    return tuple(varied[agent.name] for agent in named)


def _grouped(
    agents: Iterable[AgentConfig], key: Callable[[AgentConfig], str]
) -> dict[str, list[AgentConfig]]:
    groups: dict[str, list[AgentConfig]] = defaultdict(list)
    for agent in agents:
        groups[key(agent)].append(agent)
    return groups


def _named_by_folder(agents: Sequence[AgentConfig]) -> list[AgentConfig]:
    groups = _grouped(agents, lambda agent: agent.name)
    return [_named(agent, groups[agent.name]) for agent in agents]


def _named(agent: AgentConfig, alike: Sequence[AgentConfig]) -> AgentConfig:
    """Return an agent under a name that holds its folder, where others have its name."""
    folders = [Path(each.folder).parts for each in alike if each.folder is not None]
    if agent.folder is None or len(alike) < 2 or len(set(folders)) < len(alike):
        return agent
    parts = Path(agent.folder).parts
    depth = next(
        depth
        for depth in range(1, max(map(len, folders)) + 1)
        if len({each[-depth:] for each in folders}) == len(folders)
    )
    place = re.sub(r"[^A-Za-z0-9._+=-]+", "-", "-".join(parts[-depth:])).strip("-")
    return agent.model_copy(update={"name": f"{agent.name}@{place}"[:_MOST_LETTERS]})


def _varied(alike: Sequence[AgentConfig]) -> list[AgentConfig]:
    """Return agents of equal settings with digests that differ."""
    known: dict[tuple[tuple[str, tuple[Path, ...]], ...], AgentConfig] = {}
    told: list[AgentConfig] = []
    for agent in alike:
        twin = known.setdefault(tuple(sorted(named_files(agent).items())), agent)
        if twin is not agent:
            raise SetupError(
                f"agents {twin.name!r} and {agent.name!r} are one configuration; to see how far "
                "one agent varies, give --epochs 2 or more"
            )
        told.append(agent.model_copy(update={"variant": agent.name}) if told else agent)
    return told
