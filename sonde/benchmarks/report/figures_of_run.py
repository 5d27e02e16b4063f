"""The figures of one run, as the report tells them. None is unknown; infinity is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...records.json_types import JsonObject, JsonValue
from ..statistics.intervals import Interval
from ..statistics.repeats import BudgetStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How often a run was right."""

    value: float | None
    """Mean score over all tasks and epochs; broken attempts count 0. None where none was judged."""
    interval: Interval | None = None
    """Its 95 % interval."""
    method: str = ""
    """How the interval was made: `Wilson`, `bootstrap over tasks`, or `Wilson over clusters`."""
    total_score: float = 0.0
    """Sum of the scores: passes, where all are 0 or 1."""
    trials: int = 0
    """Attempts that were to be made: the denominator."""
    broken: int = 0
    """Attempts that met an error, were abandoned or never made."""
    bounds: Interval | None = None
    """Accuracy if all broken attempts were wrong, and if all were right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """An amount over the attempts of a run."""

    known: int
    """Attempts of which it is known."""
    trials: int
    """Attempts that were to be made."""
    mean: float | None = None
    """Mean; None unless all are known."""
    median: float | None = None
    """Median of what is known."""
    p25: float | None = None
    """Lower quartile."""
    p75: float | None = None
    """Upper quartile."""
    p95: float | None = None
    """95 % are no more."""
    total: float | None = None
    """Sum; None unless all are known."""

    @property
    def is_known(self) -> bool:
        """Whether every attempt's amount is known."""
        return self.known == self.trials > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CostOfPass:
    """What a right answer costs."""

    value: float | None
    """Amount a pass; infinity where nothing passed; None where a cost is unknown."""
    interval: Interval | None = None
    """Its 95 % interval by the bootstrap over tasks; the upper bound may be infinite."""
    told: str = "unknown"
    """In words: `$0.42`, or `> $1.20 (0/20)` where nothing passed."""
    unsolved: str = ""
    """Where single tasks without a pass make it infinite: how many, as in `44/90`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A part of the suite: a level, or a number of hops."""

    label: str
    """Its name."""
    trials: int
    """Attempts in it."""
    accuracy: float
    """Mean score."""
    interval: Interval
    """Wilson's 95 % interval over its tasks: the attempts at one task count as one trial."""
    cost: float | None
    """Mean of the resource; None where a part is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a run stands towards the frontier; empty where its cost is unknown."""

    on_staircase: bool = False
    """Whether no other run is both no dearer and no worse."""
    on_hull: bool = False
    """Whether it stands on the convex hull too."""
    probability: float | None = None
    """Share of the bootstrap's draws in which it stands on the staircase."""
    gap: float | None = None
    """Accuracy that the frontier reaches for the same cost, less its own."""
    dpfr: float | None = None
    """Distance to the middle of the frontier on normalised axes (DPFR at alpha = .5)."""
    essentialness: float | None = None
    """Share of the frontier's cost-of-pass that would come back without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFigures:
    """All figures of one run."""

    name: str
    """Unique within the report."""
    run_id: str
    """Id of the run."""
    agent_sha256: str
    """Digest of the configuration."""
    config: JsonObject = field(default_factory=dict[str, JsonValue])
    """The configuration."""
    epochs: int = 1
    """Repetitions of each task."""
    seed: int | None = None
    """Seed."""
    price_book: str | None = None
    """Id of the book that costs are told by."""
    is_simulation: bool = False
    """Whether a simulated reasoner stood in for a model."""
    accuracy: Accuracy
    """How often it was right."""
    cost: Spread
    """The resource that accuracy is drawn against."""
    usd: Spread
    """Dollars, list price."""
    billed_usd: float | None
    """Dollars paid in all, for attempts that were made again too; None where a part is unknown."""
    judge_usd: float | None
    """Dollars of a model judge in all; None where there was none."""
    cop_suite: CostOfPass
    """Mean cost over pass rate."""
    cop_frontier: CostOfPass
    """Mean over tasks of this run's own cost-of-pass, capped by a person's price if given."""
    place: Place = field(default_factory=Place)
    """Towards the frontier."""
    tokens: Mapping[str, float | None] = field(default_factory=dict[str, float | None])
    """Mean tokens by bucket, and `total`."""
    bytes_per_token: float | None = None
    """Bytes of text that one token holds: makes tokenizers comparable."""
    steps: float | None = None
    """Mean actions carried out."""
    rounds: float | None = None
    """Mean decisions made."""
    wall_s: Spread
    """Seconds from start to end."""
    cpu_s: float | None = None
    """Mean processor seconds of a reasoner of our own."""
    isr: float | None = None
    """Share of the required entities that were obtained (ISR of WebLeaper)."""
    ise: float | None = None
    """Required entities obtained per step, in search results too (ISE of WebLeaper)."""
    ise_paper: float | None = None
    """Required entities per step, obtained or not: the formula as WebLeaper prints it."""
    pass_at: tuple[float, ...] = ()
    """pass@1..n over the epochs."""
    pass_hat: tuple[float, ...] = ()
    """pass^1..n over the epochs."""
    levels: tuple[Group, ...] = ()
    """By level."""
    hops: tuple[Group, ...] = ()
    """By number of hops."""
    by_node: Mapping[str, float] = field(default_factory=dict[str, float])
    """Mean of the resource by node of the graph, where the attempts tell it."""
    by_tool: Mapping[str, float] = field(default_factory=dict[str, float])
    """Mean of the resource in rounds that used a tool, where the attempts tell it."""
    tool_uses: Mapping[str, float] = field(default_factory=dict[str, float])
    """Mean uses of each tool."""
    curve: tuple[BudgetStep, ...] = ()
    """Accuracy against the budget of one attempt."""
    at_budget: Mapping[str, float] = field(default_factory=dict[str, float])
    """Accuracy at the budgets that were asked for."""
    stops: Mapping[str, int] = field(default_factory=dict[str, int])
    """Attempts by stop reason."""
