"""The runs of an agent: begun, listened to, consulted for a team, and gone on with."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Self

from pydantic import TypeAdapter

from ..costs.budget import Budget
from ..memory.home import Home, RunFolder
from ..records.events import Event
from ..records.evidence import Passage
from ..records.result import Result
from ..tools.corpus.corpus import Corpus
from .consultation import Consultation, consultation
from .driving import Driver, run_alone
from .event_stream import result_stream
from .given import AGENT_KINDS, check_kinds
from .graph import Graph
from .opening import RunOpener
from .run import Listener
from .sources import Sources

if TYPE_CHECKING:
    from ..policies.certificate import Setup


class AgentRuns:
    """What an agent does once it is made: it opens runs, and drives each to its result."""

    def __init__(self, opener: RunOpener, output: TypeAdapter[object] | None) -> None:
        """Take what opens runs.

        Args:
            opener: It holds all that the agent gives to each of its runs.
            output: What the answer's data is to be an instance of; None leaves it as it is.
        """
        self._opener = opener
        self._driver = Driver(opener, output)

    @property
    def graph(self) -> Graph:
        """The agent as a compiled LangGraph graph: `{"question": ...}` in, `answer` out.

        Its nodes are asynchronous: `await agent.graph.ainvoke({"question": ...})`, or `astream`.
        """
        return self._driver.graph

    @property
    def home(self) -> Home:
        """Where the agent's runs stand."""
        return self._opener.home

    @property
    def sources(self) -> Sources:
        """What it works from, and with what."""
        return self._opener.sources

    @property
    def corpus(self) -> Corpus | None:
        """The corpus, indexed on first use; None where none was given.

        Raises:
            SetupError: A path is missing, or holds nothing that can be read.
        """
        return self._opener.corpus()

    def run(self, question: str) -> Result:
        """Answer a question. A limit never raises: its stop reason is in the result.

        Raises:
            SetupError: Something must be mended first.
        """
        return self._alone(lambda: self.arun(question))

    async def arun(
        self, question: str, *, listeners: Sequence[Listener] = (), is_streaming: bool = False
    ) -> Result:
        """Answer a question, from within an event loop.

        Args:
            question: What is asked.
            listeners: Called with every event.
            is_streaming: Whether they want the answer in pieces, while the model writes it.

        Raises:
            SetupError: Something must be mended first.
        """
        run = self._opener.start(question, listeners, is_streaming=is_streaming)
        return await self._driver.drive(run)

    async def consult(
        self,
        question: str,
        *,
        notes: Sequence[Passage] = (),
        budget: Budget | None = None,
        folder: RunFolder | None = None,
        listeners: Sequence[Listener] = (),
    ) -> Consultation:
        """Answer as one of several, from an event loop: with notes of others in reach.

        Of a shared purse it opens an account itself: nobody else hears of its calls in time.

        Args:
            question: What is asked.
            notes: What others found; the agent's search looks through them as well.
            budget: Limits that hold beside the agent's own: the tighter of each pair counts.
            folder: Where the run stands; a new folder of the home by default.
            listeners: Called with every event.

        Raises:
            SetupError: Something must be mended first.
        """
        check_kinds("agent.consult", AGENT_KINDS, {"budget": budget})
        purse = self._opener.purse
        account = None if purse is None else purse.account()
        hearing = [*([] if account is None else [account.hear]), *listeners]
        try:
            run = self._opener.start(question, hearing, notes=notes, budget=budget, folder=folder)
            return await consultation(self._driver, run)
        finally:
            if account is not None:
                account.close()

    async def stream(self, question: str) -> AsyncIterator[Event]:
        """Answer a question, yielding every event; the last one holds the result.

        The answer comes in pieces (`AnswerDelta`) while the model writes it.

        Raises:
            SetupError: Something must be mended first.
        """
        events = result_stream(
            lambda listeners: self.arun(question, listeners=listeners, is_streaming=True)
        )
        async with aclosing(events):
            async for event in events:
                yield event

    def resume(self, run_id: str, *, budget: Budget | None = None) -> Result:
        """Go on with a run that was broken off, or that a limit stopped and a new budget frees.

        A run that has ended is not run again: its result comes back as it was. An agent of another
        model or corpus than the one that began the run goes on with its own, and a warning says so.

        Args:
            run_id: The run.
            budget: Limits that replace the run's, each where it is named. Without it, those of the
                agent count where they are wider.

        Raises:
            SetupError: There is no such run, or another process works on it.
        """
        return self._alone(lambda: self.aresume(run_id, budget=budget))

    async def aresume(
        self,
        run_id: str,
        *,
        budget: Budget | None = None,
        listeners: Sequence[Listener] = (),
        is_streaming: bool = False,
    ) -> Result:
        """Go on with a run, from within an event loop. See `resume` and `arun`."""
        check_kinds("agent.resume", AGENT_KINDS, {"budget": budget})
        run = self._opener.reopen(
            run_id, budget=budget, listeners=listeners, is_streaming=is_streaming
        )
        return await self._driver.drive(run)

    def setup(self) -> "Setup":
        """Return all that a promise of this agent depends on.

        Raises:
            SetupError: Sources, tools or limits cannot be used, or there is no calibration.
        """
        return self._opener.setup()

    async def aclose(self) -> None:
        """Close the model's connections; a later run opens others."""
        close = getattr(self._opener.brain.chat_model, "aclose", None)
        if close is not None:
            await close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _alone(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Run to the end where no event loop runs yet, and close the connections of that loop."""

        async def closing() -> Result:
            async with self:
                return await work()

        return run_alone(closing)
