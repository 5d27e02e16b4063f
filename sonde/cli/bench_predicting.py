"""`sonde bench run --dry-run`: what a run would take."""

import os
from collections.abc import Callable
from pathlib import Path

from ..benchmarks.runner.bench import run_bench
from ..benchmarks.runner.bench_journal import read_log
from ..benchmarks.runner.manifest import MANIFEST, Manifest, read_manifest
from ..benchmarks.runner.planning import Plan
from ..benchmarks.runner.prediction import Guess, Prediction, predict, probe_keys
from ..memory.home import Home
from ..memory.warehouse.bench_list import listed_benches
from ..records.attempt import Attempt
from ..records.errors import SetupError
from .bench_view import choose_view
from .exits import ExitCode
from .figures import count, dollars, seconds
from .interrupts import Interrupts
from .screen import say, write_out

_ENOUGH = 2  # attempts of each agent that a prediction can rest on


def predict_bench(plan: Plan, folder: Path, *, probe: int, is_quiet: bool) -> ExitCode:
    """Say what a run would take, and return how the command ends.

    Attempts of these agents at this suite are looked for in the folder and in all runs that were
    made here. Where there are too few, a handful is made; they stand in the folder and count.
    """
    known = _known(plan.manifest, folder)
    predictions = predict(plan.manifest, known)
    if probe and any(each.known < _ENOUGH and each.to_come for each in predictions):
        _make_probes(plan, folder, probe=max(probe, _ENOUGH), is_quiet=is_quiet)
        predictions = predict(plan.manifest, _known(plan.manifest, folder))
    for each in predictions:
        write_out(_in_words(each))
    return ExitCode.ANSWERED


def _known(manifest: Manifest, folder: Path) -> list[Attempt]:
    """Return attempts of these agents at this suite, each of a task and repetition once."""
    found: dict[tuple[str, str, int], Attempt] = {}
    agents = {agent.sha256 for agent in manifest.agents}
    others = [Path(each) for each in listed_benches(Home.of(os.environ))]
    for place in (folder, *others):
        if not (place / MANIFEST).is_file() or not _is_same_suite(place, manifest):
            continue
        for attempt in read_log(place).finished.values():
            if attempt.agent_sha256 in agents:
                key = (attempt.agent_sha256, attempt.task_id, attempt.epoch)
                found.setdefault(key, attempt)
    return list(found.values())


def _is_same_suite(folder: Path, manifest: Manifest) -> bool:
    try:
        return read_manifest(folder).suite.sha256 == manifest.suite.sha256
    except SetupError:
        return False  # another version's; it is no help here


def _make_probes(plan: Plan, folder: Path, *, probe: int, is_quiet: bool) -> None:
    keys = probe_keys(plan.manifest, probe)
    say(f"too little is known of these agents: making {count(len(keys), 'attempt')}, which count")
    with choose_view(is_quiet=is_quiet) as view:
        work = run_bench(plan.manifest, plan.suite, folder, view=view, only=keys)
        with Interrupts(lambda: say("stopping; what is done is kept")) as interrupts:
            interrupts.run(work)


def _in_words(told: Prediction) -> str:
    """Return a prediction in one line."""
    head = f"{told.agent}: {count(told.to_come, 'attempt')} to come"
    if not told.to_come:
        return f"{head}, nothing to pay"
    if told.known < _ENOUGH:
        return f"{head}; too few are known to say what they take"
    parts = [
        _guess(told.calls, _number, " calls"),
        _guess(told.tokens, _number, " tokens") or "tokens unknown",
        _guess(told.cost_usd, dollars) or "price unknown",
        "" if told.wall_s is None else f"about {seconds(told.wall_s)}",
    ]
    rests = f"from {count(told.known, 'attempt')}"
    return f"{head}: {' · '.join(part for part in parts if part)} · {rests}"


def _guess(guess: Guess | None, told: Callable[[float], str], noun: str = "") -> str:
    if guess is None:
        return ""
    if told(guess.low) == told(guess.high):
        return f"{told(guess.mean)}{noun}"
    return f"{told(guess.mean)}{noun} ({told(guess.low)} to {told(guess.high)})"


def _number(value: float) -> str:
    return f"{round(value):,}"
