"""A reasoner that asks a chat model, one call a round, in the text-tag protocol."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from ...records.belief import AnswerBelief
from ...records.decision import Decision, Draft
from ...records.errors import (
    BudgetExceeded,
    ContentFiltered,
    ReplyUnreadable,
)
from ...records.json_types import JsonObject
from ...records.messages import ChatReply, ChatRequest, Message
from ...records.pictures import Picture
from ...records.report import Report
from ...records.tooling import Action, ToolSpec
from ...records.view import View
from ..chat_model import ChatModel
from ..reasoner import Capability, Estimate, Forecasts, OpenSlots
from .estimating import CandidateSources
from .formatting import Formatter
from .parse import FaultyReply, ParsedReply, parse_reply, salvage_answer
from .prompts import Prompts
from .rendering import Pair, Renderer, ToolProtocol
from .told_reply import OnAnswer, told_reply

_SHOWN_CHARACTERS = 200


class ChatReasoner:
    """Decides each round by one call of a chat model, and a bounded number of repair calls."""

    def __init__(
        self,
        model: ChatModel,
        *,
        count_tokens: Callable[[str], int],
        prompts: Prompts | None = None,
        max_output_tokens: int = 4096,
        max_repairs: int = 2,
        today: date | None = None,
        tool_protocol: ToolProtocol = "text",
        output_schema: JsonObject | None = None,
        seed: int | None = None,
        keeps_report: bool = True,
        on_answer: OnAnswer | None = None,
        images: Sequence[Picture] = (),
    ) -> None:
        """Set up the prompts; nothing is called yet.

        Args:
            model: The model that is asked.
            count_tokens: Counts the tokens of a text as the model would.
            prompts: Prompts of the builder's own; those that come with sonde by default.
            max_output_tokens: The most tokens of one reply; reports are asked to fit into half.
            max_repairs: The most calls that show a faulty reply and say what was wrong.
            today: The day that the model is told; None takes the clock's.
            tool_protocol: Whether tools are called by tags in the text or by the provider's means.
            output_schema: JSON schema of the final answer; it costs a call of its own.
            seed: Sampling seed of every call; None sends none.
            keeps_report: Whether every round rewrites the report; else those whose view says so,
                and the loop is ReAct's: the history is all that there is.
            on_answer: Told the answer while it is written; None asks for whole replies.
            images: Pictures that the prompt of every round shows.
        """
        self._model = model
        self._max_output_tokens = max_output_tokens
        self._max_repairs = max_repairs
        self._protocol = tool_protocol
        self._seed = seed
        self._keeps_report = keeps_report
        self._on_answer = on_answer
        self._prompts = prompts = prompts or Prompts.load()
        self._sources = CandidateSources(model, prompts=prompts, seed=seed)
        self._renderer = Renderer(
            prompts,
            count_tokens=count_tokens,
            max_output_tokens=max_output_tokens,
            today=today or date.today(),
            tool_protocol=tool_protocol,
            keeps_report=keeps_report,
            images=images,
        )
        self._formatter = None
        if output_schema is not None:
            self._formatter = Formatter(
                model,
                schema=output_schema,
                prompts=prompts,
                renderer=self._renderer,
                max_output_tokens=max_output_tokens,
                max_repairs=max_repairs,
            )

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    @property
    def capabilities(self) -> frozenset[Capability]:
        """A chat model states, weighs and forecasts beliefs, names open slots, and writes text."""
        return frozenset(
            {
                Capability.BELIEF,
                Capability.FORECAST,
                Capability.ESTIMATE,
                Capability.SLOTS,
                Capability.FREE_TEXT,
                Capability.TOKENS,
            }
        )

    def overhead_tokens(self, tools: Sequence[ToolSpec], *, turns: int = 1) -> int:
        """Return the most tokens that a prompt takes besides the view.

        A view of `cap - overhead_tokens(tools)` tokens keeps every prompt under the cap, those of
        repair calls and of the final round too. A final answer's JSON call is not counted.

        Args:
            tools: The tools that the prompt lists.
            turns: How many turns the view holds at most.
        """
        return self._renderer.overhead_tokens(tools, turns=turns)

    def rules_tokens(self, tools: Sequence[ToolSpec]) -> int:
        """Return the tokens of the rules, which stand first in the prompt of every round."""
        return self._renderer.rules_tokens(tools)

    def prompt(self, view: View, tools: Sequence[ToolSpec], *, is_final: bool = False) -> Pair:
        """Return the messages that `decide` sends first."""
        return self._renderer.pair(view, tools, is_final=is_final)

    async def decide(
        self, view: View, tools: Sequence[ToolSpec], *, is_final: bool = False
    ) -> Decision:
        """Decide one round; with `is_final` the decision holds a draft answer.

        Where the model leaves out the report even after repairs, the old report stands.

        Raises:
            ModelError: The model failed; `ReplyUnreadable` where repairs did not help.
            BudgetExceeded: A call that it needs could pass a limit.
        """
        parsed = await self._converse(view, tools, is_final=is_final)
        report = view.report if parsed.report is None else Report(prose=parsed.report)
        draft = await self._formatted(view.question, parsed.draft) if parsed.draft else None
        return Decision(report=report, belief=parsed.belief, actions=parsed.actions, draft=draft)

    async def forecast(
        self, view: View, decision: Decision, actions: Sequence[Action]
    ) -> Forecasts | None:
        """Return what the model expects of each action, by one call; None without a belief.

        Raises:
            ModelError: The model failed, or stated no chance for some action.
            BudgetExceeded: The call could pass a limit.
        """
        from .forecast import stated_forecasts  # here: it loads scipy

        if decision.belief is None:
            return None
        return await stated_forecasts(
            self._model, view, decision.belief, actions, prompts=self._prompts, seed=self._seed
        )

    async def estimate(self, view: View, belief: AnswerBelief, *, source: str) -> Estimate:
        """Return the candidates of a belief as another source weighs them.

        Args:
            view: What the belief was stated from.
            belief: The candidates.
            source: `logprobs` and `verbalized` take one call, `samples` eight.

        Raises:
            SetupError: There is no such source, or it cannot do this with this model.
            ModelError: A call failed, or its reply stayed unreadable.
            BudgetExceeded: A call could pass a limit.
        """
        return await self._sources.estimate(view, belief, source=source)

    async def open_slots(self, view: View) -> OpenSlots:
        """Return what the question leaves open, by one call.

        Raises:
            ModelError: The model failed, or its reply stayed unreadable.
            BudgetExceeded: The call could pass a limit.
        """
        from .slots import stated_slots  # here: it loads scipy

        return await stated_slots(
            self._model, view.question, prompts=self._prompts, seed=self._seed
        )

    async def _converse(
        self, view: View, tools: Sequence[ToolSpec], *, is_final: bool
    ) -> ParsedReply:
        """Ask, and ask again while the reply is faulty and repairs are left."""
        messages: tuple[Message, ...] = self.prompt(view, tools, is_final=is_final)
        has_report = not is_final and (self._keeps_report or view.is_report_due)
        reply = await self._ask(messages, tools, is_final=is_final, has_report=has_report)
        was_cut = False
        for repairs_left in range(self._max_repairs, -1, -1):
            needs_report = has_report and repairs_left > 0
            outcome = self._read(reply, tools, is_final=is_final, needs_report=needs_report)
            if isinstance(outcome, ParsedReply):
                return outcome
            if repairs_left == 0 or (was_cut and outcome.is_cut):
                return self._salvaged(reply, outcome, is_final=is_final)
            was_cut = was_cut or outcome.is_cut
            repair = self._renderer.repair(reply.text, outcome.problems)
            try:
                reply = await self._ask(
                    (*messages, *repair), tools, is_final=is_final, has_report=has_report
                )
            except BudgetExceeded:
                if is_final and (draft := salvage_answer(reply.text, is_cut=outcome.is_cut)):
                    return ParsedReply(draft=draft)
                raise
        raise AssertionError("the loop above ends by a return")

    async def _ask(
        self,
        messages: tuple[Message, ...],
        tools: Sequence[ToolSpec],
        *,
        is_final: bool,
        has_report: bool,
    ) -> ChatReply:
        is_native = self._protocol == "native" and not is_final
        request = ChatRequest(
            messages=messages,
            max_output_tokens=self._max_output_tokens,
            tools=tuple(tools) if is_native else (),
            seed=self._seed,
        )
        reply = await told_reply(self._model, request, self._on_answer, has_report=has_report)
        if reply.finish == "content_filter":
            raise ContentFiltered(
                f"{reply.model}: the provider's content filter stopped the reply after "
                f"{len(reply.text)} characters; ask in other words or use another model"
            )
        return reply

    def _read(
        self, reply: ChatReply, tools: Sequence[ToolSpec], *, is_final: bool, needs_report: bool
    ) -> ParsedReply | FaultyReply:
        if reply.finish == "length":
            problem = (
                f"it was cut off at {self._max_output_tokens} tokens, before its end; write a much "
                "shorter report, and leave room for the action or the answer"
            )
            return FaultyReply(problems=(problem,), is_cut=True)
        return parse_reply(
            reply.text,
            tools=() if is_final else [tool.name for tool in tools],
            calls=reply.tool_calls,
            is_final=is_final,
            needs_report=needs_report,
            has_report=self._keeps_report or needs_report,
        )

    def _salvaged(self, reply: ChatReply, faulty: FaultyReply, *, is_final: bool) -> ParsedReply:
        """Return the best answer of a faulty last reply, if an answer is due and it holds one."""
        if is_final and (draft := salvage_answer(reply.text, is_cut=faulty.is_cut)):
            return ParsedReply(draft=draft)
        advice = (
            f"the limit is max_output_tokens={self._max_output_tokens}; raise it"
            if faulty.is_cut
            else "try a larger model, tool_protocol='native', or prompts of your own"
        )
        raise ReplyUnreadable(
            f"{reply.model}: no readable reply after {self._max_repairs} repairs allowed: "
            f"{'; '.join(faulty.problems)}. It began: {reply.text[:_SHOWN_CHARACTERS]!r}. "
            f"Next step: {advice}"
        )

    async def _formatted(self, question: str, draft: Draft) -> Draft:
        if not self._formatter or draft.is_abstention:
            return draft
        return replace(draft, data=await self._formatter.format(question, draft.text))
