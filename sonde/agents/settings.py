"""How a run is to be made: what an agent fixes before the first round."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from ..costs.budget import Budget
from ..memory.policy import MemoryPolicy
from ..records.errors import SetupError
from ..records.json_types import JsonObject, JsonValue

DEFAULT_ROUNDS = 32
"""Most rounds where the budget names none (IterResearch's figure for GAIA)."""
SMALLEST_WORKSPACE = 256
"""Least tokens of a view that a round can work with."""


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
    seed: int = 0
    """Seed of every choice that is left to chance."""
    price_book: str | None = None
    """Id of the book that calls are priced by; None where no model is paid, or none is priced."""
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
            "seed": self.seed,
            "price_book": self.price_book,
            "origin": dict(self.origin),
        }


def fit_to_budget(settings: RunSettings, *, overhead_tokens: int) -> RunSettings:
    """Return settings whose rounds fit the token budget, with rounds limited.

    A round and the final answer must both be affordable: under a token limit, prompt and reply are
    made smaller until twice their worst case is within it.

    Args:
        settings: What was asked for.
        overhead_tokens: Tokens of a prompt besides the view.

    Raises:
        SetupError: The workspace or the token limit is too small for one round.
    """
    least = overhead_tokens + SMALLEST_WORKSPACE
    if settings.workspace_tokens < least:
        raise SetupError(
            f"a workspace of {settings.workspace_tokens} tokens is too small for one round: "
            f"the prompt itself takes {overhead_tokens}; give --workspace-tokens {least} or more"
        )
    rounds = DEFAULT_ROUNDS if settings.budget.rounds is None else settings.budget.rounds
    settings = replace(settings, budget=replace(settings.budget, rounds=rounds))
    tokens = settings.budget.tokens
    if tokens is None:
        return settings
    output = max(SMALLEST_WORKSPACE, min(settings.output_tokens, tokens // 8))
    smallest = 2 * (least + SMALLEST_WORKSPACE)
    if tokens < smallest:
        raise SetupError(
            f"a budget of {tokens} tokens is too small for one round and an answer: "
            f"this agent needs {smallest} or more (--max-tokens {smallest})"
        )
    workspace = max(least, min(settings.workspace_tokens, tokens // 2 - output))
    return replace(settings, workspace_tokens=workspace, output_tokens=output)
