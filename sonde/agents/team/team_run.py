"""One run of a team under way: who holds what, what went between them, and the bill."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ...memory.home import RunFolder
from ...memory.journal import Journal
from ...memory.run_lock import RunLock
from ...policies.gating.gates import Opening
from ...policies.gating.links import FEATURES_VERSION, Links
from ...records.claims import Claim, Message
from ...records.errors import BudgetExceeded, SetupError
from ...records.events import Event, LimitReached, RunStarted, Warned
from ...records.stopping import StopReason
from ...records.team_events import (
    ClaimMade,
    LinksWeighed,
    MemberWorked,
    MessageSent,
    TeamAnswered,
    WeighedLink,
)
from ..run import Listener
from .bill import Bill
from .exchange import Exchange
from .lineage import Delivery, with_parents
from .member import Assignment, Teammate, Work
from .notebook import Notebook
from .result import GatedStage
from .sensing import sense
from .settings import TeamSettings

_DECIMALS = 5


@dataclass(slots=True, kw_only=True)
class TeamRun:
    """A team's run. Everything that happens is emitted, and so journalled, booked and heard."""

    folder: RunFolder
    """Where it stands."""
    question: str
    """What is asked."""
    members: Sequence[Teammate]
    """Who plays."""
    settings: TeamSettings
    """How it is played."""
    listeners: Sequence[Listener]
    """Who hears of events."""
    bill: Bill
    """What is used, by this run and by one that came before it on the same question."""
    round: int = 0
    """The round under way."""
    calls: int = 0
    """Times that a member was called."""
    is_escalated: bool = False
    """Whether everything new is told to everybody."""
    gated: GatedStage | None = None
    """Where the run stood after the gated rounds; None before."""
    stop: StopReason | None = None
    """The limit that ended the talk, if one did."""
    warnings: list[str] = field(default_factory=list[str])
    """What the asker should know at the end."""
    claims: dict[str, Claim] = field(default_factory=dict[str, Claim])
    """Every claim by its id."""
    deliveries: list[Delivery] = field(default_factory=list[Delivery])
    """Every message, as provenance sees it."""
    models: dict[str, str] = field(default_factory=dict[str, str])
    """What did each member's work."""
    notebooks: tuple[Notebook, ...] = field(init=False)
    """What each member holds."""
    open_questions: list[str | None] = field(init=False)
    """What each member could not find out."""
    exchange: Exchange = field(init=False)
    """What went between them."""
    journal: Journal = field(init=False)
    """Every event."""
    lock: RunLock = field(init=False)
    """Held while the run is open, so that others see that it goes on."""

    def __post_init__(self) -> None:
        self.notebooks = tuple(Notebook(member.name) for member in self.members)
        self.open_questions = [self.question] * len(self.members)
        self.exchange = Exchange(cost=self.settings.cost, most_claims=self.settings.most_claims)
        self.lock = RunLock(self.folder)
        self.journal = Journal(self.folder.journal)
        self.emit(
            RunStarted(
                at=self.now(),
                run_id=self.folder.run_id,
                question=self.question,
                settings=self.settings.as_json(self.members),
            )
        )

    @property
    def decider(self) -> Notebook:
        """What the decider holds."""
        return self.notebooks[self.settings.decider]

    @property
    def confidence(self) -> float | None:
        """The decider's confidence in its answer; None where it has none."""
        return None if self.decider.answer is None else self.decider.answer.confidence

    def stage(self) -> GatedStage:
        """Return where the run stands."""
        answer = self.decider.answer
        return GatedStage(
            answer=None if answer is None else answer.value,
            confidence=self.confidence,
            message_tokens=self.bill.all_message_tokens,
            member_calls=self.calls,
        )

    def close(self) -> None:
        """Close the run's files and let go of its lock."""
        self.journal.close()
        self.lock.close()

    def now(self) -> float:
        """Return seconds since the epoch."""
        return time.time()

    def emit(self, event: Event) -> None:
        """Write an event into the journal and tell all who listen."""
        self.journal.append(event)
        for listener in self.listeners:
            listener(event)

    def warn(self, message: str) -> None:
        """Keep a warning for the end, and tell it now; the same one is told once."""
        if message not in self.warnings:
            self.warnings.append(message)
            self.emit(Warned(at=self.now(), round=self.round, message=message))

    def stop_at(self, err: BudgetExceeded) -> None:
        """Note the limit that ends the talk."""
        self.stop = StopReason.of_limit(err.limit)
        self.emit(LimitReached.of(err, at=self.now(), round_number=self.round))

    def links(self) -> Links:
        """Return every link before the messages of the round under way."""
        return sense(
            self.members,
            self.notebooks,
            self.exchange,
            open_questions=self.open_questions,
            decider=self.settings.decider,
            round_fraction=self.round / self.settings.rounds,
        )

    def messages(self, opening: Opening, *, repeats: bool) -> list[Message]:
        """Return the messages of the open links, by sender and receiver."""
        return [
            self.exchange.compose(
                self.notebooks[i], self.notebooks[j], round_number=self.round, repeats=repeats
            )
            for i, j in np.argwhere(opening.is_open).tolist()
        ]

    def tell_answer(self) -> None:
        """Write down which claim is the team's answer, if there is one."""
        answer = self.decider.answer
        if answer is not None:
            decider = self.decider.member
            self.emit(
                TeamAnswered(at=self.now(), round=self.round, decider=decider, claim_id=answer.id)
            )

    def tell_links(self, links: Links, opening: Opening, *, gate: str) -> None:
        """Write down what the gate saw and decided."""
        names = [member.name for member in self.members]
        self.emit(
            LinksWeighed(
                at=self.now(),
                round=self.round,
                gate=gate,
                features_version=FEATURES_VERSION,
                links=tuple(
                    WeighedLink(
                        sender=names[i],
                        receiver=names[j],
                        probability=round(float(opening.probability[i, j]), _DECIMALS),
                        is_open=bool(opening.is_open[i, j]),
                        features=tuple(_figure(x) for x in links.features[i, j].tolist()),
                    )
                    for i, j in np.argwhere(links.is_link).tolist()
                ),
            )
        )

    def deliver(self, messages: Sequence[Message]) -> list[int]:
        """Deliver messages, book them on both sides, and return who received any."""
        at = {member.name: i for i, member in enumerate(self.members)}
        written = self.exchange.written_tokens(messages)
        for message, tokens in zip(messages, written, strict=True):
            self.exchange.note(message)
            self.bill.book_message(message.sender, tokens)
            self.bill.book_message(message.receiver, message.tokens)
            taken = self.notebooks[at[message.receiver]].take_all(message.claims)
            self._note_delivery(message, taken, tokens)
        return sorted({at[message.receiver] for message in messages})

    def _note_delivery(self, message: Message, taken: Sequence[Claim], written: int) -> None:
        ids = tuple(claim.id for claim in taken)
        self.deliveries.append(
            Delivery(
                sender=message.sender, receiver=message.receiver, round=message.round, taken=ids
            )
        )
        self.emit(
            MessageSent(
                at=self.now(),
                round=message.round,
                sender=message.sender,
                receiver=message.receiver,
                claims=tuple(claim.id for claim in message.claims),
                taken=ids,
                tokens_read=message.tokens,
                tokens_written=written,
            )
        )

    async def call(self, index: int, *, called: int) -> None:
        """Let one of the members that are called at once work, and take in what it claims."""
        member, book = self.members[index], self.notebooks[index]
        task = Assignment(
            question=self.question,
            member=member.name,
            round=self.round,
            held=book.claims,
            budget=self.bill.share(called),
            folder=self.folder.path / "members",
        )
        began = self.bill.clock()
        work = await self._work(member, task)
        self.calls += 1
        self._book(member.name, work, self.bill.clock() - began)
        self.open_questions[index] = work.open_question
        for claim in work.claims:
            whole = with_parents(claim, book.claims)
            if book.take(whole):
                self.claims[whole.id] = whole
                self.emit(ClaimMade(at=self.now(), round=self.round, claim=whole))

    async def _work(self, member: Teammate, task: Assignment) -> Work:
        """Let a member work; one that cannot any more is passed over, and that is told."""
        try:
            return await member.work(task)
        except SetupError as err:
            if task.round == 0:
                raise  # before anything is spent, the person had better mend it
            return Work(open_question=self.question, warnings=(str(err),))

    def _book(self, name: str, work: Work, wall_s: float) -> None:
        self.bill.book_work(name, work)
        self.models[name] = work.model
        for message in work.warnings:
            self.warn(f"{name}: {message}")
        self.emit(
            MemberWorked(
                at=self.now(),
                round=self.round,
                member=name,
                run_id=work.run_id,
                usage=work.usage,
                cost_usd=work.cost_usd,
                wall_s=round(wall_s, 4),
            )
        )


def _figure(value: float) -> float | None:
    return round(value, _DECIMALS) if np.isfinite(value) else None
