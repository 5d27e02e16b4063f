"""What decides: a reasoner in waiting, with what counts and prices its tokens."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

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
from ..models.reasoner import Capability, Reasoner
from ..models.tokens import TokenCounter
from ..records.errors import SetupError
from ..records.json_types import JsonObject
from ..records.pictures import Picture
from ..records.tooling import ToolSpec
from .meter import ESTIMATE_MARGIN, MeteredModel
from .run import Run
from .settings import PromptNeeds, RunSettings

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
