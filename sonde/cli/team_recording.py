"""`team record`: runs of a team, written down to learn from."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from ..agents.team.team import Team
from ..benchmarks.suites.suite import Suite, Task
from ..benchmarks.teams.playing import play
from ..benchmarks.teams.recording import RecordedRun, RecordingHead, add_run, new_recording
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
    spending = Spending(
        len(tasks), len(tasks), quiet, time.monotonic, "what was played is kept", yes
    )
    runs = asyncio.run(_record(playing, played.suite, tasks, file, spending))
    say(f"recorded {count(len(runs), 'run')}, {_lessons(runs)}: {file}")
    say("learn from it with: sonde gate fit" + ("" if output is None else f" {output}"))


async def _record(
    team: Team, suite: Suite, tasks: list[Task], file: Path, spending: Spending
) -> list[RecordedRun]:
    runs: list[RecordedRun] = []
    try:
        async for each in play(team, suite, tasks):
            runs.append(add_run(file, each))
            spending.note(each.result.cost_usd)
    finally:
        await team.aclose()
    return runs


def _lessons(runs: Sequence[RecordedRun]) -> str:
    """Return in words how many runs there is something to learn from."""
    told = [run for run in runs if run.is_right is not None]
    withheld = [run for run in runs if run.is_right is None]
    parts = [f"{sum(run.is_lesson for run in told)} answered right"] if told else []
    if withheld:
        parts.append(f"{sum(run.is_lesson for run in withheld)} answered (the truth is withheld)")
    return ", ".join(parts)
