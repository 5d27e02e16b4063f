"""A purse: one limit over many runs, asked before each call of any of them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from ..records.errors import BudgetExceeded
from ..records.events import (
    Event,
    ModelCalled,
    ModelCallStarted,
    ModelRetried,
    RunStarted,
    ToolCalled,
    ToolReturned,
)
from ..records.stopping import Limit
from ..records.team_events import MemberWorked
from ..records.unknown import add_known


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Tokens and dollars."""

    tokens: int = 0
    """Tokens."""
    usd: float | None = 0.0
    """Dollars; None is unknown."""

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(tokens=self.tokens + other.tokens, usd=add_known(self.usd, other.usd))


class Purse:
    """What all runs of one process may use together; None is no limit.

    A call counts at its worst from its start until its end; one whose usage stays unknown counts
    at its worst for good. So the limit holds however many calls are under way.
    """

    def __init__(
        self,
        *,
        usd: float | None = None,
        tokens: int | None = None,
        seconds: float | None = None,
        clock: Callable[[], float],
        before: Sum | None = None,
    ) -> None:
        """Open a purse, and start its clock.

        Args:
            usd: Most dollars.
            tokens: Most tokens.
            seconds: Most seconds by the clock.
            clock: Seconds, from any zero.
            before: What was used of it before, at most.
        """
        self._usd = usd
        self._tokens = tokens
        self._seconds = seconds
        self._clock = clock
        self._start = clock()
        self._spent = before or Sum()
        self._pending: dict[tuple[int, str], Sum] = {}
        self._accounts = 0
        self._waiting: list[asyncio.Future[None]] = []
        self._heard: dict[str, Account] = {}
        self.has_refused = False
        """Whether a call was refused: then no other run need begin."""

    @property
    def at_most(self) -> Sum:
        """What is used at most, calls under way too."""
        total = self._spent
        for worst in self._pending.values():
            total += worst
        return total

    async def admit(self, *, tokens: int, usd: float | None, is_final: bool = False) -> None:
        """Ask for one more call, given its worst case.

        Where only the worst cases of calls under way stand against it, it waits for them to end.

        Raises:
            BudgetExceeded: It could pass a limit of all runs together.
        """
        if self._seconds is not None and not is_final and self.seconds_left == 0:
            self._refuse("the time of all runs is used up", Limit.SECONDS)
        wanted = Sum(tokens=tokens, usd=usd)
        while (limit := self._passed_by(self.at_most + wanted)) is not None:
            if not self._pending or self._passed_by(self._spent + wanted) is not None:
                self._refuse(self._told(limit, wanted), limit)
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn

    def _passed_by(self, total: Sum) -> Limit | None:
        """Return the limit that a sum would pass; an unknown price passes any in dollars."""
        if self._tokens is not None and total.tokens > self._tokens:
            return Limit.TOKENS
        if self._usd is not None and (total.usd is None or total.usd > self._usd):
            return Limit.USD
        return None

    def _told(self, limit: Limit, wanted: Sum) -> str:
        if limit is Limit.TOKENS:
            return (
                f"{self._spent.tokens} of {self._tokens} tokens of all runs are used; the next "
                f"call could take {wanted.tokens}"
            )
        used, next_call = (
            "an unknown amount" if each is None else f"${each:.4f}"
            for each in (self._spent.usd, wanted.usd)
        )
        return (
            f"{used} of ${self._usd:.4f} of all runs are used; the next call could cost {next_call}"
        )

    def _refuse(self, why: str, limit: Limit) -> NoReturn:
        self.has_refused = True
        raise BudgetExceeded(why, limit=limit, is_shared=True)

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the limit; None where there is none."""
        if self._seconds is None:
            return None
        return max(0.0, self._seconds - (self._clock() - self._start))

    def account(self) -> "Account":
        """Return the listener of one run, through which its calls are booked."""
        self._accounts += 1
        return Account(self, self._accounts)

    def reserve(self, key: tuple[int, str], worst: Sum) -> None:
        """Book a call at its worst until it ends."""
        self._pending[key] = worst

    def settle(self, key: tuple[int, str], *, tokens: int | None, usd: float | None) -> None:
        """Book what a call took; what is unknown of it counts at its worst."""
        self._spent += _took(self._pending.pop(key, Sum()), tokens=tokens, usd=usd)
        self._wake()

    def give_up(self, account: int) -> None:
        """Book the calls of a run that broke off at their worst."""
        for key in [key for key in self._pending if key[0] == account]:
            self.settle(key, tokens=None, usd=None)

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for turn in waiting:
            if not turn.done():
                turn.set_result(None)

    def spend(self, *, tokens: int | None, usd: float | None) -> None:
        """Book what was used beside the calls that are heard of, such as a team's member's."""
        self._spent += Sum(tokens=tokens or 0, usd=usd)

    def know(self, run_id: str, account: "Account") -> None:
        """Remember which account books the calls of a run."""
        self._heard[run_id] = account

    def known(self, run_id: str | None) -> "Account | None":
        """Return, once, the account that books the calls of a run; None where no one does."""
        return None if run_id is None else self._heard.pop(run_id, None)

    def add_failed(self, key: tuple[int, str], *, tokens: int | None, usd: float | None) -> None:
        """Book a failed attempt of a call that is made again."""
        self._spent += _took(self._pending.get(key, Sum()), tokens=tokens, usd=usd)


def _took(worst: Sum, *, tokens: int | None, usd: float | None) -> Sum:
    """Return what a call took; what is unknown of it counts at its worst."""
    return Sum(
        tokens=worst.tokens if tokens is None else tokens, usd=worst.usd if usd is None else usd
    )


class Account:
    """Hears the events of one run and books its calls."""

    def __init__(self, purse: Purse, number: int) -> None:
        self._purse = purse
        self._number = number

    def hear(self, event: Event) -> None:
        """Take an event in."""
        if isinstance(event, ModelCallStarted):
            worst = Sum(tokens=event.worst_tokens, usd=event.worst_usd)
            self._purse.reserve((self._number, event.call_id), worst)
        elif isinstance(event, ModelCalled):
            key = (self._number, event.call_id)
            self._purse.settle(key, tokens=event.usage.total, usd=event.cost_usd)
        elif isinstance(event, ModelRetried):
            key = (self._number, event.call_id)
            self._purse.add_failed(key, tokens=event.usage.total, usd=event.cost_usd)
        elif isinstance(event, ToolCalled | ToolReturned):
            self._hear_tool(event)
        elif isinstance(event, RunStarted):
            self._purse.know(event.run_id, self)
        elif isinstance(event, MemberWorked):
            self._book_member(event)

    def _hear_tool(self, event: ToolCalled | ToolReturned) -> None:
        """Book what a tool may buy while it is at work, and what it bought once it is back."""
        key = (self._number, f"tool-{event.round}")
        if isinstance(event, ToolReturned):
            tokens = sum(each.usage.total or 0 for each in event.purchases if each.usage)
            self._purse.settle(key, tokens=tokens, usd=event.cost_usd)
        elif event.worst_usd != 0:
            self._purse.reserve(key, Sum(usd=event.worst_usd))

    def _book_member(self, event: MemberWorked) -> None:
        """Book what a member took, unless its own account books it as it goes."""
        if self._purse.known(event.run_id) is None:
            self._purse.spend(tokens=event.usage.total, usd=event.cost_usd)

    def close(self) -> None:
        """End the run; calls that are still under way count at their worst."""
        self._purse.give_up(self._number)
