"""`bench check`: a published table, looked at for figures that do not fit."""

import json
from pathlib import Path

from ..benchmarks.report.published import Check, check_table
from .figures import count
from .screen import write_out


def check_published(table: Path, *, tasks: int | None, as_json: bool) -> None:
    """Write what a check of a published table came to.

    Raises:
        SuiteError: The table cannot be read.
    """
    check = check_table(table, tasks=tasks)
    write_out(_as_json(check) if as_json else "\n".join(_lines(check)))


def _as_json(check: Check) -> str:
    told = {
        "rows": len(check.rows),
        "reproduced": list(check.reproduced),
        "flags": [{"row": f.row, "kind": f.kind, "message": f.message} for f in check.flags],
        "unknown_cost": list(check.unknown_cost),
        "frontier": list(check.frontier),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _lines(check: Check) -> list[str]:
    lines = [f"{count(len(check.rows), 'row')}; {len(check.flags)} flagged"]
    judged = len(check.reproduced) + len(check.flagged("cost_of_pass"))
    if judged:
        said = f"{len(check.reproduced)} of {judged}"
        lines.append(f"cost-of-pass follows from cost and accuracy in {said}")
    lines += [f"  {flag.kind}: {flag.row}: {flag.message}" for flag in check.flags]
    if check.unknown_cost:
        unknown = count(len(check.unknown_cost), "row")
        lines.append(f"cost unknown: {unknown}, never on the frontier")
    if check.frontier:
        names = ", ".join(check.frontier)
        lines.append(f"frontier: {count(len(check.frontier), 'point')}: {names}")
    return lines
