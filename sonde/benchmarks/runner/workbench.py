"""The workbench of one worker: makes agents, and shares models and corpora among their tasks."""

import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from ...agents.agent import Agent
from ...agents.brain_making import is_own
from ...agents.team.agent_member import Member
from ...agents.team.team import Team
from ...costs.day_ledger import DayLedger, limit_of
from ...costs.pricing import PriceBook
from ...costs.purse import Purse
from ...memory.home import Home
from ...models.openai_compatible import OpenAICompatible
from ...records.errors import SetupError
from ...tools.files.table_names import TABLES
from ...tools.tool import Tool
from ...tools.web_tools import web_tools
from ..suites.asking.person import Person, person_for
from ..suites.suite import Suite, Task
from .agent_config import EXACT_OF_TASK, AgentConfig
from .attachments import searchable
from .corpus_shelf import CorpusShelf
from .model_shelf import ModelShelf
from .own_agents import AgentOrder, Answerer, agent_of_factory, named_object


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What a task brings to its agents."""

    files: Sequence[Path] = ()
    """Its attachments, as a corpus takes them in."""
    attached: Sequence[Path] = ()
    """Its attachments as they are; a model asks the tables among them in SQL."""
    person: Person | None = None
    """Who may be asked."""


@dataclass(slots=True, kw_only=True)
class Workbench:
    """What the attempts of one worker share."""

    suite: Suite
    """What is asked."""
    home: Path
    """Where the agents' runs stand."""
    purse: Purse
    """The limit of all attempts of this worker."""
    max_usd: float | None = None
    """Most dollars of all attempts, so that an unknown price is found before the first call."""
    max_conn: int = 16
    """Most requests at a time at one endpoint."""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    """Where keys, addresses and the home with indexes and prices are looked up."""
    models: ModelShelf = field(init=False)
    """The models."""
    corpora: CorpusShelf = field(init=False)
    """The open corpora."""
    _agents: dict[tuple[str, int | None], Answerer] = field(
        default_factory=dict[tuple[str, int | None], Answerer]
    )

    def __post_init__(self) -> None:
        self.models = ModelShelf(environ=self.environ, max_conn=self.max_conn)
        self.corpora = CorpusShelf(indexes=Home.of(self.environ).indexes, leave_out=self.home)

    def prepare(self, agents: Sequence[AgentConfig]) -> None:
        """Make each agent once, so that what must be mended is told before the first attempt.

        Raises:
            SetupError: A model, a path or a factory cannot be used.
        """
        first = self.suite.tasks[0] if self.suite.answerer else None
        for config in agents:
            self._check_price(config)
            self.answerer(config, epoch=1, task=first)

    def answerer(self, config: AgentConfig, *, epoch: int, task: Task | None = None) -> Answerer:
        """Return the agent for an attempt.

        A task with attachments has a corpus of its own, and one that may be asked about a person of
        its own: there the agent is made for it alone.

        Raises:
            SetupError: A model, a path or a factory cannot be used.
        """
        seed = None if config.seed is None else config.seed + epoch - 1
        if task is not None and self._needs_its_own(config, task):
            return self._made(config, seed=seed, task=task)
        key = (config.sha256, seed)
        if key not in self._agents:
            self._agents[key] = self._made(config, seed=seed)
        return self._agents[key]

    async def aclose(self) -> None:
        """Close connections and corpora."""
        await self.models.aclose()
        self.corpora.close()

    @contextmanager
    def lent(self, config: AgentConfig, *, epoch: int, task: Task) -> Generator[Answerer]:
        """Lend the agent for an attempt; a corpus of its task alone is open only while it is used.

        Raises:
            SetupError: A model, a path or a factory cannot be used.
        """
        own = [] if config.factory is not None else self._corpora_of(config, task)
        with self.corpora.lent(own):
            yield self.answerer(config, epoch=epoch, task=task)

    def _corpora_of(self, config: AgentConfig, task: Task) -> list[tuple[Path, ...]]:
        """Return the paths of the corpora that the agents of one task with attachments open."""
        if not task.files:
            return []
        files = self._searchable(task)
        members = config.team.members if config.team else (config,)
        return [self._paths(each, files) for each in members]

    def _searchable(self, task: Task | None) -> Sequence[Path]:
        return () if task is None else searchable(task.files, folder=self.home / "attachments")

    def _paths(self, config: AgentConfig, files: Sequence[Path]) -> tuple[Path, ...]:
        shared = self.suite.corpus if config.suite_corpus else ()
        return (*shared, *config.corpus_paths, *files)

    def _check_price(self, config: AgentConfig) -> None:
        """Refuse a limit in dollars on a model whose price is unknown, before the first attempt."""
        for each in config.team.members if config.team else (config,):
            limits = (self.max_usd, config.budget.usd, each.budget.usd)
            model, prices = self._model(each)
            if model is None or prices is None or limits == (None, None, None):
                continue
            if prices.price(model.name) is None:
                raise SetupError(
                    f"no price is known for model {model.name!r} of agent {each.name!r}, so a "
                    "limit in dollars cannot be kept; limit tokens instead (--max-tokens), or "
                    "give its price in prices.toml"
                )

    @property
    def _spending(self) -> DayLedger:
        """What the day has cost, in the home of the person, not in the folder of the run."""
        return DayLedger(Home.of(self.environ).spending, limit_usd=limit_of(self.environ))

    def _needs_its_own(self, config: AgentConfig, task: Task) -> bool:
        return self.suite.answerer is not None or bool(task.files and config.factory is None)

    def _made(self, config: AgentConfig, *, seed: int | None, task: Task | None = None) -> Answerer:
        person = None if task is None else person_for(self.suite, task)
        if config.factory is not None:
            order = AgentOrder(
                config=config,
                home=self.home,
                purse=self.purse,
                seed=seed,
                task=task,
                ask_user=person,
                spending=self._spending,
            )
            return agent_of_factory(order)
        given = _Given(
            files=self._searchable(task),
            attached=() if task is None else task.files,
            person=person,
        )
        if config.team is not None:
            return self._team(config, given, seed=seed)
        return self._agent(config, given, seed=seed)

    def _team(self, config: AgentConfig, given: "_Given", *, seed: int | None) -> Team:
        wanted = config.team
        members = () if wanted is None else wanted.members
        return Team(
            [Member(each.name, self._agent(each, given, seed=seed)) for each in members],
            decider=0 if wanted is None or wanted.decider is None else wanted.decider,
            gate=None if wanted is None else wanted.gate_of(config.folder),
            rounds=1 if wanted is None else wanted.rounds,
            tau=None if wanted is None else wanted.tau,
            budget=config.budget.as_budget(),
            seed=seed,
            home=self.home,
            environ=self.environ,
        )

    def _agent(self, config: AgentConfig, given: "_Given", *, seed: int | None) -> Agent:
        model, prices = self._model(config)
        budget = config.budget.as_budget()
        if model is not None and budget.usd is None and self.max_usd is not None:
            budget = replace(budget, usd=self.max_usd)
        tables = [] if model is None else _table_tools(given.attached)
        return Agent(
            _reasoner_of(config, given.files) or model,
            corpus=self.corpora.corpus(self._paths(config, given.files)),
            tools=[*(_tool(each) for each in config.tools), *tables, *self._web(config)],
            belief=config.belief,
            policy=config.policy,
            clarify=config.clarify,
            ask_price=config.ask_price,
            calibration=config.path_of(config.calibration),
            memory=config.memory,
            budget=budget,
            alpha=config.alpha,
            tool_protocol=config.tool_protocol,
            call_timeout_s=config.call_timeout_s,
            prompts=config.path_of(config.prompts),
            ask_user=given.person,
            workspace_tokens=config.workspace_tokens,
            seed=seed,
            prices=prices,
            home=self.home,
            environ=self.environ,
            purse=self.purse,
            spending=self._spending,
        )

    def _model(self, config: AgentConfig) -> tuple[OpenAICompatible | None, PriceBook | None]:
        if config.model is None or not config.asks_model:
            return None, None
        return self.models.model(config.model, config.base_url)

    def _web(self, config: AgentConfig) -> list[Tool]:
        if config.web is None:
            return []
        pages = Home.of(self.environ).path / "pages"
        return web_tools(config.web, cache=pages, environ=self.environ)


def _reasoner_of(config: AgentConfig, files: Sequence[Path]) -> str | None:
    """Return the name of a reasoner of our own, with its table; None for any other model.

    Raises:
        SetupError: It reasons over the task's table, and the task has none.
    """
    if config.model != EXACT_OF_TASK:
        return config.model if config.model is not None and is_own(config.model) else None
    tables = [file for file in files if file.suffix.lower() == ".csv"]
    if not tables:
        raise SetupError(
            "the agent `exact` reasons over a CSV table that the task has attached, as in the "
            "suites twenty-questions and clarify; name a table: model: exact:TABLE.csv"
        )
    return f"exact:{tables[0]}"


def _table_tools(files: Sequence[Path]) -> list[Tool]:
    if not files:
        return []
    from ...tools.query_table_tool import QueryTableTool  # here: DuckDB takes time to load

    tables = [file for file in files if file.suffix.lower() in TABLES]
    return [QueryTableTool(tables)] if tables else []


def _tool(name: str) -> Callable[..., object]:
    return cast(Callable[..., object], named_object(name))
