"""What decides: a view of the workspace in, a decision out."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from ..records.decision import Decision
from ..records.tooling import ToolSpec
from ..records.view import View


class Capability(StrEnum):
    """What a reasoner can do. Ask for this, never for which reasoner it is."""

    BELIEF = "belief"
    """Its decisions carry probabilities of candidate answers."""
    FORECAST = "forecast"
    """It can tell what an action is expected to do to the belief."""
    CALIBRATED = "calibrated"
    """Its probabilities were fitted to observed frequencies."""
    FREE_TEXT = "free_text"
    """It writes sentences of its own: summaries, structured output, debate."""
    TOKENS = "tokens"
    """Its work is measured in tokens of a model."""
    NO_CALLS = "no_calls"
    """It calls no model and no service: nothing that it does is billed."""


class Reasoner(Protocol):
    """Anything that decides what to do next from a view of the workspace."""

    @property
    def name(self) -> str:
        """Its name on the bill."""
        ...

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What it can do."""
        ...

    def overhead_tokens(self, tools: Sequence[ToolSpec]) -> int:
        """Return the tokens of its prompt besides the view; 0 where there is no prompt."""
        ...

    async def decide(
        self, view: View, tools: Sequence[ToolSpec], *, is_final: bool = False
    ) -> Decision:
        """Decide one round; with `is_final` the decision must hold a draft answer.

        Raises:
            ModelError: The model behind it failed, or its reply stayed unreadable.
            BudgetExceeded: A call that it needs could pass a limit.
        """
        ...
