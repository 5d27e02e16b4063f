"""How a run is to be made: what an agent fixes before the first round."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from math import ceil

from ..costs.budget import Budget
from ..memory.policy import MemoryPolicy
from ..records.belief import BeliefName
from ..records.errors import SetupError
from ..records.json_types import JsonObject, JsonValue

DEFAULT_ROUNDS = 32
"""Most rounds where the budget names none (IterResearch's figure for GAIA)."""
SMALLEST_WORKSPACE = 256
"""Least tokens of a view that a round can work with, and of a reply."""
_AROUND = 64
"""Tokens around the messages of a call: roles and separators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """Everything about a run but its question and its parts."""

    memory: MemoryPolicy = MemoryPolicy.WORKSPACE
    """What is kept of the past."""
    workspace_tokens: int = 16_000
    """Cap of the whole prompt of a round, in tokens."""
    output_tokens: int = 4_096
    """Most tokens of one reply."""
    budget: Budget = field(default_factory=Budget)
    """Limits of the run."""
    alpha: float = 0.1
    """The confidence set holds 1 - alpha of the belief."""
    belief: BeliefName = "stated"
    """Where the probabilities of candidate answers come from: the reply states them, or another
    source is asked."""
    policy: str = "model"
    """How the next action is chosen, by name; `own` is a policy that the builder handed in."""
    ask_price: float = 3.0
    """What a question to a person costs, in searches."""
    clarify: str = "never"
    """Whether the person is asked what the question leaves open: auto, never, always."""
    calibration: str | None = None
    """File of the calibration; None where there is none."""
    seed: int | None = None
    """Sampling seed that is sent to a model, and of the random policy; None sends none."""
    price_book: str | None = None
    """Id of the book that calls are priced by; None where no model is paid, or none is priced."""
    model: str | None = None
    """What answers, by its name on the bill; None where a run's start does not tell."""
    corpus: tuple[str, ...] | None = None
    """Folders and files that are searched; None where a run's start does not tell."""
    origin: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    """What the command line needs to build the same agent again."""

    def as_json(self) -> JsonObject:
        """Return the settings as JSON, for the journal."""
        return {
            "memory": str(self.memory),
            "workspace_tokens": self.workspace_tokens,
            "output_tokens": self.output_tokens,
            "budget": asdict(self.budget),
            "alpha": self.alpha,
            "belief": self.belief,
            "policy": self.policy,
            "ask_price": self.ask_price,
            "clarify": self.clarify,
            "calibration": self.calibration,
            "seed": self.seed,
            "price_book": self.price_book,
            "model": self.model,
            "corpus": None if self.corpus is None else list(self.corpus),
            "origin": dict(self.origin),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptNeeds:
    """What a prompt of an agent takes, whatever is asked."""

    overhead_tokens: int = 0
    """Tokens of a prompt besides the view."""
    margin: float = 1.0
    """How far above a count the true number of tokens is taken to lie; 1 for an exact counter."""
    answer_calls: int = 1
    """Calls that a final answer takes."""

    def worst_tokens(self, workspace_tokens: int, output_tokens: int) -> int:
        """Return the most that one round and the final answer can take together."""
        calls = 1 + self.answer_calls
        return calls * (ceil(workspace_tokens * self.margin) + output_tokens + _AROUND)


def fit_to_budget(settings: RunSettings, *, needs: PromptNeeds) -> RunSettings:
    """Return settings whose rounds fit the token budget, with rounds limited.

    A round and the final answer must both be affordable: under a token limit, prompt and reply are
    made smaller until their worst case is within it.

    Args:
        settings: What was asked for.
        needs: What a prompt takes.

    Raises:
        SetupError: The workspace or the token limit is too small for one round.
    """
    least = needs.overhead_tokens + SMALLEST_WORKSPACE
    if settings.workspace_tokens < least:
        raise SetupError(
            f"a workspace of {settings.workspace_tokens} tokens is too small for one round: the "
            f"prompt itself takes {needs.overhead_tokens}; give `workspace_tokens={least}` or more"
        )
    rounds = DEFAULT_ROUNDS if settings.budget.rounds is None else settings.budget.rounds
    settings = replace(settings, budget=replace(settings.budget, rounds=rounds))
    tokens = settings.budget.tokens
    if tokens is None:
        return settings
    smallest = needs.worst_tokens(least, SMALLEST_WORKSPACE)
    if tokens < smallest:
        raise SetupError(
            f"a budget of {tokens} tokens is too small for one round and an answer: "
            f"this agent needs {smallest} or more (`Budget(tokens={smallest})`)"
        )
    a_call = tokens // (1 + needs.answer_calls) - _AROUND
    room = a_call - ceil(least * needs.margin)
    output = max(SMALLEST_WORKSPACE, min(settings.output_tokens, a_call // 4, room))
    workspace = max(least, min(settings.workspace_tokens, int((a_call - output) / needs.margin)))
    return replace(settings, workspace_tokens=workspace, output_tokens=output)
