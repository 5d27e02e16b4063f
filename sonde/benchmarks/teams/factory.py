"""A team as an agent of a benchmark run: `factory: sonde.benchmarks.teams.factory:team_agent`."""

from pathlib import Path

from ...agents.team.team import Team
from ...agents.team.team_file import open_team
from ...records.errors import SetupError
from ..runner.workbench import AgentOrder


def team_agent(order: AgentOrder) -> Team:
    """Return the team that an agent's settings name: `team`, and perhaps another `gate`.

    Raises:
        SetupError: The settings name no team, or it cannot be opened.
    """
    settings = order.config.settings
    name, gate = settings.get("team"), settings.get("gate")
    if not isinstance(name, str):
        raise SetupError("a team's agent file names its team: settings: {team: FILE.yaml}")
    folder = Path(order.config.folder or ".")
    budget = order.config.budget.as_budget()
    return open_team(
        folder / name,
        gate=_gate(folder, gate) if isinstance(gate, str) else None,
        budget=budget,
        home=order.home,
    )


def _gate(folder: Path, name: str) -> str:
    return str(folder / name) if name.endswith(".json") else name
