"""Checks of published tables: do their own figures follow from each other?"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isinf
from pathlib import Path

from ...records.errors import SuiteError
from ..statistics.pareto import staircase

_NAMES = {
    "row": ("row", "model", "agent", "name", "run"),
    "accuracy": ("accuracy_pct", "pass_rate_2", "pass_1", "accuracy", "score"),
    "cost": ("cost_usd", "total_cost_usd", "cost_usd_per_conversation", "cost"),
    "cost_of_pass": ("cost_of_pass", "cop"),
    "tasks": ("n_cases", "n_tasks", "tasks"),
    "part": ("level", "domain"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRow:
    """A row of a published table. None is unknown; a cost of 0 for passes is unknown too."""

    name: str
    """What it is about, with its part of the suite."""
    is_whole: bool
    """Whether it tells of the whole suite, not of a level or a domain."""
    accuracy: float | None
    """Share of tasks passed, 0 to 1."""
    accuracy_slack: float
    """Half a unit of its last printed place, as a share."""
    cost_usd: float | None
    """Dollars, as the table counts them; None where it is not told, or told as 0."""
    cost_slack: float
    """Half a unit of its last printed place, dollars."""
    is_zero_cost: bool
    """Whether the table says 0, which no paid model costs."""
    cost_of_pass: float | None
    """Printed cost-of-pass; infinity where nothing passed."""
    cost_of_pass_slack: float
    """Half a unit of its last printed place, dollars."""
    tasks: int | None
    """Tasks, where the table says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A figure that does not follow from the others."""

    row: str
    """The row."""
    kind: str
    """`cost_of_pass`, `accuracy` or `zero_cost`."""
    message: str
    """What does not fit, with the figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a check of a table came to."""

    rows: tuple[PublishedRow, ...]
    """All rows."""
    reproduced: tuple[str, ...]
    """Rows whose cost-of-pass is their cost over their accuracy, within rounding."""
    flags: tuple[Flag, ...]
    """Figures that do not fit."""
    unknown_cost: tuple[str, ...]
    """Rows whose cost is not told, or told as 0."""
    frontier: tuple[str, ...]
    """Rows of known cost that no other dominates, the cheapest first."""

    def flagged(self, kind: str) -> list[Flag]:
        """Return the flags of one kind."""
        return [flag for flag in self.flags if flag.kind == kind]


def check_table(path: Path, *, tasks: int | None = None) -> Check:
    """Check a table in CSV.

    Args:
        path: The file, as `read_table` takes it.
        tasks: Tasks of the suite, for rows that do not tell: an accuracy is k of them.

    Raises:
        SuiteError: The file cannot be read or has no accuracy.
    """
    rows = read_table(path)
    reproduced: list[str] = []
    flags: list[Flag] = []
    for row in rows:
        if row.cost_usd is not None and row.cost_of_pass is not None and row.accuracy is not None:
            flag = _check_cost_of_pass(row, row.cost_usd, row.cost_of_pass, row.accuracy)
            if flag is None:
                reproduced.append(row.name)
            else:
                flags.append(flag)
        flags += [*_check_accuracy(row, row.tasks or tasks), *_check_zero(row)]
    return Check(
        rows=tuple(rows),
        reproduced=tuple(reproduced),
        flags=tuple(flags),
        unknown_cost=tuple(row.name for row in rows if row.cost_usd is None),
        frontier=tuple(_frontier(rows)),
    )


def read_table(path: Path) -> list[PublishedRow]:
    """Return the rows of a table; case does not count in its heads.

    Accuracies are in per cent, unless none of them is above 1 and the head does not say `pct`: then
    they are shares.

    Raises:
        SuiteError: The file cannot be read or has no accuracy.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            lines = list(reader)
            heads = list(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise SuiteError(f"cannot read the table {path}: {err}; give a CSV file") from err
    known = {head.strip().lower(): head for head in heads}
    found = {
        key: next((known[n] for n in names if n in known), None) for key, names in _NAMES.items()
    }
    for key, what in (("row", "what a row is about"), ("accuracy", "an accuracy")):
        if found[key] is None:
            raise SuiteError(
                f"{path} has the columns {', '.join(heads) or '(none)'}; it needs one of "
                f"{', '.join(_NAMES[key])} for {what}"
            )
    cells = [_Cells(line, found, path) for line in lines]
    whole = 1.0 if _are_shares(cells, found["accuracy"] or "") else 100.0
    return [_row(each, whole) for each in cells]


class _Cells:
    """One line of a table, by this project's names."""

    def __init__(
        self, line: Mapping[str, str | None], heads: Mapping[str, str | None], path: Path
    ) -> None:
        self._line = line
        self._heads = heads
        self._path = path

    def text(self, key: str) -> str:
        """Return a cell as it is printed; empty where there is none."""
        head = self._heads[key]
        return (self._line.get(head) or "").strip() if head else ""

    def number(self, key: str) -> float | None:
        """Return a cell as a number."""
        try:
            return _number(self.text(key))
        except ValueError as err:
            row = self.text("row")
            raise SuiteError(f"{self._path}: row {row!r}: {err}; mend the number") from err

    def slack(self, key: str) -> float:
        """Return half a unit of the last place that is printed."""
        return 0.5 * 10.0 ** -len(self.text(key).partition(".")[2])


def _are_shares(cells: Sequence[_Cells], head: str) -> bool:
    known = [value for each in cells if (value := each.number("accuracy")) is not None]
    return "pct" not in head.lower() and 0 < max(known, default=0.0) <= 1


def _row(cells: _Cells, whole: float) -> PublishedRow:
    """Return a row; `whole` is how the table writes an accuracy of all tasks."""
    accuracy, cost, tasks = (cells.number(key) for key in ("accuracy", "cost", "tasks"))
    name, part = cells.text("row"), cells.text("part")
    is_whole = part in ("", "all")
    return PublishedRow(
        name=name if is_whole else f"{name} ({part})",
        is_whole=is_whole,
        accuracy=None if accuracy is None else accuracy / whole,
        accuracy_slack=cells.slack("accuracy") / whole,
        cost_usd=cost or None,
        cost_slack=cells.slack("cost"),
        is_zero_cost=cost == 0,
        cost_of_pass=cells.number("cost_of_pass"),
        cost_of_pass_slack=cells.slack("cost_of_pass"),
        tasks=None if tasks is None else int(tasks),
    )


def _check_cost_of_pass(
    row: PublishedRow, cost: float, printed: float, accuracy: float
) -> Flag | None:
    if accuracy == 0 or isinf(printed):
        fits, found = accuracy == 0 and isinf(printed), inf if accuracy == 0 else cost / accuracy
    else:
        found = cost / accuracy
        # the rounding of each of the three figures, carried through C / R
        slack = row.cost_of_pass_slack + row.cost_slack / accuracy
        slack += cost * row.accuracy_slack / accuracy**2
        fits = abs(found - printed) <= slack
    if fits:
        return None
    return Flag(
        row=row.name,
        kind="cost_of_pass",
        message=f"{cost:g} / {accuracy:.4f} is {found:.3f}, and {printed:g} is printed",
    )


def _check_accuracy(row: PublishedRow, tasks: int | None) -> list[Flag]:
    """Flag an accuracy that is no k of the tasks; a part of the suite has fewer of them."""
    if tasks is None or row.accuracy is None or not row.is_whole:
        return []
    passes = round(row.accuracy * tasks)
    if abs(passes / tasks - row.accuracy) <= row.accuracy_slack + 1e-9:
        return []
    message = (
        f"{100 * row.accuracy:.4g} % of {tasks} tasks is {row.accuracy * tasks:.2f}, no whole "
        f"number; {passes} of them would be {100 * passes / tasks:.4g} %"
    )
    return [Flag(row=row.name, kind="accuracy", message=message)]


def _check_zero(row: PublishedRow) -> list[Flag]:
    if not row.is_zero_cost:
        return []
    return [Flag(row=row.name, kind="zero_cost", message="a cost of 0 is taken as unknown")]


def _frontier(rows: Sequence[PublishedRow]) -> list[str]:
    known = [
        (row.name, row.cost_usd, row.accuracy)
        for row in rows
        if row.cost_usd is not None and row.accuracy is not None and row.is_whole
    ]
    if not known:
        return []
    stands = staircase([cost for _, cost, _ in known], [accuracy for _, _, accuracy in known])
    kept = [each for each, on in zip(known, stands, strict=True) if on]
    return [name for name, _, _ in sorted(kept, key=lambda each: each[1])]


def _number(text: str) -> float | None:
    if not text:
        return None
    return inf if text in ("∞", "inf") else float(text.replace(",", ""))
