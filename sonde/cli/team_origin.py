"""From a request to a team."""

from collections.abc import Mapping

from ..agents.team.team import Team
from ..agents.team.team_file import open_team
from ..records.errors import SetupError
from .origin import budget_of
from .request import Request


def team_of(request: Request, environ: Mapping[str, str]) -> Team:
    """Return the team that a request names.

    Raises:
        SetupError: The request names no team, the team cannot be opened, or the request gives what
            each member has of its own.
    """
    wanted = request.team
    if wanted is None:
        raise SetupError("no team is named; give --team FILE.yaml")
    if request.corpus or request.model is not None or request.base_url is not None:
        raise SetupError(
            "--corpus, -f, -m and --base-url are for one agent; write them for each member into "
            f"{str(wanted.file)!r}"
        )
    return open_team(
        wanted.file,
        gate=wanted.gate,
        budget=budget_of(request.limits),
        message_budget=wanted.message_budget,
        environ=environ,
    )
