"""One attempt, from its line in the journal to its score."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ...records.attempt import Attempt
from ...records.errors import SondeError
from ...records.events import Event, LimitReached
from ...records.stopping import StopReason
from ..suites.suite import Suite, Task
from .bench_journal import BenchJournal
from .judging import judged
from .manifest import Manifest
from .member_calls import MemberRun, member_runs
from .outcome import CUT, Frame, broken_off, ended
from .own_agents import Answerer
from .question import question_of
from .spec import AttemptSpec
from .workbench import Workbench

_GRACE_S = 60.0  # beyond its own limit of time an agent that does not stop is stopped


@dataclass(slots=True, kw_only=True)
class Attempter:
    """Makes attempts, many at a time, and journals each."""

    manifest: Manifest
    """The run."""
    suite: Suite
    """What is asked."""
    workbench: Workbench
    """What makes the agents."""
    journal: BenchJournal
    """Where everything is written."""
    clock: Callable[[], float] = time.monotonic
    """Seconds, from any zero."""
    _tasks: dict[str, Task] = field(init=False)

    def __post_init__(self) -> None:
        self._tasks = {task.id: task for task in self.suite.tasks}

    async def make(self, spec: AttemptSpec) -> Attempt:
        """Make one attempt. Whatever goes wrong in it is in its record.

        Raises:
            CancelledError: It was broken off; its record says `abandoned`.
            SetupError: The journal cannot be written.
        """
        task = self._tasks.get(spec.key.task_id)
        frame = Frame(spec=spec, suite_sha256=self.suite.content_sha256, task=task)
        events: list[Event] = []
        self.journal.start(spec)
        start = self.clock()
        try:
            attempt = await self._attempt(frame, events)
        except asyncio.CancelledError:
            wall_s, members = self.clock() - start, self._members(events)
            record = broken_off(frame, events, status="abandoned", members=members, wall_s=wall_s)
            self._finish(spec, events, record)
            raise
        except Exception as err:  # noqa: BLE001 -- one attempt must not end the others; it is told
            attempt = broken_off(
                frame,
                events,
                status="error",
                members=self._members(events),
                wall_s=self.clock() - start,
                error=_told(err),
            )
        self._finish(spec, events, attempt)
        return attempt

    def _members(self, events: Sequence[Event]) -> tuple[MemberRun, ...]:
        return member_runs(events, self.workbench.home)

    def _finish(self, spec: AttemptSpec, events: Sequence[Event], attempt: Attempt) -> None:
        """Write down what a team's members did, once, and then the record."""
        self.journal.tell_members(spec, self._members(events))
        self.journal.finish(spec, attempt)

    async def _attempt(self, frame: Frame, events: list[Event]) -> Attempt:
        spec, task = frame.spec, frame.task
        if task is None:
            raise SondeError(f"task {spec.key.task_id!r} is not in the suite any more")
        config = self.manifest.agent(spec.key.agent_sha256)
        with self.workbench.lent(config, epoch=spec.key.epoch, task=task) as answerer:
            attempt = await self._asked(frame, events, answerer, question_of(task, config))
        scorer_name = self.manifest.suite.scorer
        return judged(
            _cut(attempt, events), task, scorer_name=scorer_name, home=self.workbench.home
        )

    async def _asked(
        self, frame: Frame, events: list[Event], answerer: Answerer, question: str
    ) -> Attempt:
        """Return what an agent answers, cut off where it passes its own limit of time by far."""

        def hear(event: Event) -> None:
            events.append(event)
            self.journal.hear(frame.spec, event)

        account = self.workbench.purse.account()
        listeners = [account.hear, hear]
        limit = self.manifest.agent(frame.spec.key.agent_sha256).budget.seconds
        clock = asyncio.timeout(None if limit is None else limit + _GRACE_S)
        try:
            async with clock:
                result = await answerer.arun(question, listeners=listeners)
            return ended(frame, result, events, members=self._members(events))
        except TimeoutError:
            if not clock.expired():
                raise
            return replace(
                broken_off(
                    frame,
                    events,
                    status="unscored",
                    members=self._members(events),
                    wall_s=(limit or 0.0) + _GRACE_S,
                ),
                stop_reason=StopReason.DEADLINE,
            )
        finally:
            account.close()


def _cut(attempt: Attempt, events: Sequence[Event]) -> Attempt:
    """Mark an attempt that a limit over many runs cut short, not one of its own."""
    is_cut = any(isinstance(event, LimitReached) and event.is_shared for event in events)
    return replace(attempt, detail={**attempt.detail, CUT: True}) if is_cut else attempt


def _told(err: BaseException) -> str:
    words = str(err) or "no message"
    return words if isinstance(err, SondeError) else f"{type(err).__name__}: {words}"
