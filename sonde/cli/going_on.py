"""How to go on with a stored run that came to no end, in words."""

from ..records.events import RunStarted

MADE_BY = "sonde ask"
"""What the origin of a run names, where the command line began it."""


def way_on(started: RunStarted) -> str:
    """Return what to do with a run that has not ended: the command, or the call in Python."""
    if "team" in started.settings:
        return "a team cannot go on with a run, so ask again"
    origin = started.settings.get("origin")
    if isinstance(origin, dict) and origin.get("made_by") == MADE_BY:
        return f"go on with: sonde resume {started.run_id}"
    return f"go on with it from Python, where it began: agent.resume({started.run_id!r})"
