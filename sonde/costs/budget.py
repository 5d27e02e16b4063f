"""What a run may use, and the guard that asks before each call."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from math import isfinite

from ..records.errors import BudgetExceeded, SetupError
from ..records.mistakes import is_number, is_whole, mistaken
from ..records.stopping import Limit
from .day_ledger import DayAccount
from .ledger import Ledger
from .purse import Purse

_AMOUNTS = ("usd", "seconds")
"""Limits that need not be whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Limits of a run; None is no limit.

    Raises:
        SetupError: A limit is negative or no number, or a number of things that is not whole.
    """

    usd: float | None = None
    """Dollars."""
    tokens: int | None = None
    """Tokens of all model calls, prompt and completion."""
    rounds: int | None = None
    """Decisions."""
    seconds: float | None = None
    """Seconds by the clock, over all sittings of a resumed run."""
    calls: int | None = None
    """Model calls."""

    def widened(self, other: "Budget") -> "Budget":
        """Return this budget with every limit that another one names."""
        named = {each.name: getattr(other, each.name) for each in fields(other)}
        return replace(self, **{name: limit for name, limit in named.items() if limit is not None})

    def relaxed(self, other: "Budget") -> "Budget":
        """Return this budget with every limit that another one names and that is wider there."""
        pairs = {
            each.name: (getattr(self, each.name), getattr(other, each.name))
            for each in fields(self)
        }
        wider = {
            name: wish
            for name, (limit, wish) in pairs.items()
            if limit is not None and wish is not None and wish > limit
        }
        return replace(self, **wider)

    def tightened(self, other: "Budget") -> "Budget":
        """Return the tighter of each pair of limits."""
        pairs = {
            each.name: (getattr(self, each.name), getattr(other, each.name))
            for each in fields(self)
        }
        limits = {name: [x for x in pair if x is not None] for name, pair in pairs.items()}
        return Budget(**{name: min(known) for name, known in limits.items() if known})

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if value is not None:
                _check_limit(each.name, value)


def _check_limit(name: str, value: float) -> None:
    if name in _AMOUNTS and not is_number(value):
        example = f"Budget({name}=0.5)"
        raise mistaken(f"budget {name}", value, wanted="a number", example=example)
    if name not in _AMOUNTS and not is_whole(value):
        example = f"Budget({name}=8)"
        raise mistaken(f"budget {name}", value, wanted="a whole number", example=example)
    if not (isfinite(value) and value >= 0):
        raise SetupError(f"budget {name} must be 0 or more, not {value}; give a plain number")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstCase:
    """The most that one model call can take."""

    tokens: int
    """Prompt as counted, with a margin where that is an estimate, and the whole reply."""
    usd: float | None
    """Its price; None where the model's price is unknown."""


class Guard:
    """Says before each call whether the budget can bear the call's worst case.

    An ordinary call must leave the reserve untouched; the final answer may use it. So a limit ends
    the search and never the answer.
    """

    def __init__(
        self,
        budget: Budget,
        ledger: Ledger,
        *,
        reserve: WorstCase,
        clock: Callable[[], float],
        seconds_before: float = 0.0,
        purse: Purse | None = None,
        day: DayAccount | None = None,
    ) -> None:
        """Start the clock.

        Args:
            budget: The limits.
            ledger: What has been used.
            reserve: Worst case of the final answer.
            clock: Seconds, from any zero.
            seconds_before: What earlier sittings of the run took.
            purse: A limit that the run shares with others.
            day: The limit of the day, which it shares with all processes.
        """
        self.budget = budget
        self._ledger = ledger
        self._reserve = reserve
        self._purse = purse
        self._day = day
        self._clock = clock
        self._start = clock() - seconds_before

    @property
    def elapsed_s(self) -> float:
        """Seconds used, earlier sittings too."""
        return self._clock() - self._start

    def seconds_left(self, *, is_final: bool = False) -> float | None:
        """Return the seconds that a call may take, or None where there is no limit.

        The search leaves a fifth of the time, at most 30 s, to the final answer.
        """
        limit = self.budget.seconds
        if limit is None:
            return None
        reserve = 0.0 if is_final else min(limit / 5, 30.0)
        return max(0.0, limit - reserve - self.elapsed_s)

    def check_round(self, rounds_made: int) -> None:
        """Ask for one more round.

        Raises:
            BudgetExceeded: Rounds or time are used up.
        """
        limit = self.budget.rounds
        if limit is not None and rounds_made >= limit:
            used = "the only round is" if limit == 1 else f"all {limit} rounds are"
            raise BudgetExceeded(f"{used} used", limit=Limit.ROUNDS)
        self._check_time(is_final=False)

    def check_call(self, worst: WorstCase, *, is_final: bool = False) -> None:
        """Ask for one model call.

        Raises:
            BudgetExceeded: Its worst case could pass a limit.
        """
        self._check_time(is_final=is_final)
        self._check_count(is_final=is_final)
        self._check_tokens(worst, is_final=is_final)
        self._check_usd(worst, is_final=is_final)

    async def admit_call(self, worst: WorstCase, *, is_final: bool = False) -> None:
        """Ask for one model call, of the limits that the run shares with others too.

        Raises:
            BudgetExceeded: Its worst case could pass a limit.
        """
        self.check_call(worst, is_final=is_final)
        if self._purse is not None:
            await self._purse.admit(tokens=worst.tokens, usd=worst.usd, is_final=is_final)
        if self._day is not None:
            kept_usd = 0.0 if is_final else (self._reserve.usd or 0.0)
            self._day.reserve(worst.usd, kept_usd=kept_usd)

    def check_purchase(self, usd: float | None) -> None:
        """Ask for what a tool is about to buy.

        Args:
            usd: The most that it can cost; None is unknown.

        Raises:
            BudgetExceeded: It could pass the limit of dollars.
        """
        self._check_usd(WorstCase(tokens=0, usd=usd), is_final=False)

    async def admit_purchase(self, usd: float | None) -> None:
        """Ask for what a tool is about to buy, of the limits that the run shares with others too.

        Args:
            usd: The most that it can cost; None is unknown.

        Raises:
            BudgetExceeded: It could pass a limit of dollars.
        """
        self.check_purchase(usd)
        if self._purse is not None:
            await self._purse.admit(tokens=0, usd=usd)
        if self._day is not None:
            self._day.reserve(usd, kept_usd=self._reserve.usd or 0.0)

    def check_retry(self, *, is_final: bool = False) -> None:
        """Ask for one more attempt of a call that is under way, whose worst case is booked.

        Raises:
            BudgetExceeded: With what the failed attempts may have taken, it could pass a limit.
        """
        nothing = WorstCase(tokens=0, usd=0.0)
        self._check_time(is_final=is_final)
        self._check_tokens(nothing, is_final=is_final)
        self._check_usd(nothing, is_final=is_final)

    def spent(self) -> dict[str, float | int | None]:
        """Return what is used so far, by limit; None is unknown."""
        return {
            Limit.USD: self._ledger.cost_usd,
            Limit.TOKENS: self._ledger.usage.total,
            Limit.ROUNDS: self._ledger.rounds,
            Limit.SECONDS: round(self.elapsed_s, 3),
            Limit.CALLS: self._ledger.calls,
        }

    def left(self) -> dict[str, float | int | None]:
        """Return what is left, by limit; None where there is no limit, or the use is unknown."""
        limits = {each: getattr(self.budget, each) for each in Limit}
        return {
            name: None
            if limits[Limit(name)] is None or used is None
            else limits[Limit(name)] - used
            for name, used in self.spent().items()
        }

    def _check_time(self, *, is_final: bool) -> None:
        left = self.seconds_left(is_final=is_final)
        if left is not None and left <= 0:
            raise BudgetExceeded(
                f"{self.elapsed_s:.1f} s of {self.budget.seconds:g} s are used",
                limit=Limit.SECONDS,
            )

    def _check_count(self, *, is_final: bool) -> None:
        limit = self.budget.calls
        needed = self._ledger.calls + (1 if is_final else 2)
        if limit is not None and needed > limit:
            raise BudgetExceeded(
                f"{self._ledger.calls} of {limit} model calls are used, one is kept for the answer",
                limit=Limit.CALLS,
            )

    def _check_tokens(self, worst: WorstCase, *, is_final: bool) -> None:
        limit = self.budget.tokens
        if limit is None:
            return
        used = self._ledger.tokens_at_most
        reserve = 0 if is_final else self._reserve.tokens
        if used + worst.tokens + reserve > limit:
            raise BudgetExceeded(
                f"{used} of {limit} tokens are used; the next call could take {worst.tokens}, "
                f"and {reserve} are kept for the answer",
                limit=Limit.TOKENS,
            )

    def _check_usd(self, worst: WorstCase, *, is_final: bool) -> None:
        limit = self.budget.usd
        if limit is None:
            return
        used = self._ledger.usd_at_most
        reserve = 0.0 if is_final else (self._reserve.usd or 0.0)
        if used is None or worst.usd is None or used + worst.usd + reserve > limit:
            raise BudgetExceeded(
                f"{_dollars(used)} of {_dollars(limit)} are used at most; the next call could "
                f"cost {_dollars(worst.usd)}, and {_dollars(reserve)} are kept for the answer",
                limit=Limit.USD,
            )


def _dollars(amount: float | None) -> str:
    return "an unknown amount" if amount is None else f"${amount:.4f}"
