"""What one day has cost, over all processes of a person: asked and booked before each call.

A small SQLite file keeps the total of each day (by UTC). A call is booked at its worst before it is
made, in one transaction with the question whether the day can bear it, so that no two processes can
spend the same dollar. It is set right when the call comes back; one that never does, since its
process died, stays booked at its worst. Calls whose price is unknown are not in it.
"""

import secrets
import sqlite3
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, date, datetime
from math import isfinite
from pathlib import Path

from ..records.errors import BudgetExceeded, SetupError
from ..records.events import (
    Event,
    ModelCalled,
    ModelCallStarted,
    ModelRetried,
    ToolCalled,
    ToolReturned,
)
from ..records.stopping import Limit

LIMIT_VARIABLE = "SONDE_MAX_USD_PER_DAY"
"""Names the limit of the day where nobody gives one."""
_ROUNDING = 1e-9  # of a sum of many small prices
_WAIT_S = 10.0  # for another process to finish its transaction, which takes about a millisecond


def utc_today() -> date:
    """Return the day that it is by UTC."""
    return datetime.now(UTC).date()


def limit_of(environ: Mapping[str, str]) -> float | None:
    """Return the limit of the day that an environment names.

    Raises:
        SetupError: It is no amount.
    """
    text = environ.get(LIMIT_VARIABLE, "").strip()
    if not text:
        return None
    try:
        limit = float(text)
    except ValueError:
        limit = -1.0
    if not (isfinite(limit) and limit >= 0):
        raise SetupError(f"{LIMIT_VARIABLE}={text!r} is no amount; write dollars, such as 5 or 0.5")
    return limit


class DayLedger:
    """The file of what days have cost."""

    def __init__(
        self,
        path: Path,
        *,
        limit_usd: float | None = None,
        today: Callable[[], date] = utc_today,
        is_kept_open: bool = False,
    ) -> None:
        """Name the file; nothing is read or written yet.

        Args:
            path: The file; it is made when the first call is booked.
            limit_usd: Most dollars of a day; None books and never refuses.
            today: What day it is.
            is_kept_open: Whether the file stays open from the first call on, until `close`; opening
                it takes longer than booking.
        """
        self.limit_usd = limit_usd
        self._path = path
        self._today = today
        self._is_kept_open = is_kept_open
        self._kept: sqlite3.Connection | None = None

    def spent_usd(self, day: date | None = None) -> float:
        """Return the most that a day can have cost, calls under way too; today by default."""
        if not self._path.exists():
            return 0.0
        with self._open() as database:
            return _total(database, day or self._today())

    def reserve(self, worst_usd: float | None, *, kept_usd: float = 0.0) -> str | None:
        """Book a call at its worst, if the day can bear it, and return what `settle` needs.

        Args:
            worst_usd: The most that it can cost; None is unknown.
            kept_usd: What must be left besides, for a final answer.

        Raises:
            BudgetExceeded: It could pass the day's limit, or nobody knows what it costs.
        """
        if worst_usd is None:
            if self.limit_usd is None:
                return None
            raise BudgetExceeded(
                "the price of the call is unknown, so the limit of the day cannot be held",
                limit=Limit.USD,
                is_shared=True,
            )
        if worst_usd == 0:
            return None
        with self._open() as database:
            day = self._today()
            self._check(_total(database, day), worst_usd, kept_usd)
            key = secrets.token_hex(8)
            database.execute("INSERT INTO pending VALUES (?, ?, ?)", (key, str(day), worst_usd))
            _add(database, str(day), worst_usd)
        return key

    def settle(self, key: str, usd: float | None) -> None:
        """Set a call right: it cost this much; what is unknown of it stays at its worst."""
        with self._open() as database:
            row = database.execute("SELECT day, usd FROM pending WHERE key = ?", (key,)).fetchone()
            if row is None:
                return
            database.execute("DELETE FROM pending WHERE key = ?", (key,))
            if usd is not None:
                _add(database, row[0], usd - row[1])

    def add(self, usd: float) -> None:
        """Book what was spent without a reservation."""
        with self._open() as database:
            _add(database, str(self._today()), usd)

    def account(self) -> "DayAccount":
        """Return the account of one run, which keeps the file open until it is closed."""
        return DayAccount(
            DayLedger(self._path, limit_usd=self.limit_usd, today=self._today, is_kept_open=True)
        )

    def close(self) -> None:
        """Close the file, where it was kept open; a later call opens it again."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _check(self, spent: float, worst_usd: float, kept_usd: float) -> None:
        limit = self.limit_usd
        if limit is not None and spent + worst_usd + kept_usd > limit + _ROUNDING:
            raise BudgetExceeded(
                f"${spent:.4f} of ${limit:.4f} of this day (UTC) are used at most; the next call "
                f"could cost ${worst_usd:.4f}, and ${kept_usd:.4f} are kept for the answer",
                limit=Limit.USD,
                is_shared=True,
            )

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        """Yield the database within one transaction that no other process can enter."""
        try:
            connection = self._kept or self._connected()
            self._kept = connection if self._is_kept_open else None
            with closing(connection) if self._kept is None else nullcontext():
                connection.execute("BEGIN IMMEDIATE")
                with connection:  # commits, or takes back what an error left half done
                    yield connection
        except (OSError, sqlite3.Error) as err:
            raise SetupError(
                f"cannot book into {self._path}: {err}; check its permissions and free space, "
                "or set SONDE_HOME to another folder"
            ) from err

    def _connected(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            self._path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA synchronous = OFF")  # a killed process loses nothing
            connection.execute(_DAYS)
            connection.execute(_PENDING)
        except sqlite3.Error:
            connection.close()
            raise
        return connection


_DAYS = "CREATE TABLE IF NOT EXISTS days (day TEXT PRIMARY KEY, usd REAL NOT NULL)"
_PENDING = (
    "CREATE TABLE IF NOT EXISTS pending "
    "(key TEXT PRIMARY KEY, day TEXT NOT NULL, usd REAL NOT NULL)"
)


class DayAccount:
    """Books the calls of one run: `reserve` before a call, then it hears the run's events."""

    def __init__(self, ledger: DayLedger) -> None:
        self._ledger = ledger
        self._next: str | None = None
        self._under_way: dict[str, tuple[str, float]] = {}

    def reserve(self, worst_usd: float | None, *, kept_usd: float = 0.0) -> None:
        """Book the call that starts next.

        Raises:
            BudgetExceeded: It could pass the limit of the day.
        """
        self._next = self._ledger.reserve(worst_usd, kept_usd=kept_usd)

    def close(self) -> None:
        """Close the file; what is under way stays booked at its worst."""
        self._ledger.close()

    def hear(self, event: Event) -> None:
        """Take an event of the run in."""
        if isinstance(event, ModelCallStarted) and self._next is not None:
            self._under_way[event.call_id] = (self._next, event.worst_usd or 0.0)
            self._next = None
        elif isinstance(event, ModelRetried) and event.call_id in self._under_way:
            worst = self._under_way[event.call_id][1]
            self._ledger.add(worst if event.cost_usd is None else event.cost_usd)
        elif isinstance(event, ModelCalled) and event.call_id in self._under_way:
            key, _ = self._under_way.pop(event.call_id)
            self._ledger.settle(key, event.cost_usd)
        elif isinstance(event, ToolCalled | ToolReturned):
            self._hear_tool(event)

    def _hear_tool(self, event: ToolCalled | ToolReturned) -> None:
        """Book what a tool may buy while it is at work, and what it bought once it is back."""
        call = f"tool-{event.round}"
        if isinstance(event, ToolCalled):
            if self._next is not None:
                self._under_way[call] = (self._next, event.worst_usd or 0.0)
                self._next = None
        elif call in self._under_way:
            self._ledger.settle(self._under_way.pop(call)[0], event.cost_usd)
        elif event.cost_usd:
            self._ledger.add(event.cost_usd)


def _total(database: sqlite3.Connection, day: date) -> float:
    row = database.execute("SELECT usd FROM days WHERE day = ?", (str(day),)).fetchone()
    return 0.0 if row is None else float(row[0])


def _add(database: sqlite3.Connection, day: str, usd: float) -> None:
    database.execute(
        "INSERT INTO days VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET usd = usd + excluded.usd",
        (day, usd),
    )
