"""Agents of an evaluator's own: what a factory is given, and what it must return."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from ...costs.day_ledger import DayLedger
from ...costs.purse import Purse
from ...records.errors import SetupError
from ...records.events import Event
from ...records.result import Result
from ..suites.asking.person import Person
from ..suites.suite import Task
from .agent_config import AgentConfig


class Answerer(Protocol):
    """Anything that answers a question: an `Agent`, a `Team`, or an object of one's own."""

    async def arun(
        self, question: str, *, listeners: Sequence[Callable[[Event], None]] = ()
    ) -> Result:
        """Answer a question; listeners hear of every event."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentOrder:
    """What a factory is given."""

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
    spending: DayLedger | None = None
    """What the day has cost, with its limit: `Agent(spending=...)`."""


def agent_of_factory(order: AgentOrder) -> Answerer:
    """Return what a configuration's factory makes.

    Raises:
        SetupError: There is no such factory, or what it returns cannot answer.
    """
    name = order.config.factory or ""
    make = named_object(name)
    made = make(order) if callable(make) else make
    if not callable(getattr(made, "arun", None)):
        raise SetupError(
            f"{name} gave {type(made).__name__}, which has no `arun`; "
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
