"""Calibrating: fit on some tasks, freeze, then play fresh ones that prove what is promised."""

import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from ...agents.agent import Agent
from ...agents.chooser import CIP, RANDOM
from ...costs.purse import Purse
from ...policies.calibration import Calibration, Part
from ...policies.certificate import Setup
from ...policies.conformal import LengthThresholds
from ...policies.learn_then_test import Population
from ...records.errors import BudgetExceeded, SuiteError
from ...records.stopping import Limit
from ...tools.corpus.corpus import Corpus
from ..scorers.registry import scorer as scorer_of
from ..scorers.score import Scorer
from ..suites.suite import Suite, Task
from .fitting import grid_of, temperature_of, true_probs_of
from .playing import Played, play

_FIT, _STOP = 0.25, 0.5
"""Shares of the tasks that are fitted on and that prove the stop; the rest calibrates the set."""
_FEWEST = 12
_UNKNOWN = Setup(policy="", stop_rule="", source="", model="")

MakeAgent = Callable[[str, Calibration | None, Path], Agent]
"""Makes an agent with a policy, a calibration and a home for its runs."""
OnEpisode = Callable[[int, int], None]
"""Called with episodes played and episodes in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """A calibration, with the episodes behind it."""

    calibration: Calibration
    """What is stored."""
    fitted: tuple[Played, ...]
    """Episodes that were fitted on."""
    fresh: tuple[Played, ...]
    """Episodes that prove the promises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a suite is calibrated on.

    Raises:
        ValueError: A level is not between 0 and 1.
    """

    policy: str = "model"
    """The query policy."""
    delta: float = 0.1
    """Chance that a promise about the stop is broken."""
    population: Population = "answered"
    """Of which runs the error is promised."""
    threshold_alpha: float = 0.1
    """Level of the thresholds that C-IP selects by."""
    seed: int = 0
    """Decides which task is for what."""

    def __post_init__(self) -> None:
        for name, level in (("delta", self.delta), ("alpha", self.threshold_alpha)):
            if not 0 < level < 1:
                raise ValueError(f"{name} must lie between 0 and 1, not {level}")


async def calibrate(
    suite: Suite,
    make_agent: MakeAgent,
    plan: Plan,
    *,
    purse: Purse | None = None,
    on_episode: OnEpisode | None = None,
) -> Calibrated:
    """Return what an agent may promise on questions like those of a suite.

    A quarter of the tasks fits the temperatures (and, for C-IP, the thresholds, on histories of
    the random policy). Then everything is frozen, half of the tasks prove the stop, and the last
    quarter calibrates the set at the stop. No task serves twice.

    Args:
        suite: Tasks with their truths.
        make_agent: Makes an agent.
        plan: How to go about it.
        purse: A limit of all episodes together; its agents are made with the same one.
        on_episode: Told of each episode.

    Raises:
        SuiteError: The suite holds too few tasks with a truth.
        SetupError: The agent cannot be set up.
        BudgetExceeded: The purse was spent; what was cut short proves nothing.
    """
    fit_on, prove_on = _split(_shuffled(suite, plan.seed))
    with tempfile.TemporaryDirectory(prefix="sonde-calibrate-") as folder:
        stage = _Stage(
            home=Path(folder),
            make_agent=make_agent,
            score=scorer_of(suite.scorer),
            total=len(fit_on) + len(prove_on),
            on_episode=on_episode,
            purse=purse,
        )
        frozen, fitted = await _fit(stage, _empty(suite, plan), plan, fit_on)
        frozen = replace(frozen, setup=make_agent(plan.policy, frozen, stage.home).setup())
        fresh = await stage.play(plan.policy, frozen, [task for task, _ in prove_on])
    parts: list[Part] = [part for _, part in prove_on]
    episodes = [each.episode(part) for each, part in zip(fresh, parts, strict=True)]
    return Calibrated(
        calibration=replace(frozen, episodes=tuple(sorted(episodes, key=lambda each: each.task))),
        fitted=tuple(fitted),
        fresh=tuple(fresh),
    )


async def _fit(
    stage: "_Stage", empty: Calibration, plan: Plan, tasks: Sequence[Task]
) -> tuple[Calibration, list[Played]]:
    """Return thresholds and temperatures, and the episodes that they were fitted on."""
    at_random: list[Played] = []
    if plan.policy == CIP:
        at_random = await stage.play(RANDOM, None, tasks[: len(tasks) // 2])
        tasks = tasks[len(tasks) // 2 :]
        found = LengthThresholds.fit(true_probs_of(at_random), alpha=plan.threshold_alpha)
        empty = replace(empty, set_thresholds=found.values)
    own = await stage.play(plan.policy, empty, tasks)
    temperature = temperature_of(own)
    grid = grid_of(own, temperature)
    return replace(empty, temperature=temperature, grid=grid), [*at_random, *own]


@dataclass(slots=True, kw_only=True)
class _Stage:
    """Where episodes are played, and counted for whoever watches."""

    home: Path
    make_agent: MakeAgent
    score: Scorer
    total: int
    on_episode: OnEpisode | None
    purse: Purse | None = None
    done: int = 0

    async def play(
        self, policy: str, calibration: Calibration | None, tasks: Sequence[Task]
    ) -> list[Played]:
        played: list[Played] = []
        async with self.make_agent(policy, calibration, self.home) as agent:
            for task in tasks:
                listeners = [] if self.purse is None else [self.purse.account().hear]
                played.append(
                    await play(agent, task, home=self.home, score=self.score, listeners=listeners)
                )
                self.done += 1
                self._check_purse()
                if self.on_episode is not None:
                    self.on_episode(self.done, self.total)
        return played

    def _check_purse(self) -> None:
        if self.purse is not None and self.purse.has_refused:
            raise BudgetExceeded(
                f"the limit was reached in episode {self.done} of {self.total}; an episode that is "
                "cut short proves nothing, so nothing was stored: raise the limit, or give --size",
                limit=Limit.USD,
            )


def _empty(suite: Suite, plan: Plan) -> Calibration:
    return Calibration(
        setup=_UNKNOWN,
        suite=suite.name,
        suite_sha256=suite.content_sha256,
        delta=plan.delta,
        population=plan.population,
    )


def _shuffled(suite: Suite, seed: int) -> list[Task]:
    """Return the tasks with a truth in a seeded order, one of each cluster: others are no news."""
    tasks = sorted((task for task in suite.tasks if task.target), key=lambda task: task.id)
    random.Random(seed).shuffle(tasks)
    alone = {task.cluster or task.id: task for task in reversed(tasks)}
    kept = [task for task in tasks if alone[task.cluster or task.id] is task]
    if len(kept) < _FEWEST:
        raise SuiteError(
            f"{suite.name} has {len(kept)} independent tasks with a truth; a calibration needs "
            f"{_FEWEST} at the very least, and a few hundred to promise anything"
        )
    return kept


def _split(tasks: Sequence[Task]) -> tuple[list[Task], list[tuple[Task, Part]]]:
    fit = ceil(len(tasks) * _FIT)
    stop = fit + ceil(len(tasks) * _STOP)
    parts: list[tuple[Task, Part]] = [(task, "stop") for task in tasks[fit:stop]]
    return list(tasks[:fit]), parts + [(task, "set") for task in tasks[stop:]]


def agent_maker(
    model: str | None,
    corpus: Corpus | None,
    *,
    options: Mapping[str, object],
) -> MakeAgent:
    """Return what makes agents of one model over one corpus."""

    def make(policy: str, calibration: Calibration | None, home: Path) -> Agent:
        return Agent(
            model,
            corpus=corpus,
            policy=policy,
            calibration=calibration,
            home=home,
            **options,  # pyright: ignore[reportArgumentType] -- options of Agent, checked there
        )

    return make
