"""The workbench of one worker: makes agents, and shares models and corpora among their tasks."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from ...agents.agent import Agent
from ...agents.brain import is_own
from ...costs.day_ledger import DayLedger, limit_of
from ...costs.price_book import default_book
from ...costs.pricing import PriceBook
from ...costs.purse import Purse
from ...memory.home import Home
from ...models.chat_model import ChatModel
from ...models.endpoint import Endpoint
from ...models.limiter import AdaptiveLimiter
from ...models.resolve import endpoint_url, resolve_model
from ...models.tokens import count_tokens_for
from ...records.errors import SetupError
from ...records.events import Event
from ...records.result import Result
from ...tools.corpus.corpus import Corpus
from ..suites.asking.person import Person, person_for
from ..suites.suite import Suite, Task
from .agent_config import EXACT_OF_TASK, AgentConfig
from .attachments import searchable


class Answerer(Protocol):
    """Anything that answers a question: an `Agent`, or an object of the evaluator's own."""

    async def arun(
        self, question: str, *, listeners: Sequence[Callable[[Event], None]] = ()
    ) -> Result:
        """Answer a question; listeners hear of every event."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentOrder:
    """What a factory of the evaluator's own is given."""

    config: AgentConfig
    """The configuration, with its `settings`."""
    home: Path
    """Where the agent's runs are to stand: `Agent(home=...)`."""
    purse: Purse
    """The limit of the whole run: `Agent(purse=...)`."""
    seed: int | None
    """Sampling seed of the repetition; None sends none."""
    task: Task | None = None
    """The task, where somebody answers questions about it: the agent is made for it alone."""
    ask_user: Person | None = None
    """Who answers questions about the task: `Agent(ask_user=...)`."""


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
    _models: dict[tuple[str, str], ChatModel] = field(
        default_factory=dict[tuple[str, str], ChatModel]
    )
    _corpora: dict[tuple[Path, ...], Corpus] = field(default_factory=dict[tuple[Path, ...], Corpus])
    _agents: dict[tuple[str, int | None], Answerer] = field(
        default_factory=dict[tuple[str, int | None], Answerer]
    )
    _book: PriceBook | None = None

    def prepare(self, agents: Sequence[AgentConfig]) -> None:
        """Make each agent once, so that what must be mended is told before the first attempt.

        Raises:
            SetupError: A model, a path or a factory cannot be used.
        """
        first = self.suite.tasks[0] if self.suite.answerer else None
        for config in agents:
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

    def price_book(self, agents: Sequence[AgentConfig]) -> str | None:
        """Return the id of the book that calls are priced by; None where no model is named."""
        return self._prices().book_id if any(each.asks_model for each in agents) else None

    async def aclose(self) -> None:
        """Close connections and corpora."""
        for model in self._models.values():
            close = getattr(model, "aclose", None)
            if close is not None:
                await close()
        for corpus in self._corpora.values():
            corpus.close()

    def _needs_its_own(self, config: AgentConfig, task: Task) -> bool:
        return self.suite.answerer is not None or bool(task.files and config.factory is None)

    def _made(self, config: AgentConfig, *, seed: int | None, task: Task | None = None) -> Answerer:
        person = None if task is None else person_for(self.suite, task)
        if config.factory is not None:
            return self._from_factory(config, seed=seed, task=task, person=person)
        files = () if task is None else searchable(task.files, folder=self.home / "attachments")
        return self._agent(config, seed=seed, files=files, person=person)

    def _agent(
        self,
        config: AgentConfig,
        *,
        seed: int | None,
        files: Sequence[Path],
        person: Person | None,
    ) -> Answerer:
        model, prices = self._model(config)
        budget = config.budget.as_budget()
        if model is not None and budget.usd is None and self.max_usd is not None:
            budget = replace(budget, usd=self.max_usd)
        return Agent(
            _reasoner_of(config, files) or model,
            corpus=self._corpus((*self.suite.corpus, *config.corpus_paths, *files)),
            tools=[_tool(each) for each in config.tools],
            policy=config.policy,
            memory=config.memory,
            budget=budget,
            alpha=config.alpha,
            ask_user=person,
            workspace_tokens=config.workspace_tokens,
            seed=seed,
            prices=prices,
            home=self.home,
            environ=self.environ,
            purse=self.purse,
            spending=DayLedger(Home.of(self.environ).spending, limit_usd=limit_of(self.environ)),
        )

    def _model(self, config: AgentConfig) -> tuple[ChatModel | None, PriceBook | None]:
        """Return the model of an agent and its prices; agents of one address share a limiter."""
        if config.model is None or not config.asks_model:
            return None, None
        url = endpoint_url(config.base_url, self.environ)
        if (config.model, url) not in self._models:
            self._models[config.model, url] = resolve_model(
                config.model,
                base_url=config.base_url,
                environ=self.environ,
                count_tokens=count_tokens_for(config.model, environ=self.environ),
                endpoint=self._endpoint(url),
            )
        return self._models[config.model, url], self._prices().for_endpoint(url)

    def _endpoint(self, url: str) -> Endpoint:
        return Endpoint(limiter=AdaptiveLimiter(start=self.max_conn, ceiling=self.max_conn))

    def _prices(self) -> PriceBook:
        if self._book is None:
            own = Home.of(self.environ).prices
            today = datetime.now(UTC).date()
            self._book = default_book(on=today, overrides=own if own.exists() else None)
        return self._book

    def _corpus(self, paths: tuple[Path, ...]) -> Corpus | None:
        if not paths:
            return None
        if paths not in self._corpora:
            indexes = Home.of(self.environ).indexes
            self._corpora[paths] = Corpus.open(paths, index_root=indexes, leave_out=self.home)
        return self._corpora[paths]

    def _from_factory(
        self,
        config: AgentConfig,
        *,
        seed: int | None,
        task: Task | None,
        person: Person | None,
    ) -> Answerer:
        make = named_object(config.factory or "")
        order = AgentOrder(
            config=config,
            home=self.home,
            purse=self.purse,
            seed=seed,
            task=task,
            ask_user=person,
        )
        made = make(order) if callable(make) else make
        if not callable(getattr(made, "arun", None)):
            raise SetupError(
                f"{config.factory} gave {type(made).__name__}, which has no `arun`; "
                "return an agent, or an object with `async arun(question, listeners=...)`"
            )
        return cast(Answerer, made)


def named_object(name: str) -> object:
    """Return what `package.module:name` names.

    Raises:
        SetupError: There is no such thing.
    """
    module, _, attribute = name.partition(":")
    try:
        return getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as err:
        raise SetupError(
            f"cannot load {name!r}: {err}; write package.module:name, and see to PYTHONPATH"
        ) from err


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


def _tool(name: str) -> Callable[..., object]:
    found = named_object(name)
    return cast(Callable[..., object], found)
