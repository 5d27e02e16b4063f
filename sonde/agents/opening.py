"""Opening runs: everything that one agent gives to each of its runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..costs.budget import Budget
from ..costs.day_ledger import DayLedger
from ..costs.frozen_book import book_path, freeze, read_book
from ..costs.pricing import PriceBook
from ..costs.purse import Purse
from ..memory.home import Home, RunFolder
from ..memory.journal import read_journal
from ..models.extractive.reasoner import ExtractiveReasoner
from ..models.reasoner import Reasoner
from ..records.errors import SetupError
from ..records.evidence import Passage
from ..records.tooling import ToolSpec
from ..tools.calculate import calculate
from ..tools.corpus.corpus import Corpus
from ..tools.corpus_tools import open_document, search_corpus
from ..tools.tool import Tool
from ..tools.toolbox import Toolbox
from .acting import book_index
from .brain import Brain
from .builtin_tools import ASK_SPEC, RECALL_SPEC, AskTool, AskUser, RecallTool, by_interrupt
from .chooser import MODEL, Chooser
from .going_on import going_on
from .inputs import checked_question, checked_run_id
from .notes_search import with_notes
from .record import replay
from .run import Listener, Parts, Run
from .run_prices import book_with_purchases
from .run_time_scores import RunTimeScores
from .settings import RunSettings, fit_to_budget
from .sitting import open_run
from .sources import Sources, corpus_name

if TYPE_CHECKING:
    from ..policies.calibration import Calibration
    from ..policies.certificate import Setup
    from ..policies.query_policy import QueryPolicy

_COUNTS_KEPT = 64  # the question and the report are counted several times a round


@dataclass(slots=True, kw_only=True)
class RunOpener:
    """Opens new runs and stored ones, with the tools, the reasoner and the limits of an agent."""

    brain: Brain
    """What decides."""
    home: Home
    """Where runs stand."""
    settings: RunSettings
    """How runs are made."""
    tools: Sequence[Tool]
    """The builder's tools."""
    ask_user: AskUser | None
    """What reaches the person."""
    corpus_paths: Sequence[Path] = ()
    """What the corpus is made of."""
    opened_corpus: Corpus | None = field(default=None)
    """The corpus, once it is open."""
    kept_book: PriceBook | None = field(default=None)
    """The price book of new runs, once it stands in the home."""
    purse: Purse | None = None
    """A limit that all of its runs share."""
    spending: DayLedger | None = None
    """What the day has cost, over all processes, and its limit."""
    lasting: Sequence[Tool] | None = field(default=None)
    """The tools that all runs share, once a run was opened."""
    query_policy: "QueryPolicy | None" = None
    """A query policy of the builder's own."""
    calibration: "Calibration | None" = None
    """What was calibrated."""

    @property
    def sources(self) -> Sources:
        """What the agent works from, and with what."""
        own = self.corpus_paths or self.opened_corpus or self.tools or self.brain.chat_model
        return Sources(
            are_own=bool(own),
            corpus_name=corpus_name(self.corpus_paths),
            model_name=self.brain.name,
        )

    def corpus(self) -> Corpus | None:
        """Return the corpus, indexed on first use; None where none was given.

        Raises:
            SetupError: A path is missing, or holds nothing that can be read.
        """
        if self.opened_corpus is None and self.corpus_paths:
            self.opened_corpus = Corpus.open(
                self.corpus_paths, index_root=self.home.indexes, leave_out=self.home.path
            )
        return self.opened_corpus

    def start(
        self,
        question: str,
        listeners: Sequence[Listener] = (),
        *,
        notes: Sequence[Passage] = (),
        budget: Budget | None = None,
        folder: RunFolder | None = None,
        is_streaming: bool = False,
    ) -> Run:
        """Open a new run.

        Args:
            question: What is asked.
            listeners: Called with every event.
            notes: What others found, for the first search tool to look through as well.
            budget: Limits that hold beside the agent's own: the tighter of each pair counts.
            folder: Where the run stands; a new folder of the home by default.
            is_streaming: Whether the listeners want the answer while it is written.

        Raises:
            SetupError: Question, sources, limits or home cannot be used.
        """
        question = checked_question(question)
        limits = self.settings.budget.tightened(budget or Budget())
        self._check_sources(has_notes=bool(notes))
        settings = self._fitted(replace(self.settings, budget=limits))
        book = self._kept_book()
        settings = replace(settings, price_book=None if book is None else book.book_id)
        folder = folder or self.home.new_run()
        return self._open(
            folder, question, settings, listeners, book=book, notes=notes, is_streaming=is_streaming
        )

    def reopen(
        self,
        run_id: str,
        *,
        budget: Budget | None = None,
        listeners: Sequence[Listener] = (),
        is_streaming: bool = False,
    ) -> Run:
        """Open a stored run; one that a limit had stopped goes on only under a new budget.

        Limits that the new budget does not name stay as they were; without one the agent's own
        count where they are wider than the run's.

        Raises:
            SetupError: There is no such run, its start cannot be read, or a process works on it.
        """
        folder = self.home.run(checked_run_id(run_id))
        record = replay(read_journal(folder.journal).events)
        taken = going_on(record, own=self.settings, budget=budget)
        book = self._price_as_before(taken.settings)
        run = self._open(
            folder,
            None,
            self._fitted(taken.settings),
            listeners,
            book=book,
            is_taken_up=taken.is_taken_up,
            is_streaming=is_streaming,
        )
        for note in taken.notes if taken.is_taken_up else ():
            run.warn(note)
        return run

    def _kept_book(self) -> PriceBook | None:
        """Return the price book of new runs, written into the home before the first of them."""
        if self.kept_book is None:  # the whole list takes longer to write than a round
            self.kept_book = self._book(self.brain.price_book)
            if self.kept_book is not None:
                freeze(self.kept_book, self.home.price_books)
        return self.kept_book

    def _book(self, book: PriceBook | None) -> PriceBook | None:
        return book_with_purchases(
            book, tools=self.tools, corpus=self.corpus(), overrides=self.home.prices
        )

    def _price_as_before(self, settings: RunSettings) -> PriceBook | None:
        """Price a stored run by the book that it was begun under, and return that.

        A run whose book says nothing of services takes their prices of today.
        """
        if settings.price_book is None:
            return self._book(None)
        kept = self._kept_book()
        if kept is not None and kept.book_id == settings.price_book:
            return kept
        book = read_book(book_path(settings.price_book, self.home.price_books))
        if self.brain.chat_model is not None:
            self.brain = self.brain.priced_by(book)
            self.kept_book = None  # runs that this agent begins later are priced by it as well
        return self._book(book)

    def _open(
        self,
        folder: RunFolder,
        question: str | None,
        settings: RunSettings,
        listeners: Sequence[Listener],
        *,
        book: PriceBook | None,
        is_taken_up: bool = True,
        notes: Sequence[Passage] = (),
        is_streaming: bool = False,
    ) -> Run:
        run = open_run(
            folder,
            question=question,
            settings=settings,
            reserve=self.brain.reserve(settings),
            count_tokens=lru_cache(_COUNTS_KEPT)(self.brain.count_tokens),
            is_taken_up=is_taken_up,
            listeners=listeners,
            purse=self.purse,
            day=self.spending.account() if self.spending else None,
        )
        run.is_streaming = is_streaming
        tools: list[Tool] = [*with_notes(self._lasting_tools(), notes), RecallTool(run.store)]
        tools += [AskTool(self.ask_user)] if self.ask_user else []
        reasoner = self.brain.for_run(run, settings)
        run.parts = Parts(
            reasoner=reasoner,
            chooser=self._chooser(settings, reasoner),
            run_time_scores=self._run_time_scores(),
            toolbox=Toolbox(tools),
            settings=settings,
            is_metered=self.brain.chat_model is not None,
            overhead_tokens=self.brain.overhead_tokens(self._specs()),
            prompt_prices=self.brain.prompt_prices(self._specs(), settings),
            asks_by_interrupt=self.ask_user is by_interrupt,
            prices=book,
        )
        if is_taken_up and self.opened_corpus is not None:
            book_index(run, self.opened_corpus.take_purchases())
        return run

    def _chooser(self, settings: RunSettings, reasoner: Reasoner) -> Chooser:
        """Return how the run's actions are chosen, with what earlier runs tell of drift."""
        is_plain = settings.policy == MODEL and self.calibration is None
        if is_plain:
            return Chooser(ask_price=settings.ask_price)
        from .chooser_making import make_chooser  # here: it loads scipy

        scores = self._run_time_scores()
        return make_chooser(
            settings,
            reasoner=reasoner,
            query_policy=self.query_policy,
            calibration=self.calibration,
            earlier=scores.read() if scores else (),
        )

    def setup(self) -> "Setup":
        """Return all that a promise of this agent depends on.

        Raises:
            SetupError: There is no calibration to look at.
        """
        settings = self._fitted(self.settings)
        certifying = self._chooser(settings, self.brain.likeness).certifying
        if certifying is None:
            raise SetupError("this agent has no calibration, so it promises nothing")
        return certifying.setup

    def _run_time_scores(self) -> RunTimeScores | None:
        """Return where confidences are written down; episodes of a calibration are not."""
        if self.calibration is None or not self.calibration.episodes:
            return None
        return RunTimeScores.of(self.home, self.calibration)

    def _lasting_tools(self) -> Sequence[Tool]:
        """Return the tools that all runs share, made once."""
        if self.lasting is None:
            corpus = self.corpus()
            found = [] if corpus is None else [search_corpus(corpus), open_document(corpus)]
            self.lasting = [*self.tools, *found, calculate]
        return self.lasting

    def _specs(self) -> list[ToolSpec]:
        asking = [ASK_SPEC] if self.ask_user else []
        return [*(each.spec for each in self._lasting_tools()), RECALL_SPEC, *asking]

    def _fitted(self, settings: RunSettings) -> RunSettings:
        self.brain.check_budget(settings.budget)
        return fit_to_budget(settings, needs=self.brain.needs(self._specs()))

    def _check_sources(self, *, has_notes: bool = False) -> None:
        has_sources = bool(self.corpus_paths or self.opened_corpus or self.tools or has_notes)
        if isinstance(self.brain.reasoner, ExtractiveReasoner) and not has_sources:
            raise SetupError(
                "nothing to search and no model to ask: give a corpus (`corpus=...`), the web "
                "(`tools=web_tools(...)`) or a model (`model=...`)"
            )
