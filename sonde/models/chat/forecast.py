"""What a chat model expects of its candidate actions: one call for all of them.

The model states for each action the chance r that its result shows which candidate is right. That
is an erasure channel: with chance r the truth comes out, else nothing does. The information gain is
r times the entropy, so the numbers rank actions and price them; they do not say which candidates an
action would tell apart. They are stated, not measured, and carry no standard error.
"""

import re
from collections.abc import Sequence

import numpy as np

from ...policies.model_belief import Forecast
from ...records.belief import AnswerBelief
from ...records.errors import ReplyUnreadable
from ...records.messages import ChatRequest
from ...records.tooling import Action
from ...records.view import View
from ..chat_model import ChatModel
from ..reasoner import Forecasts
from .delimiters import Fence
from .parse import visible_text
from .prompts import Prompts

_LINE = re.compile(
    r"(?:^|<forecast>)\s*(?:step\s*)?(\d{1,3})\s*[:.)=-]\s*(?:about\s*)?(\d{1,3}(?:\.\d+)?)\s*%",
    re.I | re.M,
)
_SUREST = 0.98
"""A model that says 100% is not certain that a page exists."""
_LINE_TOKENS = 16
_AROUND_TOKENS = 64


async def stated_forecasts(
    model: ChatModel,
    view: View,
    belief: AnswerBelief,
    actions: Sequence[Action],
    *,
    prompts: Prompts,
    seed: int | None = None,
) -> Forecasts:
    """Return what the model expects of each action, by one call.

    Raises:
        ModelError: The model failed; `ReplyUnreadable` where it stated no chance for some action.
        BudgetExceeded: The call could pass a limit.
    """
    steps = [f"{number}. {action.key}" for number, action in enumerate(actions, start=1)]
    names = [each.text for each in belief.candidates]
    fence = Fence.around(view.question, view.text, *names, *steps)
    values = {
        "question": view.question,
        "context": fence.wrap(view.text),
        "candidates": fence.wrap("\n".join(names)),
        "steps": fence.wrap("\n".join(steps)),
    }
    reply = await model.complete(
        ChatRequest(
            messages=prompts.pair("forecast", values),
            max_output_tokens=_AROUND_TOKENS + _LINE_TOKENS * len(actions),
            temperature=0.0,
            seed=seed,
        )
    )
    chances = read_chances(visible_text(reply.text), len(actions))
    if chances is None:
        raise ReplyUnreadable(
            f"{reply.model} stated no chance for each of {len(actions)} actions; it began: "
            f"{reply.text[:200]!r}"
        )
    width = len(names) + (belief.none_of_these > 0)
    found = [
        _erasure(action.key, chance, width) for action, chance in zip(actions, chances, strict=True)
    ]
    return Forecasts(by_action=found, basis="chances that the model stated", calls=1)


def read_chances(text: str, count: int) -> list[float] | None:
    """Return the chance of each step, from lines like `2: 35%`; None where one is missing.

    >>> read_chances("1: 60%\\n2: 5 %", 2)
    [0.6, 0.05]
    """
    found = {int(number): float(share) / 100 for number, share in _LINE.findall(text)}
    if not all(number in found for number in range(1, count + 1)):
        return None
    return [min(found[number], _SUREST) for number in range(1, count + 1)]


def _erasure(query: str, chance: float, width: int) -> Forecast:
    """Return P(outcome | truth): an outcome a candidate, and one that shows nothing."""
    table = np.vstack([chance * np.eye(width), np.full((1, width), 1 - chance)])
    return Forecast(query=query, likelihood=tuple(tuple(row) for row in table.tolist()))
