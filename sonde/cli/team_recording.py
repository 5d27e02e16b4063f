"""`team record`: runs of a team, written down to learn from."""

import asyncio
import time
from pathlib import Path

from ..agents.team.team import Team
from ..benchmarks.suites.suite import Suite, Task
from ..benchmarks.teams.playing import play
from ..benchmarks.teams.recording import RecordingHead, add_run, new_recording
from .figures import count
from .screen import say
from .team_opening import Spending, chosen_tasks, open_played


def record_team(
    *,
    suite_name: str,
    size: int,
    team: Path | None,
    gate: str,
    output: Path | None,
    yes: bool,
    quiet: bool,
) -> None:
    """Play tasks under a gate and write the recording.

    Raises:
        SetupError: Team, gate or file cannot be used.
        SuiteError: There is no such suite.
    """
    played = open_played(suite_name, team)
    playing = played.team.with_gate(gate)
    tasks = chosen_tasks(played.suite, size, without=())
    head = RecordingHead(
        suite=suite_name,
        team=None if team is None else str(team),
        suite_sha256=played.suite.content_sha256,
        team_hash=playing.hash,
        gate=playing.settings.gate.name,
    )
    file = new_recording(playing.home, head, path=output)
    spending = Spending(len(tasks), len(tasks), quiet, time.monotonic, yes)
    right, runs = asyncio.run(_record(playing, played.suite, tasks, file, spending))
    say(f"recorded {count(runs, 'run')}, {right} answered right: {file}")
    say("learn from it with: sonde gate fit" + ("" if output is None else f" {output}"))


async def _record(
    team: Team, suite: Suite, tasks: list[Task], file: Path, spending: Spending
) -> tuple[int, int]:
    right = runs = 0
    try:
        async for each in play(team, suite, tasks):
            add_run(file, each)
            runs += 1
            right += each.is_right is not False
            spending.note(each.result.cost_usd)
    finally:
        await team.aclose()
    return right, runs
