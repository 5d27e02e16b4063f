"""What a question leaves open, as a chat model tells it: one call."""

from collections.abc import Mapping

from ...policies.slots import Slot
from ...records.errors import ReplyUnreadable
from ...records.json_types import JsonObject, JsonValue
from ...records.messages import ChatRequest
from ..chat_model import ChatModel
from ..json_door import as_object, as_text
from ..reasoner import OpenSlots
from .parse import visible_text
from .prompts import Prompts
from .tolerant_json import lenient_values

_MOST_SLOTS = 4
_MOST_VALUES = 8
_OUTPUT_TOKENS = 600
_LARGEST_WEIGHT = 1e9
"""A weight from here on is no figure that anybody means."""


async def stated_slots(
    model: ChatModel, question: str, *, prompts: Prompts, seed: int | None = None
) -> OpenSlots:
    """Return what the model says is left open; none where it says that nothing is.

    Raises:
        ModelError: The model failed; `ReplyUnreadable` where no list came.
        BudgetExceeded: The call could pass a limit.
    """
    reply = await model.complete(
        ChatRequest(
            messages=prompts.pair("slots", {"question": question}),
            max_output_tokens=_OUTPUT_TOKENS,
            temperature=0.0,
            seed=seed,
        )
    )
    found = lenient_values(visible_text(reply.text))
    if not found.values and "[]" not in "".join(reply.text.split()):
        raise ReplyUnreadable(
            f"{reply.model} gave no JSON list of what is open; it began: {reply.text[:200]!r}"
        )
    first: JsonValue = found.values[0] if found.values else []
    entries = first if isinstance(first, list | tuple) else found.values
    read = [_slot(as_object(entry)) for entry in entries[:_MOST_SLOTS]]
    kept = [each for each in read if each is not None]
    return OpenSlots(
        slots=tuple(slot for slot, _, _ in kept),
        priors=tuple(prior for _, prior, _ in kept),
        questions=tuple(asked for _, _, asked in kept),
        calls=1,
    )


def _slot(entry: JsonObject) -> tuple[Slot, tuple[float, ...], str] | None:
    """Return a slot with its prior and its question; None where it cannot be used."""
    name, asked = as_text(entry.get("name")).strip(), as_text(entry.get("question")).strip()
    values = entry.get("values")
    if not name or not asked or not isinstance(values, Mapping):
        return None
    weights = {
        value.strip(): float(weight)
        for value, weight in list(values.items())[:_MOST_VALUES]
        if value.strip()
        and isinstance(weight, int | float)
        and not isinstance(weight, bool)
        and abs(weight) < _LARGEST_WEIGHT
    }
    total = sum(each for each in weights.values() if each > 0)
    if len(weights) < 2 or total <= 0 or min(weights.values()) < 0:
        return None
    return (
        Slot(name=name, values=tuple(weights)),
        tuple(each / total for each in weights.values()),
        asked,
    )
