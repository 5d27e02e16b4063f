"""`gate fit` and `gate calibrate`: from recorded runs to a gate that keeps a promise."""

import asyncio
import os
import shlex
import time
from pathlib import Path

from ..agents.team.gate_file import GateFile, gate_text, read_gate
from ..agents.team.team import Team
from ..agents.team.training import learn_gate
from ..benchmarks.suites.suite import Suite, Task
from ..benchmarks.teams.calibrating import NOVELTY_TASKS, Pair, calibrated, play_pairs
from ..benchmarks.teams.recording import (
    latest_recording,
    read_recording,
    recorded_tasks,
    traces_of,
)
from ..memory.home import Home
from ..policies.gating.risk import TooFewTasks, allowed_losses
from ..records.errors import SetupError
from .figures import count, percent, seconds
from .gate_words import gate_in_words, who_goes_back
from .screen import check_can_write, say, write_file, write_out
from .team_opening import Spending, chosen_tasks, open_played


def fit_gate_file(recording: Path | None, *, output: Path, quiet: bool) -> None:
    """Fit a gate to a recording and write it.

    Raises:
        SetupError: There is no recording, or nothing can be learned from it.
    """
    check_can_write(output)
    home = Home.of(os.environ)
    read = read_recording(recording) if recording is not None else latest_recording(home)
    start = time.monotonic()
    traces = list(traces_of(read, home))
    read_s = time.monotonic() - start
    lesson = learn_gate(traces)
    write_file(output, gate_text(lesson.file))
    if not quiet:
        say(
            f"read {count(len(traces), 'run')} of {read.head.suite} in {seconds(read_s)}: "
            f"{count(lesson.needed, 'message')} of {lesson.messages:,} carried a right answer; "
            f"fitted in {seconds(time.monotonic() - start - read_s)}"
        )
    say(f"written to {output}; nothing is promised of it yet")
    team = "" if read.head.team is None else f" --team {shlex.quote(read.head.team)}"
    named = f"{shlex.quote(str(output))} --tasks {shlex.quote(read.head.suite)}{team}"
    say(f"calibrate it with: sonde gate calibrate {named}")


def calibrate_gate_file(
    gate: Path,
    *,
    suite_name: str,
    size: int,
    alpha: float,
    team: Path | None,
    yes: bool,
    quiet: bool,
) -> None:
    """Calibrate a gate on tasks that it was not fitted on, and write it back.

    Raises:
        SetupError: The gate or the team cannot be used, or the tasks are too few for this alpha.
        SuiteError: There is no such suite.
    """
    file = read_gate(gate)
    check_can_write(gate)
    played = open_played(suite_name, team)
    known = recorded_tasks(played.team.home, suite_sha256=played.suite.content_sha256)
    tasks = chosen_tasks(played.suite, size, without=known)
    _check_promise(len(tasks), alpha)
    if len(tasks) < size:
        say(f"only {count(len(tasks), 'task')} of {suite_name} were not recorded before")
    runs = 2 * len(tasks) + min(len(tasks), NOVELTY_TASKS)
    spending = Spending(
        len(tasks), runs, quiet, time.monotonic, f"{gate} is as it was, nothing is kept", yes
    )
    pairs = asyncio.run(_pairs(played.team, file, played.suite, tasks, spending))
    done = calibrated(file, played.team, pairs, alpha=alpha)
    write_file(gate, gate_text(done.file))
    if done.complaint is not None:
        say(f"the gate is not put to use: {done.complaint}")
        say("the novelty rule stays; record more runs and fit again")
    else:
        say(
            f"calibrated: {who_goes_back(done.fail_open.tau)} goes back to full communication "
            f"(at most {percent(alpha)} lost, in expectation)"
        )
    if not quiet:
        write_out(gate_in_words(done.file))
    say(f"written to {gate}")


def _check_promise(n: int, alpha: float) -> None:
    """Refuse before anything is spent what so few tasks cannot promise."""
    try:
        allowed_losses(n, alpha=alpha)
    except TooFewTasks as err:
        raise SetupError(str(err)) from err
    except ValueError as err:
        raise SetupError(f"--alpha: {err}") from err


async def _pairs(
    team: Team, file: GateFile, suite: Suite, tasks: list[Task], spending: Spending
) -> list[Pair]:
    pairs: list[Pair] = []
    try:
        async for pair in play_pairs(team, file, suite, tasks):
            pairs.append(pair)
            spending.note(pair.cost_usd)
    finally:
        await team.aclose()
    return pairs
