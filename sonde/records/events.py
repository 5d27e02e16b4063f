"""What happens in a run, as typed events: the lines of the journal and of a stream.

Every event has a `type` (its name outside Python), the time `at` in seconds since the epoch,
and the `round` that it belongs to, 0 before the first.
"""

from dataclasses import dataclass, field
from typing import Literal, Self, TypeAlias

from .belief_events import BeliefEstimated, QueryChosen, UncertaintyMeasured
from .errors import BudgetExceeded
from .event_base import EventBase
from .json_types import JsonObject, JsonValue
from .result import Result
from .stopping import Limit
from .team_events import TeamEvent
from .tooling import Purchase
from .usage import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(EventBase):
    """A run began."""

    run_id: str
    """Its id."""
    question: str
    """What was asked."""
    settings: JsonObject = field(default_factory=dict[str, JsonValue])
    """What `resume` needs to go on with the same agent."""
    type: Literal["run.started"] = "run.started"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResumed(EventBase):
    """A run went on after it had been interrupted."""

    lost_bytes: int = 0
    """Bytes of a half-written last line of the journal."""
    calls_in_flight: int = 0
    """Model calls that were under way when the run broke off; what they cost is unknown."""
    settings: JsonObject = field(default_factory=dict[str, JsonValue])
    """What differs from the settings of the start."""
    type: Literal["run.resumed"] = "run.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundStarted(EventBase):
    """The workspace was rebuilt for a round."""

    tokens: int
    """Tokens of the rendered workspace."""
    kept_turns: int
    """Actions and observations that the memory policy kept."""
    type: Literal["round.started"] = "round.started"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCallStarted(EventBase):
    """A request is about to be sent; its worst case is reserved."""

    call_id: str
    """Unique within the run."""
    model: str
    """The model asked."""
    worst_tokens: int
    """The most tokens that the call can take."""
    worst_usd: float | None = None
    """The most that it can cost; None where the model's price is unknown."""
    type: Literal["model.started"] = "model.started"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCalled(EventBase):
    """A request was answered, or failed."""

    call_id: str
    """Unique within the run."""
    model: str
    """The model that answered, as the provider names it."""
    usage: Usage
    """Tokens, in disjoint buckets."""
    cost_usd: float | None
    """Its price; None where the price is unknown."""
    wall_s: float
    """Seconds that it took."""
    error: str | None = None
    """What went wrong, if something did."""
    node: str = "decide"
    """What it was made for: `decide` or `answer`, the nodes of the graph; `belief`, its source;
    `forecast`, of candidate actions; `clarify`, what the question leaves open."""
    text_bytes: int | None = None
    """Bytes (UTF-8) of what was sent and what came back; None where no answer came."""
    raw_usage: JsonObject = field(default_factory=dict[str, JsonValue])
    """The provider's own record of usage."""
    type: Literal["model.called"] = "model.called"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRetried(EventBase):
    """An attempt of a call failed and is made again."""

    call_id: str
    """The call that it belongs to."""
    attempt: int
    """Number of the attempt within the call, from 1."""
    error: str
    """What went wrong."""
    wait_s: float
    """Seconds until the next attempt."""
    usage: Usage
    """Tokens that the attempt took, as far as they are known."""
    cost_usd: float | None = None
    """Its price; None where it is unknown."""
    type: Literal["model.retried"] = "model.retried"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade(EventBase):
    """A round was decided."""

    decision_id: str
    """Digest under which the evidence store holds the decision."""
    kind: Literal["act", "answer", "abstain"]
    """What was decided."""
    report_tokens: int
    """Tokens of the rewritten report."""
    is_forced: bool = False
    """Whether the answer was asked for because the search had ended."""
    cpu_s: float = 0.0
    """Seconds of processor time that a reasoner of our own took."""
    passages_read: int = 0
    """Passages that it read."""
    type: Literal["decision.made"] = "decision.made"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCalled(EventBase):
    """A tool is about to be used."""

    tool: str
    """Its name."""
    arguments: JsonObject
    """What it is asked."""
    worst_usd: float | None = 0.0
    """The most that it can buy for; None is unknown."""
    type: Literal["tool.called"] = "tool.called"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolReturned(EventBase):
    """A tool came back, or failed."""

    tool: str
    """Its name."""
    result_id: str
    """Digest under which the evidence store holds the result."""
    evidence_ids: tuple[str, ...] = ()
    """Evidence that it brought."""
    new_evidence: int = 0
    """How many of these had not been seen before in this run."""
    is_error: bool = False
    """Whether it failed."""
    wall_s: float = 0.0
    """Seconds that it took."""
    characters: int = 0
    """Characters that it gave back, those of its passages too."""
    purchases: tuple[Purchase, ...] = ()
    """Calls of other services that it bought."""
    cost_usd: float | None = 0.0
    """Price of what it bought; None where a part has no known price."""
    type: Literal["tool.returned"] = "tool.returned"

    @property
    def is_step(self) -> bool:
        """Whether it is a step of the run; what indexing bought before the first round is none."""
        return self.round > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAsked(EventBase):
    """A person is asked something."""

    question: str
    """What is asked."""
    type: Literal["clarify.question"] = "clarify.question"


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetTold(EventBase):
    """Where the budget stands after a round."""

    spent: JsonObject
    """Used so far, by limit; None is unknown."""
    left: JsonObject
    """Left, by limit; None where there is no such limit."""
    type: Literal["budget"] = "budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitReached(EventBase):
    """A limit stopped the search; what remains is the answer."""

    limit: Limit
    """The limit."""
    message: str
    """What it came to."""
    is_shared: bool = False
    """Whether it is one of many runs together, of a benchmark or a day, not the run's own."""
    type: Literal["budget.reached"] = "budget.reached"

    @classmethod
    def of(cls, err: BudgetExceeded, *, at: float, round_number: int) -> Self:
        """Return the event that tells of a limit."""
        return cls(
            at=at,
            round=round_number,
            limit=err.limit,
            message=str(err),
            is_shared=err.is_shared,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDelta(EventBase):
    """A piece of the final answer. Pieces in a row are the answer; the result has it checked."""

    text: str
    """The piece."""
    is_draft: bool = False
    """Whether the model is still writing: its citations are not checked yet. Such pieces are told
    to listeners and are not in the journal."""
    starts_anew: bool = False
    """Whether the pieces before were part of a reply that was discarded."""
    type: Literal["answer.delta"] = "answer.delta"


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned(EventBase):
    """Something that the asker should know, and that did not stop the run."""

    message: str
    """What it is."""
    type: Literal["warning"] = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInterrupted(EventBase):
    """The run was broken off and can be resumed."""

    message: str
    """Why."""
    type: Literal["run.interrupted"] = "run.interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStopped(EventBase):
    """The run ended; nothing comes after this."""

    result: Result
    """What came of it."""
    type: Literal["run.stopped"] = "run.stopped"


Event: TypeAlias = (
    RunStarted
    | RunResumed
    | RoundStarted
    | ModelCallStarted
    | ModelCalled
    | ModelRetried
    | DecisionMade
    | BeliefEstimated
    | UncertaintyMeasured
    | QueryChosen
    | ToolCalled
    | ToolReturned
    | PersonAsked
    | BudgetTold
    | LimitReached
    | AnswerDelta
    | Warned
    | RunInterrupted
    | RunStopped
    | TeamEvent
)
"""Anything that happens in a run."""
