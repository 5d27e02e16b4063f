"""Tools that need the run itself: recalling evidence, and asking the person."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from ..memory.evidence import EvidenceStore
from ..records.errors import ToolError
from ..records.json_types import JsonObject
from ..records.tooling import ToolKind, ToolResult, ToolSpec

AskUser: TypeAlias = Callable[[str], str | Awaitable[str]]
"""Puts a question to the person and returns what they say."""

_PATIENCE_S = 600.0


def by_interrupt(question: str) -> str:
    """Ask through an interrupt of the graph around the agent: `Agent(ask_user=by_interrupt)`.

    `agent.graph` then stops at the question; `Command(resume="...")` answers it. The graph around
    it needs a checkpointer.

    Raises:
        ToolError: It was called where no graph can be interrupted.
    """
    raise ToolError("nobody can be asked here: the question needs a graph that can be interrupted")


RECALL_SPEC = ToolSpec(
    name="recall",
    description=(
        "Show again, whole, evidence that an earlier round saw: one page by its id, or "
        "the pages that match a query best. Costs no new search."
    ),
    parameters={
        "type": "object",
        "properties": {
            "evidence_id": {"type": "string", "description": "An id such as e12."},
            "query": {"type": "string", "description": "Words to look for."},
        },
        "additionalProperties": False,
    },
    kind=ToolKind.RECALL,
)
"""What recalling offers."""

ASK_SPEC = ToolSpec(
    name="ask_user",
    description=(
        "Ask the person who put the question for one fact that only they can know. Use it rarely."
    ),
    parameters={
        "type": "object",
        "properties": {"question": {"type": "string", "description": "What to ask."}},
        "required": ["question"],
        "additionalProperties": False,
    },
    kind=ToolKind.ASK,
)
"""What asking the person offers."""


@dataclass(frozen=True, slots=True)
class RecallTool:
    """Brings pages back that an earlier round saw."""

    store: EvidenceStore
    """The evidence of the run."""

    @property
    def spec(self) -> ToolSpec:
        """What it offers."""
        return RECALL_SPEC

    async def call(self, arguments: JsonObject) -> ToolResult:
        """Return one page by its id, or the best three by a query.

        Raises:
            ToolError: Neither was given, or there is no such page.
        """
        evidence_id, query = arguments.get("evidence_id"), arguments.get("query")
        if isinstance(evidence_id, str) and evidence_id.strip():
            page = self.store.get(evidence_id)
            if page is None:
                raise ToolError(f"no evidence {evidence_id!r} in this run; recall by `query`")
            return ToolResult(text="", passages=(page,))
        if isinstance(query, str) and query.strip():
            pages = self.store.recall(query)
            return ToolResult(
                text="" if pages else "No evidence of this run matches.", passages=tuple(pages)
            )
        raise ToolError("give `evidence_id` or `query`")


@dataclass(frozen=True, slots=True)
class AskTool:
    """Puts a question to the person who asked."""

    ask_user: AskUser
    """What reaches the person."""

    @property
    def spec(self) -> ToolSpec:
        """What it offers."""
        return ASK_SPEC

    async def call(self, arguments: JsonObject) -> ToolResult:
        """Ask, and wait at most ten minutes.

        Raises:
            ToolError: Nobody answered in time.
        """
        question = str(arguments.get("question", "")).strip()
        if not question:
            raise ToolError("give a `question`")
        try:
            async with asyncio.timeout(_PATIENCE_S):
                answer = await self._answer(question)
        except TimeoutError as err:
            raise ToolError(f"the person did not answer within {_PATIENCE_S:.0f} s") from err
        return ToolResult(text=f"The person answers: {answer}")

    async def _answer(self, question: str) -> str:
        if inspect.iscoroutinefunction(self.ask_user):
            return str(await self.ask_user(question))
        answer = await asyncio.to_thread(self.ask_user, question)
        return str(await answer) if inspect.isawaitable(answer) else answer
