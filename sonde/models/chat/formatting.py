"""A finished answer as JSON that matches a schema.

It is a call of its own after the answer: small models write better answers when they need not
write JSON at the same time, the quotes stay beside the words that they bear, and an answer whose
form fails is still an answer.
"""

import json
from collections.abc import Mapping, Sequence

from ...records.errors import BudgetExceeded, ModelError
from ...records.json_types import JsonObject
from ...records.messages import ChatReply, ChatRequest, Message
from ..chat_model import ChatModel
from ..fitting import ask_fitting
from .delimiters import Fence
from .prompts import Prompts
from .rendering import Renderer
from .tags import without_thinking
from .tolerant_json import clean_text, lenient_values


class Formatter:
    """Asks a model to put answers into one form."""

    def __init__(
        self,
        model: ChatModel,
        *,
        schema: JsonObject,
        prompts: Prompts,
        renderer: Renderer,
        max_output_tokens: int,
        max_repairs: int,
    ) -> None:
        self._model = model
        self._schema = schema
        self._prompts = prompts
        self._renderer = renderer
        self._max_output_tokens = max_output_tokens
        self._max_repairs = max_repairs

    async def format(self, question: str, answer: str) -> JsonObject | None:
        """Return the answer as JSON, or None where the model could not put it into that form.

        A failing model or a spent budget is such a case too: the answer stands, only its form
        does not.
        """
        values = {
            "schema": json.dumps(self._schema, ensure_ascii=False),
            "question": question,
            "answer": Fence.around(question, answer).wrap(answer),
        }
        messages = self._prompts.pair("format", values)
        repair = ()
        for _ in range(self._max_repairs + 1):
            try:
                reply = await self._ask(messages, repair)
            except (ModelError, BudgetExceeded):
                return None
            outcome = read_form(reply.text, self._schema)
            if not isinstance(outcome, str):
                return outcome
            repair = self._renderer.repair(reply.text, [outcome])
        return None

    async def _ask(self, messages: Sequence[Message], repair: Sequence[Message]) -> ChatReply:
        """Ask for the form; where that is too long, without the faulty reply that it mends."""

        async def ask(share: float) -> ChatReply:
            shown = repair if share == 1 else ()
            return await self._model.complete(
                ChatRequest(
                    messages=(*messages, *shown),
                    max_output_tokens=self._max_output_tokens,
                    output_schema=self._schema,
                )
            )

        return await (ask_fitting(ask) if repair else ask(1.0))


def read_form(text: str, schema: JsonObject) -> JsonObject | str:
    """Return the JSON object of a reply, or what is wrong with it.

    Checked here is what a model most often leaves out, the required members; whoever asked for
    the form checks all of it.
    """
    found = lenient_values(without_thinking(clean_text(text)))
    objects = [value for value in found.values if isinstance(value, Mapping)]
    if not found.is_whole or len(objects) != 1:
        return "the reply is not exactly one JSON object that can be read"
    required = schema.get("required")
    names = required if isinstance(required, list | tuple) else ()
    if missing := [name for name in names if isinstance(name, str) and name not in objects[0]]:
        return f"the JSON object lacks the members {missing}"
    return objects[0]
