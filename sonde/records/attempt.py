"""One attempt of an agent at one task of a suite: what came of it, and what it took."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from .json_types import JsonObject, JsonValue
from .stopping import StopReason
from .usage import Usage

AttemptStatus: TypeAlias = Literal["scored", "unscored", "error", "abandoned"]
"""How an attempt ended.

`scored` has a score; `unscored` ended but the truth is withheld; `error` met a failure of the
infrastructure, which is no wrong answer; `abandoned` was under way when its process died.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One finished attempt. Its key is (suite, task, epoch, agent); None is unknown, never 0."""

    suite_sha256: str
    """Content of the suite."""
    task_id: str
    """The task."""
    epoch: int
    """Number of the repetition, from 1."""
    agent_sha256: str
    """Configuration of the agent."""
    retry: int = 0
    """How many attempts with the same key came before."""
    status: AttemptStatus
    """How it ended."""
    run_id: str | None = None
    """Id of the agent's run, for `sonde trace`."""
    level: str | None = None
    """Level of the task."""
    cluster: str | None = None
    """Cluster of the task."""
    prediction: str | None = None
    """The answer; None where there is none."""
    score: float | None = None
    """Score from 0 to 1; None unless `scored`."""
    stop_reason: StopReason | None = None
    """Why the agent stopped."""
    confidence: float | None = None
    """Probability that the answer is right, as the agent held it."""
    rounds: int | None = None
    """Decisions made."""
    steps: int | None = None
    """Actions carried out."""
    usage: Usage = field(default_factory=Usage.unknown)
    """Tokens of all calls of the agent, failed ones too."""
    cost_usd: float | None = None
    """List price of the attempt: what it costs with nothing replayed or cached locally."""
    billed_usd: float | None = None
    """What was paid for it."""
    judge_usd: float | None = None
    """What a model judge took; booked apart from the agent. None where there was none."""
    text_bytes: int | None = None
    """Bytes (UTF-8) of all text that went into and came out of the model."""
    wall_s: float | None = None
    """Seconds from start to end."""
    cpu_s: float | None = None
    """Processor seconds of a reasoner of our own."""
    entities_required: int | None = None
    """Size of the set that the task asks for (R in ISR); None where it asks for none."""
    entities_found: int | None = None
    """How many of these the agent obtained (R n O in ISR)."""
    error: str | None = None
    """What went wrong, for an `error`."""
    detail: JsonObject = field(default_factory=dict[str, JsonValue])
    """Whatever else a scorer or a runner tells: cost by node and tool, calls, retries."""

    @property
    def is_correct(self) -> bool | None:
        """Whether the score is full; None where there is no score."""
        return None if self.score is None else self.score >= 1.0
