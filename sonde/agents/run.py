"""One run that is open: its folder, its parts, and what has happened so far."""

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from ..costs.budget import Guard
from ..costs.day_ledger import DayAccount
from ..costs.ledger import Ledger
from ..costs.pricing import PriceBook
from ..memory.evidence import EvidenceStore
from ..memory.home import RunFolder
from ..memory.journal import Journal
from ..memory.policy import open_memory
from ..memory.run_lock import RunLock
from ..memory.thrift import PromptPrices
from ..memory.workspace import Memory
from ..models.reasoner import Reasoner
from ..records.errors import BudgetExceeded
from ..records.events import AnswerDelta, Event, LimitReached, Warned
from ..records.tooling import ToolKind, ToolSpec
from ..records.view import View
from ..tools.toolbox import Toolbox
from .chooser import Chooser
from .record import RunRecord
from .run_time_scores import RunTimeScores
from .settings import RunSettings

Listener = Callable[[Event], None]


class Rendered(NamedTuple):
    """A memory as it was rendered."""

    memory: Memory
    """What was rendered."""
    cap: int
    """The cap it was rendered under, in tokens."""
    view: View
    """What came of it."""


@dataclass(slots=True, kw_only=True)
class Parts:
    """What an agent gives to each of its runs."""

    reasoner: Reasoner
    """What decides."""
    toolbox: Toolbox
    """What acts."""
    settings: RunSettings
    """How the run is to be made, fitted to its budget."""
    is_metered: bool
    """Whether every call of a model that the reasoner makes is on the ledger."""
    overhead_tokens: int = 0
    """Tokens of a prompt besides the view."""
    prompt_prices: PromptPrices = field(default_factory=PromptPrices)
    """What prompt tokens cost, for a memory that reckons with it."""
    asks_by_interrupt: bool = False
    """Whether a question to the person interrupts the graph around the agent."""
    prices: PriceBook | None = None
    """The book that prices what tools buy; None knows no price."""
    chooser: Chooser = field(default_factory=Chooser)
    """How actions are chosen."""
    run_time_scores: RunTimeScores | None = None
    """Where the run's confidence is written down for later ones; None without a calibration."""


@dataclass(slots=True, kw_only=True)
class Run:
    """A run under way. Everything that happens is emitted, and so journalled, booked and heard."""

    folder: RunFolder
    """Where it stands."""
    question: str
    """What was asked."""
    store: EvidenceStore
    """Every page it saw."""
    journal: Journal
    """Every event."""
    ledger: Ledger
    """Every call."""
    record: RunRecord
    """Every finished step."""
    guard: Guard
    """The budget."""
    count_tokens: Callable[[str], int]
    """What counts tokens."""
    listeners: list[Listener]
    """Who hears of events."""
    lock: RunLock
    """Held while the run is open, so that no two processes work on one run."""
    day: DayAccount | None = None
    """What it costs the day."""
    parts: Parts | None = None
    """Reasoner, tools and settings, once they are there."""
    memory: Memory | None = None
    """What is carried from round to round; None until first asked for."""
    memory_round: int = 0
    """The round that `memory` stands after."""
    round: int = 0
    """The round under way."""
    is_final: bool = False
    """Whether the final answer is being made."""
    purpose: str | None = None
    """What calls are made for beside deciding and answering; None for these two."""
    warnings: list[str] = field(default_factory=list[str])
    """What the asker should know at the end."""
    rendered: Rendered | None = None
    """What was rendered last."""
    shrink: float = 1.0
    """Share of the workspace's cap in use; smaller once a model's context overflowed."""
    is_streaming: bool = False
    """Whether listeners want the answer while it is written."""
    told: str = ""
    """What they were told of it so far."""

    def now(self) -> float:
        """Return seconds since the epoch."""
        return time.time()

    def new_call_id(self) -> str:
        """Return an id that no other call of the run has."""
        return f"c{self.ledger.calls + 1}"

    def emit(self, event: Event) -> None:
        """Write an event into the journal, book it, and tell all who listen."""
        self.journal.append(event)
        self.ledger.book(event)
        self.record.note(event)
        for listener in self.listeners:
            listener(event)

    def warn(self, message: str) -> None:
        """Keep a warning for the end, and tell it now; the same one is told once."""
        if message not in self.warnings:
            self.warnings.append(message)
            self.emit(Warned(at=self.now(), round=self.round, message=message))

    def tell_limit(self, err: BudgetExceeded) -> None:
        """Tell of a limit that was reached, and whose it is."""
        self.emit(LimitReached.of(err, at=self.now(), round_number=self.round))

    @contextmanager
    def calling(self, purpose: str, *, is_final: bool | None = None) -> Generator[None]:
        """Book the model calls inside under their purpose.

        Args:
            purpose: What they are made for, as the bill is to name it.
            is_final: Whether they may use what is kept for the answer; None leaves that as it is.
        """
        before = self.purpose, self.is_final
        self.purpose = purpose
        self.is_final = before[1] if is_final is None else is_final
        try:
            yield
        finally:
            self.purpose, self.is_final = before

    def tell_draft(self, text: str, starts_anew: bool) -> None:
        """Tell those who listen a piece of the answer being written; the journal has no drafts."""
        is_second = starts_anew and bool(self.told)
        self.told = text if starts_anew else self.told + text
        delta = AnswerDelta(
            at=self.now(), round=self.round, text=text, is_draft=True, starts_anew=is_second
        )
        for listener in self.listeners:
            listener(delta)

    def tell_answer(self, text: str) -> None:
        """Tell the answer, unless those who listen have read it while it was written."""
        if text != self.told.strip():
            starts_anew = bool(self.told)
            self.emit(
                AnswerDelta(at=self.now(), round=self.round, text=text, starts_anew=starts_anew)
            )

    def the_parts(self) -> Parts:
        """Return the run's parts.

        Raises:
            RuntimeError: The run was opened without them: a bug of the caller.
        """
        if self.parts is None:
            raise RuntimeError(f"run {self.folder.run_id} has no parts yet")
        return self.parts

    def memory_after(self, round_number: int, kept_turns: int) -> Memory:
        """Return the memory as it stands after a round, from the store where it must."""
        if self.memory is None or self.memory_round != round_number:
            settings = self.the_parts().settings
            kept = self.record.turn_rounds(round_number, kept_turns)
            decision = self.record.latest_decision(kept[0] if kept else round_number, self.store)
            self.memory = open_memory(
                settings.memory,
                self.question,
                max_tokens=self._view_cap(),
                count_tokens=self.count_tokens,
                prices=self.the_parts().prompt_prices,
                report=decision.report if decision else None,
                turns=self.record.turns(kept, self.store),
                is_whole=kept == self.record.turn_rounds(round_number, round_number),
            )
            self.memory_round = round_number
        return self.memory

    def view(self, memory: Memory) -> View:
        """Render a memory for the round under way; the same one is rendered once."""
        cap, number = self._view_cap(), max(1, self.round)
        seen = self.rendered
        if seen is None or (seen.memory, seen.cap, seen.view.round) != (memory, cap, number):
            view = memory.render(cap, count_tokens=self.count_tokens, round_number=number)
            self.rendered = seen = Rendered(memory, cap, view)
        return seen.view

    def offered_tools(self) -> Sequence[ToolSpec]:
        """Return the tools of the run; recalling is offered once there is what to recall."""
        specs = self.the_parts().toolbox.specs
        if self.store.has_pages:
            return specs
        return [spec for spec in specs if spec.kind is not ToolKind.RECALL]

    def _view_cap(self) -> int:
        parts = self.the_parts()
        return max(64, int((parts.settings.workspace_tokens - parts.overhead_tokens) * self.shrink))

    def close(self) -> None:
        """Close the run's files and let go of its lock."""
        self.journal.close()
        self.store.close()
        if self.day is not None:
            self.day.close()
        self.lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
