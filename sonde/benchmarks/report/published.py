"""Checks of published tables: do their own figures follow from each other?"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isinf
from pathlib import Path

from ...records.errors import SuiteError
from ..statistics.pareto import staircase

_HALF_CENT = 0.005
"""Rounding of a cost-of-pass that is printed with two places."""
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
    accuracy_pct: str
    """As it is printed."""
    cost_usd: float | None
    """Dollars, as the table counts them; None where it is not told, or told as 0."""
    is_zero_cost: bool
    """Whether the table says 0, which no paid model costs."""
    cost_of_pass: float | None
    """Printed cost-of-pass; infinity where nothing passed."""
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
        path: The file: a row of heads, among them an accuracy in per cent.
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
    """Return the rows of a table.

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
    found = {key: next((n for n in names if n in heads), None) for key, names in _NAMES.items()}
    if found["accuracy"] is None or found["row"] is None:
        raise SuiteError(
            f"{path} has the columns {', '.join(heads) or '(none)'}; it needs one of "
            f"{', '.join(_NAMES['row'])} and one of {', '.join(_NAMES['accuracy'])}"
        )
    return [_row(line, found, path) for line in lines]


def _row(
    line: Mapping[str, str | None], heads: Mapping[str, str | None], path: Path
) -> PublishedRow:
    def cell(key: str) -> str:
        head = heads[key]
        return (line.get(head) or "").strip() if head else ""

    try:
        percent, cost = _number(cell("accuracy")), _number(cell("cost"))
        cost_of_pass, tasks = _number(cell("cost_of_pass")), _number(cell("tasks"))
    except ValueError as err:
        raise SuiteError(f"{path}: row {cell('row')!r}: {err}; mend the number") from err
    part = cell("part")
    is_whole = part in ("", "all")
    return PublishedRow(
        name=cell("row") if is_whole else f"{cell('row')} ({part})",
        is_whole=is_whole,
        accuracy=None if percent is None else percent / 100,
        accuracy_pct=cell("accuracy"),
        cost_usd=cost or None,
        is_zero_cost=cost == 0,
        cost_of_pass=cost_of_pass,
        tasks=None if tasks is None else int(tasks),
    )


def _check_cost_of_pass(
    row: PublishedRow, cost: float, printed: float, accuracy: float
) -> Flag | None:
    if accuracy == 0 or isinf(printed):
        fits, found = accuracy == 0 and isinf(printed), inf if accuracy == 0 else cost / accuracy
    else:
        found = cost / accuracy
        # half a unit of the last place of each of the three figures, carried through C / R
        slack = _HALF_CENT + 0.0005 / accuracy + cost * 0.00005 / accuracy**2
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
    if (
        tasks is None
        or row.accuracy is None
        or ("(" in row.name and not row.name.endswith("(all)"))
    ):
        return []
    places = len(row.accuracy_pct.partition(".")[2])
    passes = round(row.accuracy * tasks)
    slack = 0.5 * 10.0**-places + 1e-9
    if abs(100 * passes / tasks - 100 * row.accuracy) <= slack:
        return []
    message = (
        f"{row.accuracy_pct} % of {tasks} tasks is {row.accuracy * tasks:.2f}, no whole number; "
        f"{passes} of them are {100 * passes / tasks:.{places}f} %"
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
