"""The door: `Agent(corpus="docs/").run("...")`."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

from ..costs.budget import Budget
from ..costs.day_ledger import DayLedger, limit_of
from ..costs.pricing import PriceBook
from ..costs.purse import Purse
from ..memory.home import Home, RunFolder
from ..memory.policy import MemoryPolicy
from ..models.chat.prompts import Prompts
from ..models.chat.rendering import ToolProtocol
from ..models.chat_model import ChatModel
from ..models.reasoner import Reasoner
from ..records.belief import BeliefName
from ..records.events import Event
from ..records.evidence import Passage
from ..records.json_types import JsonObject, JsonValue
from ..records.result import Result
from ..tools.corpus.corpus import Corpus
from .believing import STATED, checked_belief
from .brain import Writing
from .brain_making import make_brain
from .builtin_tools import AskUser
from .chooser import MODEL, check_policy, checked_clarify, given_calibration, named_policy
from .consultation import Consultation, consultation
from .driving import Driver, run_alone
from .event_stream import event_stream
from .given import AGENT_KINDS, check_kinds
from .graph import Graph
from .inputs import (
    CorpusPaths,
    Given,
    as_tools,
    checked_alpha,
    checked_price,
    checked_protocol,
    checked_timeout,
    corpus_paths,
    image_paths,
    memory_policy,
    names_of,
    output_adapter,
)
from .opening import RunOpener, Sources
from .pictures import read_pictures
from .recording import recording_of
from .run import Listener
from .settings import RunSettings

if TYPE_CHECKING:
    from ..policies.calibration import Calibration
    from ..policies.certificate import Setup
    from ..policies.query_policy import QueryPolicy


class Agent:
    """Answers questions from evidence, within a budget, and says what it rests on.

    With a corpus alone it works offline: the extractive reasoner searches, reads and quotes, and
    needs no key and no network.
    """

    def __init__(
        self,
        model: str | ChatModel | Reasoner | None = None,
        *,
        corpus: CorpusPaths | Corpus | None = None,
        tools: Sequence[Given] = (),
        images: Sequence[str | Path] = (),
        belief: BeliefName = STATED,
        policy: "str | QueryPolicy | None" = None,
        ask_price: float = 3.0,
        clarify: str = "never",
        calibration: "str | Path | Calibration | None" = None,
        memory: MemoryPolicy | str = MemoryPolicy.WORKSPACE,
        budget: Budget | None = None,
        alpha: float | None = None,
        output_type: type | None = None,
        tool_protocol: ToolProtocol = "text",
        prompts: str | Path | None = None,
        record: str | Path | None = None,
        replay: str | Path | None = None,
        ask_user: AskUser | None = None,
        base_url: str | None = None,
        call_timeout_s: float | None = None,
        workspace_tokens: int = 16_000,
        seed: int | None = None,
        prices: PriceBook | None = None,
        home: str | Path | None = None,
        environ: Mapping[str, str] | None = None,
        origin: Mapping[str, JsonValue] | None = None,
        purse: Purse | None = None,
        spending: DayLedger | None = None,
    ) -> None:
        """Put an agent together; nothing is read or asked yet.

        Args:
            model: None for the extractive reasoner; a model's name (`gpt-5-mini`,
                `openai:NAME`); a chat model; or a reasoner.
            corpus: Folders or files to search, or an open corpus.
            tools: Functions under `@tool`, plain functions, LangChain tools, or anything with
                `spec` and `call`.
            images: Pictures that a model that sees is shown in every round: at most 8 files of PNG,
                JPEG, GIF or WebP, each of 5 MiB at most.
            belief: Where the probabilities of candidate answers come from: `stated` (the default)
                takes those of the reply itself and costs no call; `logprobs` and `verbalized` ask
                the model once more for each decision that names a candidate, `samples` 8 times.
            policy: How the next action is chosen: `model` (the default) trusts the reasoner, `gain`
                takes what is expected to remove most uncertainty per price, `cip` what is expected
                to leave the smallest conformal set, `random` any; or a query policy of your own.
            ask_price: What a question to the person costs, in searches.
            clarify: Whether to ask the person what the question leaves open: `never`; `auto`, where
                the answer is worth its price; `always`, at least once.
            calibration: What `sonde calibrate` wrote, for a certified stop and a certified set.
            memory: What is kept of the past: `workspace`, `append` (also called `react`),
                `summarize` or `auto`.
            budget: Limits of each run. A stored run that is resumed gets those that are wider than
                its own.
            alpha: The confidence set holds 1 - alpha of the belief; 0.1 by default.
            output_type: A pydantic model (or any type) that the answer is to be given as.
            tool_protocol: `text` calls tools by tags in the reply, which any model can write;
                `native` by the provider's own means.
            prompts: Folder of prompts of your own; each file replaces the one of its name.
            record: Folder in which the model's calls are kept; what it holds is not asked again.
            replay: Folder of recorded calls that stand in for the model: no key, no network.
            ask_user: Puts a question to the person; None offers no such action.
            base_url: Endpoint of a named model.
            call_timeout_s: The longest that one call of the model may take, its retries included
                and the wait for a free slot not; 15 minutes by default.
            workspace_tokens: Cap of the whole prompt of a round.
            seed: Sampling seed that is sent to a model; None sends none.
            prices: What tokens cost; the list prices of the day for a named model by default.
            home: Where runs and indexes stand; default SONDE_HOME or the platform's folder.
            environ: Environment; the process's own by default.
            origin: Kept in the journal for whoever builds the agent again.
            purse: A limit that its runs share with those of other agents; hand each run the
                purse's `account()` as a listener.
            spending: What the day has cost over all processes, with its limit; by default the
                home's own, limited by SONDE_MAX_USD_PER_DAY.

        Raises:
            SetupError: Something given cannot be used; the message says what to do.
        """
        check_kinds(
            "Agent",
            AGENT_KINDS,
            {
                "ask_price": ask_price,
                "clarify": clarify,
                "memory": memory,
                "budget": budget,
                "alpha": alpha,
                "tool_protocol": tool_protocol,
                "prompts": prompts,
                "record": record,
                "replay": replay,
                "ask_user": ask_user,
                "base_url": base_url,
                "call_timeout_s": call_timeout_s,
                "workspace_tokens": workspace_tokens,
                "seed": seed,
                "prices": prices,
                "home": home,
                "environ": environ,
                "origin": origin,
            },
        )
        environ = os.environ if environ is None else environ
        place = Home(Path(home)) if home is not None else Home.of(environ)
        output = None if output_type is None else output_adapter(output_type)
        schema = None if output is None else cast(JsonObject, output.json_schema())
        brain = make_brain(
            model,
            base_url=base_url,
            environ=environ,
            prices=prices,
            overrides=place.prices,
            writing=Writing(
                output_schema=schema,
                tool_protocol=checked_protocol(tool_protocol),
                images=read_pictures(image_paths(images)),
                call_timeout_s=checked_timeout(call_timeout_s),
                prompts=None if prompts is None else Prompts.load(Path(prompts).expanduser()),
            ),
            recording=recording_of(record, replay),
            has_policy=policy not in (None, MODEL),
        )
        query_policy, policy_name = named_policy(policy)
        calibrated = given_calibration(calibration)
        check_policy(
            policy_name,
            brain.capabilities,
            has_thresholds=bool(calibrated and calibrated.set_thresholds),
        )
        paths = () if isinstance(corpus, Corpus) else corpus_paths(corpus)
        settings = RunSettings(
            memory=memory_policy(memory),
            workspace_tokens=workspace_tokens,
            budget=budget or Budget(),
            alpha=checked_alpha(alpha),
            belief=checked_belief(belief, brain.capabilities),
            policy=policy_name,
            ask_price=checked_price(ask_price),
            clarify=checked_clarify(clarify, brain.capabilities, has_person=ask_user is not None),
            calibration=str(calibration) if isinstance(calibration, str | Path) else None,
            seed=seed,
            model=brain.name,
            corpus=corpus.names if isinstance(corpus, Corpus) else names_of(paths),
            origin=dict(origin or {}),
        )
        self._opener = RunOpener(
            brain=brain,
            home=place,
            settings=settings,
            tools=as_tools(tools),
            ask_user=ask_user,
            corpus_paths=paths,
            opened_corpus=corpus if isinstance(corpus, Corpus) else None,
            purse=purse,
            query_policy=query_policy,
            calibration=calibrated,
            spending=spending or DayLedger(place.spending, limit_usd=limit_of(environ)),
        )
        self._driver = Driver(self._opener, output)

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
        events = event_stream(
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
