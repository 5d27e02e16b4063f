"""What a team may spend, and what each member may of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ...costs.budget import Budget
from ...records.errors import BudgetExceeded, SetupError
from ...records.stopping import Limit
from ...records.unknown import add_known
from ...records.usage import Usage, sum_usage
from .member import Work

_LEAST_SECONDS = 0.05


@dataclass(slots=True, kw_only=True)
class Bill:
    """The bill of a team's run, against its budget.

    Message tokens stand inside a member's own prompt and reply, where it has them: they are counted
    against the budget only for members whose own tokens are unknown.
    """

    budget: Budget
    """What the run may take."""
    clock: Callable[[], float]
    """Seconds, from any zero."""
    usage: list[Usage] = field(default_factory=list[Usage])
    """Tokens of each call of a member that asks a model."""
    cost_usd: float | None = 0.0
    """Price of all calls; None once one is unknown."""
    cpu_s: float = 0.0
    """Processor seconds of members that ask no model."""
    asks_models: bool = False
    """Whether any member asks one."""
    message_tokens: dict[str, int] = field(default_factory=dict[str, int])
    """Message tokens of each member, written and read."""
    _known: dict[str, int] = field(default_factory=dict[str, int])
    _last: dict[str, int] = field(default_factory=dict[str, int])
    _start: float = 0.0

    def __post_init__(self) -> None:
        if self.budget.calls is not None:
            raise SetupError("a team has no limit of model calls; give its members one each")
        self._start = self.clock()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return self.clock() - self._start

    @property
    def tokens(self) -> int:
        """Tokens that count against the budget."""
        carried = sum(n for name, n in self.message_tokens.items() if not self._known.get(name))
        return sum(self._known.values()) + carried

    @property
    def all_message_tokens(self) -> int:
        """Tokens of all messages, on both sides."""
        return sum(self.message_tokens.values())

    def total_usage(self) -> Usage:
        """Return the tokens of all members that ask a model; unknown where one call's are, and
        where nobody asks a model: work without one has no token count."""
        return sum_usage(self.usage) if self.asks_models else Usage.unknown()

    def book_work(self, member: str, work: Work) -> None:
        """Book one call of a member."""
        if work.cpu_s is None:
            self.asks_models = True
            self.usage.append(work.usage)
        self.cost_usd = add_known(self.cost_usd, work.cost_usd)
        self.cpu_s += work.cpu_s or 0.0
        used = work.usage.total or 0
        self._known[member] = self._known.get(member, 0) + used
        self._last[member] = used

    def book_message(self, member: str, tokens: int) -> None:
        """Book the tokens of a message on one side."""
        self.message_tokens[member] = self.message_tokens.get(member, 0) + tokens

    def check(self, *, message_tokens: int, called: Sequence[str], reserve: int) -> None:
        """Ask for one round: its messages, and as much of each receiver as it took last time.

        Args:
            message_tokens: Tokens of the round's messages.
            called: Members that would be called.
            reserve: Tokens of the last delivery to the decider, which must stay affordable.

        Raises:
            BudgetExceeded: The round could pass a limit.
        """
        needed = message_tokens + sum(self._last.get(name, 0) for name in called) + reserve
        limit = self.budget.tokens
        if limit is not None and self.tokens + needed > limit:
            raise BudgetExceeded(
                f"{self.tokens} of {limit} tokens are used and a round could take {needed}",
                limit=Limit.TOKENS,
            )
        if self.budget.usd is not None and self.cost_usd is None:
            raise BudgetExceeded(
                f"a member's cost is unknown, so a limit of ${self.budget.usd:g} cannot be kept; "
                "have the member tell its `cost_usd`, or leave the limit out",
                limit=Limit.USD,
            )
        if self.budget.usd is not None and (self.cost_usd or 0.0) >= self.budget.usd:
            raise BudgetExceeded(f"all of ${self.budget.usd:g} is used", limit=Limit.USD)
        if self.budget.seconds is not None and self.elapsed_s >= self.budget.seconds:
            raise BudgetExceeded(
                f"{self.elapsed_s:.1f} s of {self.budget.seconds:g} s are used", limit=Limit.SECONDS
            )

    def share(self, members: int) -> Budget:
        """Return what each of so many members may take, called at the same time."""
        tokens, usd, seconds = self.budget.tokens, self.budget.usd, self.budget.seconds
        return replace(
            Budget(),
            tokens=None if tokens is None else max(0, tokens - self.tokens) // members,
            usd=None if usd is None else max(0.0, usd - (self.cost_usd or 0.0)) / members,
            seconds=None if seconds is None else max(_LEAST_SECONDS, seconds - self.elapsed_s),
        )
