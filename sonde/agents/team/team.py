"""The door: `Team([Agent(...), Agent(...)], decider=0).run("...")`."""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from langchain_core.runnables import RunnableConfig

from ...costs.budget import Budget
from ...memory.home import Home
from ...models.tokens import count_tokens_for
from ...policies.gating.gates import OpenGate
from ...records.claims import Claim
from ...records.errors import SetupError
from ...records.events import AnswerDelta, Event, RunInterrupted, RunStopped
from ...records.stopping import StopReason
from ..agent import Agent
from ..event_stream import event_stream
from ..given import TEAM_KINDS, check_kinds
from ..inputs import checked_question
from ..run import Listener
from .agent_member import Member
from .bill import Bill
from .checks import Checks
from .exchange import MessageCost
from .gate_choice import GateWish, choose_gate
from .graph import TeamGraph, TeamState, build_team_graph, recursion_limit
from .member import Teammate
from .outcome import answered_before, result_of
from .result import TeamResult
from .roster import index_of, named
from .settings import DEFAULT_ROUNDS, TeamSettings, gate_hash, team_hash
from .team_run import TeamRun

_UNLIMITED = (StopReason.ANSWERED, StopReason.ABSTAINED)
"""How a run ends that no limit cut short."""
CHECK_SHARE = 0.03
"""Share of the runs under a learned gate that are played fully open as well."""


class Team:
    """Agents that answer together; a gate decides per message and round who hears what.

    Every member works on the question with its own corpus, tools and model; what it finds becomes
    claims, and claims go where the gate lets them. The decider's answer is the team's.
    """

    def __init__(
        self,
        members: Sequence[Agent | Teammate],
        *,
        decider: str | int = 0,
        gate: GateWish = None,
        rounds: int = DEFAULT_ROUNDS,
        budget: Budget | None = None,
        message_budget: int | None = None,
        message_cost: MessageCost | None = None,
        tau: float | None = None,
        check_share: float = CHECK_SHARE,
        seed: int | None = None,
        home: str | Path | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Put a team together; nothing is read or asked yet.

        Args:
            members: Agents, members with a name (`Member`), or anything that can be one.
            decider: Name or index of the member whose answer is the team's.
            gate: Who hears what: `novelty` (the default: whatever is new), `open`, `hand`, `chain`,
                `star`, the path of a gate.json, or a gate.
            rounds: Rounds of messages; as many again may follow where the decider is not sure.
            budget: Limits of each run, over all members.
            message_budget: Most claims of a message: those that tell the receiver most.
            message_cost: What messages cost in tokens; counted from their words by default.
            tau: Under this confidence the decider has everything new told to everybody; a gate.json
                brings its own.
            check_share: Share of the runs under a learned gate that are played fully open as well.
            seed: Which runs are checked; None leaves it to chance.
            home: Where runs stand; default SONDE_HOME or the platform's folder.
            environ: Environment; the process's own by default.

        Raises:
            SetupError: Something given cannot be used; the message says what to do.
        """
        check_kinds(
            "Team",
            TEAM_KINDS,
            {
                "rounds": rounds,
                "budget": budget,
                "message_budget": message_budget,
                "tau": tau,
                "check_share": check_share,
                "seed": seed,
                "home": home,
                "environ": environ,
            },
        )
        environ = os.environ if environ is None else environ
        self.members = named(members)
        self._home = Home(Path(home)) if home is not None else Home.of(environ)
        index = index_of(decider, self.members)
        _check_numbers(rounds, message_budget, check_share)
        counter = count_tokens_for(None, environ=environ)
        cost = message_cost or MessageCost(claim_tokens=lambda claim: _claim_tokens(claim, counter))
        plain = TeamSettings(
            decider=index,
            cost=cost,
            rounds=rounds,
            most_claims=message_budget,
            budget=budget or Budget(),
        )
        gated = choose_gate(gate, tau, members=self.members, plain=plain)
        self._settings, self._is_learned = gated.settings, gated.is_learned
        self.gate_notes = gated.notes
        self._check_share = check_share
        self._rng = random.Random(seed)
        self._runs: dict[str, TeamRun] = {}

    @property
    def settings(self) -> TeamSettings:
        """How the team plays."""
        return self._settings

    @property
    def hash(self) -> str:
        """What tells this team from another; a calibration holds for one."""
        return team_hash(self.members, self._settings)

    @property
    def home(self) -> Home:
        """Where runs stand."""
        return self._home

    @cached_property
    def graph(self) -> TeamGraph:
        """The team as a compiled LangGraph graph."""
        return build_team_graph(self.members, self._runs.__getitem__)

    def with_gate(self, gate: GateWish, *, tau: float | None = None) -> "Team":
        """Return the same team under another gate, without checks."""
        return Team(
            self.members,
            decider=self._settings.decider,
            gate=gate,
            rounds=self._settings.rounds,
            budget=self._settings.budget,
            message_budget=self._settings.most_claims,
            message_cost=self._settings.cost,
            tau=tau,
            check_share=0.0,
            home=self._home.path,
        )

    def run(self, question: str) -> TeamResult:
        """Answer a question. A limit never raises: its stop reason is in the result.

        Raises:
            SetupError: Something must be mended first.
        """
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(self._alone(self.arun(question)))
        raise SetupError("an event loop is running here: use `await team.arun(...)`")

    async def arun(self, question: str, *, listeners: Sequence[Listener] = ()) -> TeamResult:
        """Answer a question, from within an event loop.

        Args:
            question: What is asked.
            listeners: Called with every event.

        Raises:
            SetupError: Something must be mended first.
        """
        question = checked_question(question)
        bill = Bill(budget=self._settings.budget, clock=time.monotonic)
        if not self._is_checked():
            return await self._play(question, self._settings, listeners, bill=bill)
        gated = await self._play(question, self._settings, (), bill=bill)
        checks = Checks(self._home, self.hash, gate_hash(self._settings.gate, self._settings.tau))
        fully_open = replace(self._settings, gate=OpenGate(), tau=None)

        def compare(run: TeamRun) -> TeamResult:
            if gated.stop_reason not in _UNLIMITED:
                return result_of(run)
            if run.stop is not None:
                return answered_before(run, gated)
            checks.compare(gated, run)
            return result_of(run)

        return await self._play(question, fully_open, listeners, bill=bill, end=compare)

    async def stream(self, question: str) -> AsyncIterator[Event]:
        """Answer a question, yielding every event; the last one holds the result.

        Raises:
            SetupError: Something must be mended first.
        """
        events = event_stream(lambda listeners: self.arun(question, listeners=listeners))
        async with aclosing(events):
            async for event in events:
                yield event

    async def aclose(self) -> None:
        """Close the members' connections; a later run opens others."""
        for member in self.members:
            if isinstance(member, Member):
                await member.agent.aclose()

    async def _alone(self, work: Coroutine[object, object, TeamResult]) -> TeamResult:
        try:
            return await work
        finally:
            await self.aclose()

    async def _play(
        self,
        question: str,
        settings: TeamSettings,
        listeners: Sequence[Listener],
        *,
        bill: Bill,
        end: Callable[[TeamRun], TeamResult] = result_of,
    ) -> TeamResult:
        run = TeamRun(
            folder=self._home.new_run(),
            question=question,
            members=self.members,
            settings=settings,
            listeners=listeners,
            bill=bill,
        )
        self._runs[run.folder.run_id] = run
        config = RunnableConfig(recursion_limit=recursion_limit(settings.rounds))
        try:
            for note in self.gate_notes:
                run.warn(note)
            await self.graph.ainvoke(TeamState(run_id=run.folder.run_id), config)  # pyright: ignore[reportUnknownMemberType] -- its overloads are open
            result = end(run)
            run.tell_answer()
            if result.answer:
                run.emit(AnswerDelta(at=run.now(), round=run.round, text=result.answer))
            run.emit(RunStopped(at=run.now(), round=run.round, result=result))
            return result
        except asyncio.CancelledError:
            run.emit(RunInterrupted(at=run.now(), round=run.round, message="interrupted"))
            raise
        finally:
            self._runs.pop(run.folder.run_id)
            run.close()

    def _is_checked(self) -> bool:
        return self._is_learned and self._rng.random() < self._check_share


def _check_numbers(rounds: int, message_budget: int | None, check_share: float) -> None:
    if rounds < 1:
        raise SetupError(f"a team needs at least 1 round of messages, not {rounds}")
    if message_budget is not None and message_budget < 1:
        raise SetupError(f"a message holds at least 1 claim, not {message_budget}")
    if not 0 <= check_share <= 1:
        raise SetupError(f"the share of checked runs lies between 0 and 1, not {check_share}")


def _claim_tokens(claim: Claim, count: Callable[[str], int]) -> int:
    return count(f"{claim.id} {claim.subject}: {claim.value} ({claim.confidence:.2f})")
