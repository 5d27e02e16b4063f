"""What decides, from whatever the builder gave: nothing, a name, a chat model or a reasoner."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import cast

from ..costs.budget import Budget, WorstCase
from ..costs.pricing import ModelPrice, PriceBook
from ..memory.cutting import CountTokens
from ..memory.policy import MemoryPolicy
from ..memory.thrift import PromptPrices
from ..models.chat.prompts import Prompts
from ..models.chat.reasoner import ChatReasoner
from ..models.chat.rendering import ToolProtocol
from ..models.chat.told_reply import OnAnswer
from ..models.chat_model import ChatModel
from ..models.extractive.reader_file import weights_in_force
from ..models.extractive.reasoner import ExtractiveReasoner
from ..models.reasoner import Capability, Reasoner
from ..models.recorded import RecordedModel
from ..models.resolve import OPENAI_URL, bare_name, endpoint_url, resolve_model
from ..models.tokens import TokenCounter, count_tokens_for
from ..records.errors import SetupError
from ..records.json_types import JsonObject
from ..records.pictures import Picture
from ..records.tooling import ToolSpec
from .meter import ESTIMATE_MARGIN, MeteredModel
from .recording import Recording
from .run import Run
from .run_prices import prices_of_today
from .settings import PromptNeeds, RunSettings

EXTRACTIVE = "extractive"
"""Name of the reasoner that needs no model."""
EXACT = "exact:"
"""What the name of an exact reasoner begins with; the path of its table follows."""
NO_PRICES = "none"
"""Id of the book that knows no price."""
_RULES_KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """How a chat model is asked, whichever it is."""

    output_schema: JsonObject | None = None
    """JSON schema of the answer; None is text."""
    tool_protocol: ToolProtocol = "text"
    """Whether tools are called by tags in the text, or by the provider's own means."""
    prompts: Prompts | None = None
    """A builder's own prompts; None takes those that come with sonde."""
    call_timeout_s: float | None = None
    """The longest that one call of the model may take; None takes the client's own limit."""
    images: tuple[Picture, ...] = ()
    """Pictures that the model is shown in every round."""
    today: date | None = None
    """The day that the model is told; None takes the clock's."""


@dataclass(frozen=True, kw_only=True)
class Brain:
    """A reasoner in waiting: made anew for each run, so that its calls are on that run's bill."""

    chat_model: ChatModel | None
    """The model behind it, where there is one."""
    reasoner: Reasoner | None
    """The reasoner itself, where there is no chat model."""
    count_tokens: TokenCounter
    """What counts tokens."""
    prices: PriceBook
    """What tokens cost."""
    writing: Writing = field(default_factory=Writing)
    """How a chat model is asked."""

    @cached_property
    def likeness(self) -> Reasoner:
        """A reasoner like those of the runs, which tells what they can do and what they take."""
        if self.reasoner is not None:
            return self.reasoner
        if self.chat_model is None:
            raise RuntimeError("a brain holds a chat model or a reasoner")
        return self._chat(self.chat_model, RunSettings(memory=MemoryPolicy.WORKSPACE))

    @property
    def name(self) -> str:
        """The model's or the reasoner's name, as it stands on the bill."""
        mind = self.chat_model or self.reasoner
        return "" if mind is None else mind.name

    @cached_property
    def count_rules(self) -> CountTokens:
        """What counts the texts that are the same in every run, and remembers their counts."""
        return lru_cache(_RULES_KEPT)(self.count_tokens)

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the reasoner can do."""
        return self.likeness.capabilities

    def overhead_tokens(self, tools: Sequence[ToolSpec]) -> int:
        """Return the tokens of a prompt besides the view, as they are counted here."""
        return self.likeness.overhead_tokens(tools)

    def needs(self, tools: Sequence[ToolSpec]) -> PromptNeeds:
        """Return what a prompt takes, whatever is asked."""
        return PromptNeeds(
            overhead_tokens=self.overhead_tokens(tools),
            margin=ESTIMATE_MARGIN if self.count_tokens.is_estimate else 1.0,
            answer_calls=self._answer_calls,
        )

    @property
    def _answer_calls(self) -> int:
        """Calls of a final answer; structured output is a call of its own."""
        return 1 if self.writing.output_schema is None else 2

    def priced_by(self, book: PriceBook) -> "Brain":
        """Return the same brain, priced by another book at the same endpoint."""
        return replace(self, prices=book.for_endpoint(self.prices.base_url))

    def check_budget(self, budget: Budget) -> None:
        """Refuse a limit that cannot be kept.

        Raises:
            SetupError: The model's price is unknown, or a reasoner's calls cannot be seen.
        """
        limits = (budget.usd, budget.tokens, budget.calls)
        is_seen = self.chat_model is not None or Capability.NO_CALLS in self.capabilities
        if not is_seen and any(limit is not None for limit in limits):
            raise SetupError(
                "calls of a reasoner of your own cannot be counted, so limits in dollars, tokens "
                "or calls cannot be kept; limit rounds or seconds, or give the chat model instead"
            )
        if budget.usd is not None and self.chat_model is not None and self._price is None:
            raise SetupError(
                f"no price is known for model {self.chat_model.name!r}, so a limit in dollars "
                "cannot be kept; limit tokens instead (`Budget(tokens=...)`), or give a price"
            )

    @property
    def price_book(self) -> PriceBook | None:
        """The book that the run is priced by, or None where no model is paid."""
        is_priced = self.chat_model is not None and self.prices.book_id != NO_PRICES
        return self.prices if is_priced else None

    def reserve(self, settings: RunSettings) -> WorstCase:
        """Return the worst case of a final answer."""
        price = self._price
        margin = ESTIMATE_MARGIN if self.count_tokens.is_estimate else 1.0
        calls = self._answer_calls
        prompt = int(settings.workspace_tokens * margin) * calls
        output = settings.output_tokens * calls
        return WorstCase(
            tokens=prompt + output, usd=price.worst_usd(prompt, output) if price else None
        )

    def prompt_prices(self, tools: Sequence[ToolSpec], settings: RunSettings) -> PromptPrices:
        """Return what prompt tokens cost, for the memory policy that reckons with it.

        Without a known price nothing is taken to be cached.
        """
        price = self._price
        if settings.memory is not MemoryPolicy.AUTO or self.chat_model is None or price is None:
            return PromptPrices()
        if price.cache_read_per_mtok is None or price.input_per_mtok <= 0:
            return PromptPrices()
        return PromptPrices(
            cached=price.cache_read_per_mtok / price.input_per_mtok,
            fixed_tokens=self._chat(self.chat_model, settings).rules_tokens(tools),
        )

    def for_run(self, run: Run, settings: RunSettings) -> Reasoner:
        """Return the reasoner of one run."""
        if self.chat_model is None:
            return self.likeness
        metered = MeteredModel(
            self.chat_model,
            guard=run.guard,
            book=run,
            count_tokens=run.count_tokens,
            count_rules=self.count_rules,
            is_estimate=self.count_tokens.is_estimate,
            price=self._price,
        )
        return self._chat(metered, settings, run.tell_draft if run.is_streaming else None)

    def _chat(
        self, model: ChatModel, settings: RunSettings, on_answer: OnAnswer | None = None
    ) -> ChatReasoner:
        return ChatReasoner(
            model,
            count_tokens=self.count_tokens,
            prompts=self.writing.prompts,
            max_output_tokens=settings.output_tokens,
            today=self.writing.today,
            tool_protocol=self.writing.tool_protocol,
            output_schema=self.writing.output_schema,
            seed=settings.seed,
            keeps_report=settings.memory.keeps_report,
            on_answer=on_answer,
            images=self.writing.images,
        )

    @cached_property
    def _price(self) -> ModelPrice | None:
        return None if self.chat_model is None else self.prices.price(self.chat_model.name)


def make_brain(
    model: str | ChatModel | Reasoner | None,
    *,
    base_url: str | None,
    environ: Mapping[str, str],
    prices: PriceBook | None,
    overrides: Path,
    writing: Writing | None = None,
    recording: Recording | None = None,
    has_policy: bool = False,
) -> Brain:
    """Return the brain for what the builder gave.

    Args:
        model: None or `extractive` for the reader that needs no model; `exact:TABLE.csv` for the
            exact reasoner; a model's name; a chat model; or a reasoner.
        base_url: Endpoint of a named model.
        environ: Where keys and the default model are looked up.
        prices: What tokens cost; None takes the list prices of the day for a named model.
        overrides: A person's own prices, where the file exists.
        writing: How a chat model is asked; an output schema needs a reasoner that writes.
        recording: Where its calls are recorded, or replayed from.
        has_policy: Whether a policy chooses among the reader's searches, so that it proposes each
            on its own.

    Raises:
        SetupError: The model cannot be had, or cannot give structured output.
    """
    name, writing = model if isinstance(model, str) else None, writing or Writing()
    counter = count_tokens_for(name, environ=environ)
    chat: ChatModel | None = None
    reasoner: Reasoner | None = None
    if model is None or name == EXTRACTIVE:
        reasoner = ExtractiveReasoner(weights_in_force(environ), is_batching=not has_policy)
    elif name is not None and name.startswith(EXACT):
        reasoner = _exact(name.removeprefix(EXACT))
    elif name is not None:
        url = endpoint_url(base_url, environ)
        if recording is None or not recording.is_replay:
            chat = resolve_model(name, base_url=base_url, environ=environ, count_tokens=counter)
        prices = (prices or prices_of_today(overrides)).for_endpoint(url)
    elif _has(model, "complete"):
        chat = cast(ChatModel, model)
    elif _has(model, "decide"):
        reasoner = cast(Reasoner, model)
    else:
        raise SetupError(
            f"{type(model).__name__} is no model: give a name, or an object with "
            "`complete` (a chat model) or `decide` (a reasoner)"
        )
    chat = _within(chat, writing.call_timeout_s)
    if recording is not None:
        recorded = _recorded(name, chat, recording, base_url=base_url, environ=environ)
        chat, writing = recorded, replace(writing, today=recorded.day)
    brain = Brain(
        chat_model=chat,
        reasoner=reasoner,
        count_tokens=counter,
        prices=prices or PriceBook(book_id=NO_PRICES),
        writing=writing,
    )
    if writing.images and chat is None:
        raise SetupError(
            "pictures can only be shown to a chat model, and no chat model is asked here; "
            "name one that sees (`model=...`), or leave the pictures out"
        )
    if writing.output_schema is not None and Capability.FREE_TEXT not in brain.capabilities:
        raise SetupError(
            "structured output needs a model that writes; this reasoner only extracts. "
            "Give a chat model, or leave output_type out"
        )
    return brain


def _within(model: ChatModel | None, call_timeout_s: float | None) -> ChatModel | None:
    """Return the model under a limit of one call.

    Raises:
        SetupError: It is one of the builder's own that takes no limit.
    """
    if model is None or call_timeout_s is None:
        return model
    within: Callable[[float], ChatModel] | None = getattr(model, "within", None)
    if within is None:
        raise SetupError(
            f"a {type(model).__name__} takes no call_timeout_s: name the model instead, give it a "
            "method `within(call_timeout_s)`, or limit it by means of its own"
        )
    return within(call_timeout_s)


def _exact(table: str) -> Reasoner:
    """Return the exact reasoner over a table: a path, or the name of the one that ships."""
    from ..models.exact.reading import table_named  # here: it loads scipy
    from ..models.exact.reasoner import ExactReasoner

    return ExactReasoner(table_named(table))


def is_own(name: str) -> bool:
    """Return whether a name is that of a reasoner of our own, which needs no endpoint."""
    return name == EXTRACTIVE or name.startswith(EXACT)


def _recorded(
    name: str | None,
    model: ChatModel | None,
    recording: Recording,
    *,
    base_url: str | None,
    environ: Mapping[str, str],
) -> RecordedModel:
    url = endpoint_url(base_url, environ)
    if model is not None:
        name = model.name
    elif name is None or name == EXTRACTIVE:
        raise SetupError(
            "no chat model is asked here, so no call can be recorded; name one (`model=...`)"
        )
    else:
        name = bare_name(name, has_url=url != OPENAI_URL)
    return recording.of_model(name, model, environ=environ, base_url=url)


def _has(thing: object, method: str) -> bool:
    found: Callable[..., object] | None = getattr(thing, method, None)
    return callable(found)
