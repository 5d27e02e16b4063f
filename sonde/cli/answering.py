"""`ask` and `resume`: an agent is run, watched, and its result written."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from functools import partial
from typing import NamedTuple, NoReturn

from ..agents.agent import Agent
from ..agents.inputs import checked_question
from ..agents.run import Listener
from ..agents.team.result import TeamResult
from ..agents.team.team import Team
from ..memory.home import Home
from ..memory.journal import event_json
from ..models.embedder import Embedder
from ..records.errors import SetupError
from ..records.events import Event, RunStarted
from ..records.result import Result
from ..records.stopping import StopReason
from ..tools.corpus.corpus import Corpus
from .corpus_opening import open_corpus
from .exits import ExitCode, Interrupted, OutputClosed, RunBroke, code_of
from .figures import count
from .flag_words import in_flags
from .interrupts import Interrupts
from .origin import agent_of, embedder_of, stored_request
from .person import person_at
from .progress import Progress, choose_progress
from .rendering import write_result
from .request import Limits, Request, ScreenWishes
from .screen import check_can_write, say, write_out
from .team_origin import team_of

_LONGEST_STDIN = 4_000_000


class Opened(NamedTuple):
    """What a run is begun with."""

    stack: ExitStack
    """Closes what was opened, when the run is over."""
    progress: Progress
    """Shows how far it is."""
    listeners: Sequence[Listener]
    """Who hears of events."""


Begin = Callable[[Opened], Coroutine[object, object, Result]]
"""Begins a run."""
Start = Callable[[Agent, Sequence[Listener], bool], Coroutine[object, object, Result]]
"""Starts a run, or goes on with one: with its listeners, and whether they want drafts."""


def answer_question(request: Request, wishes: ScreenWishes) -> ExitCode:
    """Answer a question and return the exit code.

    Raises:
        SetupError: Something must be mended first.
    """
    if wishes.output is not None:
        check_can_write(wishes.output)
    question = checked_question(_read_stdin() if request.question == "-" else request.question)

    if request.team is not None:
        return _ask_team(question, request, wishes)

    def start(
        agent: Agent, listeners: Sequence[Listener], has_drafts: bool
    ) -> Coroutine[object, object, Result]:
        return agent.arun(question, listeners=listeners, is_streaming=has_drafts)

    return _answer(request, wishes, start=start, run_id=None)


def resume_run(
    run_id: str | None,
    limits: Limits,
    wishes: ScreenWishes,
    *,
    max_usd_per_day: float | None = None,
) -> ExitCode:
    """Go on with a run and return the exit code.

    Raises:
        SetupError: There is no such run, or it cannot go on.
    """
    if wishes.output is not None:
        check_can_write(wishes.output)
    folder = Home.of(os.environ).run(run_id)
    request, budget = stored_request(folder, limits)
    request = replace(request, max_usd_per_day=max_usd_per_day)

    def start(
        agent: Agent, listeners: Sequence[Listener], has_drafts: bool
    ) -> Coroutine[object, object, Result]:
        return agent.aresume(
            folder.run_id, budget=budget, listeners=listeners, is_streaming=has_drafts
        )

    return _answer(request, wishes, start=start, run_id=folder.run_id)


def _answer(
    request: Request, wishes: ScreenWishes, *, start: Start, run_id: str | None
) -> ExitCode:
    embedder = embedder_of(request, os.environ)
    corpora: list[Corpus | None] = []

    def begin(opened: Opened) -> Coroutine[object, object, Result]:
        person = person_at(opened.progress)
        agent_of(request, None, os.environ, ask_user=person)  # before documents are read
        corpus = opened.stack.enter_context(_open_corpus(request, opened.progress, embedder))
        corpora.append(corpus)
        agent = agent_of(request, corpus, os.environ, ask_user=person)
        has_drafts = wishes.has_drafts and (wishes.is_stream or opened.progress.shows_drafts)
        return _with_closing(agent, start(agent, opened.listeners, has_drafts))

    result = _watch(begin, wishes, seen=_Seen(run_id))
    if embedder is not None and not wishes.is_quiet:
        unbooked = [each for corpus in corpora if corpus for each in corpus.take_purchases()]
        say(_embedding_in_words(embedder, is_booked=not unbooked))
    _write(result, wishes, is_resumed=run_id is not None)
    return code_of(result.stop_reason, has_answer=result.answer is not None)


def _ask_team(question: str, request: Request, wishes: ScreenWishes) -> ExitCode:
    def begin(opened: Opened) -> Coroutine[object, object, Result]:
        team = team_of(request, os.environ)
        return _with_closing(team, team.arun(question, listeners=opened.listeners))

    result = _watch(begin, wishes, seen=_Seen(None, can_go_on=False))
    _write(result, wishes, is_resumed=False)
    return code_of(result.stop_reason, has_answer=result.answer is not None)


def _watch(begin: Begin, wishes: ScreenWishes, *, seen: "_Seen") -> Result:
    """Run something to its end, showing how far it is; an interruption says how to go on."""
    progress = choose_progress(
        is_quiet=wishes.is_quiet or (wishes.is_stream and sys.stdout.isatty()),
        is_verbose=wishes.is_verbose,
    )
    listeners: list[Listener] = [seen.hear, progress.hear]
    if wishes.is_stream:
        listeners.append(_stream)
    interrupts = Interrupts(on_first=partial(progress.note, "stopping; once more ends at once"))
    with ExitStack() as stack:
        stack.enter_context(interrupts)
        stack.enter_context(progress)
        try:
            return interrupts.run(begin(Opened(stack, progress, listeners)))
        except (KeyboardInterrupt, asyncio.CancelledError) as err:
            _tell_interrupted(seen, err)
        except OutputClosed:
            raise
        except Exception as err:
            if seen.run_id is None or not seen.can_go_on:
                raise
            raise RunBroke(seen.run_id) from err


async def _with_closing(answerer: Agent | Team, run: Coroutine[object, object, Result]) -> Result:
    try:
        return await run
    finally:
        await answerer.aclose()


def _write(result: Result, wishes: ScreenWishes, *, is_resumed: bool) -> None:
    if not wishes.is_quiet and sys.stdout.isatty() and sys.stderr.isatty():
        say("")  # keeps the answer apart from the progress above it
    if not wishes.is_stream or wishes.output is not None:
        write_result(result, wishes)
    if result.stop_reason is StopReason.PROVIDER_ERROR and not wishes.is_quiet:
        _say_how_to_go_on(result, wishes)
    if is_resumed and result.stop_reason.is_budget and not wishes.is_quiet:
        say(f"the run stands at its limit ({result.stop_reason}); a larger one lets it go on")


def _say_how_to_go_on(result: Result, wishes: ScreenWishes) -> None:
    """Tell the next step after a failure, and the failure where no page on stdout tells it."""
    is_page = wishes.output is None and not wishes.is_stream and wishes.chosen_format != "json"
    failure = None if is_page or result.failure is None else in_flags(result.failure)
    lead = failure or "the run keeps its place"
    if not isinstance(result, TeamResult):
        say(f"{lead}; when that is mended: sonde resume {result.run_id}")
    elif not is_page:
        say(lead)


class _Seen:
    """Remembers the id of the run."""

    def __init__(self, run_id: str | None, *, can_go_on: bool = True) -> None:
        self.run_id = run_id
        self.can_go_on = can_go_on

    def hear(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self.run_id = event.run_id


def _open_corpus(
    request: Request, progress: Progress, embedder: Embedder | None
) -> AbstractContextManager[Corpus | None]:
    if not request.documents:
        return nullcontext()
    return open_corpus(request.documents, progress=progress, embedder=embedder)


def _embedding_in_words(embedder: Embedder, *, is_booked: bool) -> str:
    tokens = "unknown" if embedder.tokens is None else f"{embedder.tokens:,}"
    where = "on the bill" if is_booked else "on no bill, since the run had ended"
    texts = f"{count(embedder.texts_embedded, 'text')}, {tokens} tokens"
    return f"embedder {embedder.name}: {texts}; {where}"


def _stream(event: Event) -> None:
    write_out(event_json(event).decode())


def _read_stdin() -> str:
    data = sys.stdin.buffer.read(_LONGEST_STDIN + 1)
    if len(data) > _LONGEST_STDIN:
        raise SetupError(
            f"stdin holds over {_LONGEST_STDIN:,} bytes, which is no question; put the text into "
            "a file and give it with -f FILE"
        )
    return data.decode("utf-8", "replace")


def _tell_interrupted(seen: _Seen, err: BaseException) -> NoReturn:
    if seen.run_id is None:
        raise Interrupted("interrupted before the run began; ask again") from err
    if not seen.can_go_on:
        raise Interrupted("interrupted; a team cannot go on with a run, so ask again") from err
    raise Interrupted(f"interrupted; go on with: sonde resume {seen.run_id}") from err
