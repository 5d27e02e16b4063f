"""The tally of a run: where it stands, for whoever watches it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ...records.attempt import Attempt
from ...records.unknown import add_known
from .outcome import CUT
from .spec import AttemptSpec

_ALL_BROKEN = 8  # so many attempts that all met an error, and nothing else, end a run


@dataclass(slots=True, kw_only=True)
class Scores:
    """How attempts were judged; those that a limit cut short do not count."""

    done: int = 0
    """Attempts that ended without an error."""
    scored: int = 0
    """Those with a score."""
    score: float = 0.0
    """Sum of the scores."""

    def add(self, attempt: Attempt) -> None:
        """Count an attempt."""
        if CUT in attempt.detail:
            return
        self.done += attempt.status in ("scored", "unscored")
        if attempt.score is not None:
            self.scored += 1
            self.score += attempt.score


@dataclass(slots=True, kw_only=True)
class Tally:
    """Running totals of the attempts of one sitting, and of those done before."""

    total: int
    """Attempts of the run, or of its shard."""
    clock: Callable[[], float]
    """Seconds, from any zero."""
    agents: int = 1
    """Agents of the run: of more than one, the scores here are pooled."""
    pooled: Scores = field(default_factory=Scores)
    """Scores over all agents, earlier sittings' too."""
    by_agent: dict[str, Scores] = field(default_factory=dict[str, Scores])
    """Scores of each agent, by the digest of its configuration."""
    errors: int = 0
    """Attempts of this sitting that met an error."""
    running: int = 0
    """Attempts under way."""
    tokens: int | None = 0
    """Tokens; None is unknown."""
    cost_usd: float | None = 0.0
    """Dollars; None is unknown."""
    last_error: str = ""
    """What went wrong last."""
    ended_now: int = 0
    """Attempts that ended in this sitting."""
    has_refusals: Callable[[], bool] = field(default=lambda: False)
    """Whether a limit of the whole run has refused a call."""
    has_cut: bool = False
    """Whether an attempt of this sitting was cut short by a limit of the whole run."""
    _start: float = field(init=False)

    def __post_init__(self) -> None:
        self._start = self.clock()

    def begin(self, spec: AttemptSpec) -> None:
        """Count an attempt that begins."""
        self.running += 1

    def finish(self) -> None:
        """Count down the attempts under way."""
        self.running -= 1

    def end(self, attempt: Attempt) -> None:
        """Count an attempt that ended in this sitting."""
        self.ended_now += 1
        self.judge(attempt)
        self.book(attempt)
        self.has_cut = self.has_cut or CUT in attempt.detail
        if attempt.status == "error":
            self.errors += 1
            self.last_error = attempt.error or "an error"

    def book(self, attempt: Attempt) -> None:
        """Put an attempt on the bill, whenever it was made and whatever came of it."""
        self.tokens = add_known(self.tokens, attempt.usage.total)
        self.cost_usd = add_known(self.cost_usd, attempt.cost_usd)

    def judge(self, attempt: Attempt) -> None:
        """Count the attempt that stands for its task and epoch."""
        self.pooled.add(attempt)
        self.by_agent.setdefault(attempt.agent_sha256, Scores()).add(attempt)

    @property
    def done(self) -> int:
        """Attempts that ended without an error, earlier sittings' too."""
        return self.pooled.done

    @property
    def is_hopeless(self) -> bool:
        """Whether everything so far met an error, often enough to stop."""
        return self.errors >= _ALL_BROKEN and self.errors == self.ended_now

    def may_go_on(self) -> bool:
        """Return whether another attempt may begin."""
        return not self.is_hopeless and not self.is_at_limit

    @property
    def is_at_limit(self) -> bool:
        """Whether a limit of the whole run is reached, here or in a worker."""
        return self.has_cut or self.has_refusals()

    @property
    def elapsed_s(self) -> float:
        """Seconds of this sitting."""
        return self.clock() - self._start

    @property
    def per_second(self) -> float | None:
        """Attempts that end in a second; None before the first."""
        return self.ended_now / self.elapsed_s if self.ended_now and self.elapsed_s else None

    @property
    def left_s(self) -> float | None:
        """Seconds until the end at this rate; None is unknown."""
        rate = self.per_second
        return None if rate is None else max(0, self.total - self.done) / rate
