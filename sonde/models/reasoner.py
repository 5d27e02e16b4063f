"""What decides: a view of the workspace in, a decision out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ..records.belief import AnswerBelief
from ..records.decision import Decision
from ..records.tooling import Action, ToolSpec
from ..records.view import View

if TYPE_CHECKING:  # scipy stays unloaded where nobody forecasts
    from ..policies.model_belief import Forecast
    from ..policies.slots import Slot


class Capability(StrEnum):
    """What a reasoner can do. Ask for this, never for which reasoner it is."""

    BELIEF = "belief"
    """Its decisions carry probabilities of candidate answers."""
    FORECAST = "forecast"
    """It is a `Forecaster`: it can tell what an action is expected to do to the belief."""
    ESTIMATE = "estimate"
    """It is an `Estimator`: its candidates can be weighed by other means than its own words."""
    SLOTS = "slots"
    """It is a `SlotFinder`: it can tell what a question leaves open that the asker could settle."""
    CALIBRATED = "calibrated"
    """Its probabilities were fitted to observed frequencies."""
    FREE_TEXT = "free_text"
    """It writes sentences of its own: summaries, structured output, debate."""
    TOKENS = "tokens"
    """Its work is measured in tokens of a model."""
    NO_CALLS = "no_calls"
    """It calls no model and no service: nothing that it does is billed."""
    ENGLISH = "english"
    """It reads English alone: what it makes of other languages is a guess."""
    SIMULATED = "simulated"
    """It stands in for a model with noise that was written down: no figure of it is a model's."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecasts:
    """What each of a decision's actions is expected to bring, and what it took to know."""

    by_action: "Sequence[Forecast]"
    """One forecast an action, in the order asked for. Their columns are the candidates of the
    decision's belief in order, and `none of these` last where that has a probability."""
    basis: str
    """What they rest on, in words: `exact Bayes`, `passages at hand`, `stated by the model`."""
    calls: int = 0
    """Model calls that they took; each was booked where it was made."""


@runtime_checkable
class Forecaster(Protocol):
    """A reasoner that can tell what an action would do to its belief."""

    async def forecast(
        self, view: View, decision: Decision, actions: Sequence[Action]
    ) -> Forecasts | None:
        """Return a forecast for each action; None where it can tell nothing about any of them.

        Args:
            view: What the decision was made from.
            decision: The decision, with a belief.
            actions: Some of its actions.

        Raises:
            ModelError: A call that it needs failed.
            BudgetExceeded: A call that it needs could pass a limit.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How likely each candidate is, and what it took to know."""

    belief: AnswerBelief
    """The candidates with their probabilities, and none of these."""
    calls: int
    """Model calls that it took; each was booked where it was made."""


@runtime_checkable
class Estimator(Protocol):
    """A reasoner whose candidates can be weighed by a source that has to be asked."""

    async def estimate(self, view: View, belief: AnswerBelief, *, source: str) -> Estimate:
        """Return the candidates of a belief with the probabilities that the source gives them.

        Args:
            view: What the belief was stated from.
            belief: The candidates; their evidence is kept.
            source: `logprobs`, `verbalized` or `samples`.

        Raises:
            SetupError: The source cannot do this with this model or so many candidates.
            ModelError: A call that it needs failed.
            BudgetExceeded: A call that it needs could pass a limit.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSlots:
    """What a question leaves open: slots with finite values, and how likely each value is."""

    slots: "tuple[Slot, ...]"
    """The slots; empty where nothing is open."""
    priors: tuple[tuple[float, ...], ...] = ()
    """Probability of each value, a row a slot."""
    questions: tuple[str, ...] = ()
    """What to ask the person about each slot."""
    calls: int = 0
    """Model calls that it took to know."""


@runtime_checkable
class SlotFinder(Protocol):
    """A reasoner that can tell what a question leaves open."""

    async def open_slots(self, view: View) -> OpenSlots:
        """Return the slots that the asker could settle.

        Raises:
            ModelError: The model failed, or its reply stayed unreadable.
            BudgetExceeded: A call that it needs could pass a limit.
        """
        ...
