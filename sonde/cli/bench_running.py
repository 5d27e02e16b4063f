"""`sonde bench run` and `resume`: from what was asked for to the last line."""

import asyncio
import os
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..benchmarks.executors.choosing import ExecutorName, executor_maker
from ..benchmarks.remote.place import BenchPlace, bench_place, sent_as_it_comes
from ..benchmarks.runner.agent_files import read_agents
from ..benchmarks.runner.bench import BenchEnd, Outcome, run_bench
from ..benchmarks.runner.handing_in import SUBMISSION, hand_in
from ..benchmarks.runner.loading import load_runs
from ..benchmarks.runner.manifest import MANIFEST, read_manifest
from ..benchmarks.runner.planning import Plan, Wishes, plan_bench, suite_of
from ..benchmarks.runner.spec import Shard
from ..costs.day_ledger import LIMIT_VARIABLE
from ..memory.home import Home
from ..memory.warehouse.bench_list import remember_bench
from ..records.errors import SetupError
from .bench_limits import limits_in_words
from .bench_predicting import predict_bench
from .bench_view import agent_in_words, choose_view, tally_in_words
from .exits import ExitCode, Interrupted
from .figures import count
from .interrupts import Interrupts
from .screen import say, write_out


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchScreen:
    """Where a run goes, and what is shown of it."""

    out: str | None
    """Folder or URL of the run; None is the usual folder."""
    shard: str | None
    """The part that is run here."""
    executor: ExecutorName
    """Where attempts are made."""
    workers: int
    """How many workers there are, where there are any."""
    is_quiet: bool
    """Whether no progress is shown."""
    probe: int | None = None
    """Tasks that a dry run makes; None is no dry run."""


def run_bench_command(
    wishes: Wishes,
    agents: Sequence[str],
    *,
    model: str | None,
    base_url: str | None,
    screen: BenchScreen,
) -> ExitCode:
    """Run agents over a suite and return how the command ends."""
    configs = read_agents(agents, model=model, base_url=base_url)
    plan = plan_bench(wishes, configs)
    for note in plan.suite.notes:
        say(note)
    place = bench_place(screen.out or Path("bench") / plan.suite.name, Home.of(os.environ))
    if wishes.scorer is not None:
        _check_scorer(wishes.scorer, plan, place)
    if screen.probe is not None:
        code = predict_bench(plan, place.folder, probe=screen.probe, is_quiet=screen.is_quiet)
        place.push()
        return code
    return _run(plan, place, screen)


def _check_scorer(scorer: str, plan: Plan, place: BenchPlace) -> None:
    """Refuse another scorer than the one that judged what a folder holds."""
    if not (place.folder / MANIFEST).is_file():
        return
    found = read_manifest(place.folder).suite
    if found.sha256 == plan.manifest.suite.sha256 and found.scorer != scorer:
        raise SetupError(
            f"{place} holds a run that is scored by {found.scorer}; score it again first: "
            f"sonde bench score {place} --scorer {scorer}, or give another --out"
        )


def limit_the_day(usd: float | None) -> None:
    """Hold this process, and those that it starts, to a limit of the day."""
    if usd is not None:
        os.environ[LIMIT_VARIABLE] = repr(usd)


def resume_bench_command(folder: str, *, screen: BenchScreen) -> ExitCode:
    """Go on with a run and return how the command ends."""
    place = bench_place(folder, Home.of(os.environ))
    manifest = place.manifest()
    return _run(Plan(manifest=manifest, suite=suite_of(manifest)), place, screen)


def _run(plan: Plan, place: BenchPlace, screen: BenchScreen) -> ExitCode:
    shard = None if screen.shard is None else Shard.parse(screen.shard)
    make = executor_maker(screen.executor, workers=screen.workers, mirror=place.mirror)
    remember_bench(Home.of(os.environ), place.folder)
    with (
        choose_view(is_quiet=screen.is_quiet) as view,
        sent_as_it_comes(place, shard) as first_retry,
    ):
        work = run_bench(
            plan.manifest,
            plan.suite,
            place.folder,
            shard=shard,
            view=view,
            make_executor=make,
            first_retry=first_retry,
        )
        outcome = _interruptible(work, place)
    _tell(outcome, place)
    if not plan.suite.is_scored:
        _hand_in(place.folder)
    elif outcome.made and outcome.end is BenchEnd.FINISHED and not screen.is_quiet:
        say(f"read it: sonde bench report {place} -o report.html")
    return _code(outcome)


def _interruptible(work: Coroutine[object, object, Outcome], place: BenchPlace) -> Outcome:
    """Run to the end; a signal ends what is under way, which is written down as abandoned."""
    with Interrupts(lambda: say("stopping; what is done is kept")) as interrupts:
        try:
            return interrupts.run(work)
        except asyncio.CancelledError as err:
            raise Interrupted(f"stopped; go on with: sonde bench resume {place}") from err


def _tell(outcome: Outcome, place: BenchPlace) -> None:
    if outcome.lost:
        lost = count(outcome.lost, "attempt")
        say(f"{lost} of an earlier sitting had been under way: written down as abandoned")
    if outcome.made == 0 and outcome.tally.done == outcome.tally.total:
        write_out(f"{place}: nothing to do; {tally_in_words(outcome.tally)}")
        _tell_agents(outcome)
        return
    write_out(f"{place}: {tally_in_words(outcome.tally)}")
    _tell_agents(outcome)
    if outcome.end is BenchEnd.HOPELESS:
        raise SetupError(
            f"every attempt met an error, so the run was stopped: {outcome.tally.last_error}; "
            f"mend it, then: sonde bench resume {place}"
        )
    if outcome.end is BenchEnd.LIMIT:
        held = limits_in_words(outcome.manifest, outcome.tally, os.environ)
        say(f"stopped, since the next call could pass a limit; used are {held}")
        say("raise the limit and run the same command again to go on")
    elif outcome.tally.errors:
        errors = count(outcome.tally.errors, "attempt")
        say(
            f"{errors} met an error, the last: {outcome.tally.last_error}; "
            f"make them again: sonde bench resume {place}"
        )


def _tell_agents(outcome: Outcome) -> None:
    agents, found = outcome.manifest.agents, outcome.tally.by_agent
    if len(agents) > 1:
        write_out("\n".join(agent_in_words(a.name, found.get(a.sha256)) for a in agents))


def _hand_in(folder: Path) -> None:
    """Write the answers to a suite that keeps its truths, as its leaderboard takes them."""
    runs = load_runs(folder)
    for run in runs:
        name = SUBMISSION if len(runs) == 1 else f"{run.agent}-{SUBMISSION}"
        answers = hand_in(run, folder / name)
        told = f"{answers:,} of {count(len(run.task_ids), 'task')} have an answer"
        write_out(f"{folder / name}: {told}")


def _code(outcome: Outcome) -> ExitCode:
    if outcome.end is BenchEnd.LIMIT:
        return ExitCode.BUDGET
    return ExitCode.PROVIDER if outcome.tally.errors else ExitCode.ANSWERED
