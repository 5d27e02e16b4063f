"""A report as JSON, CSV and Markdown."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from math import isinf, isnan
from typing import cast

from ...records.json_types import JsonValue
from .columns import Column, effort_columns, result_columns, sort_key
from .contrasts import Contrast
from .report import Report
from .resources import Resource
from .section import Section, size_in_words
from .wording import p_value, percent, plain, points

_WHO = ("suite", "suite_sha256", "run", "run_id", "agent_sha256", "simulation", "cost_unit")

_FORMULAS = "docs/report.md of sonde, under Estimators"
_CONTRAST_HINTS = {
    "B − A, points": "Accuracy of B less that of A; beside it, its 95 % interval.",
    "p (Holm)": "Two-sided p of the difference, adjusted for all comparisons shown.",
    "A only/B only": "Tasks that A alone passes, and that B alone passes.",
    "Detectable": "The least true loss that these tasks would show four times in five.",
    "Cost B/A": "Mean cost of B over that of A, and its 95 % interval.",
}


def as_json(report: Report) -> str:
    """Return every figure; unknown is null, and what has no end is the string `inf`."""
    whole = {
        "warnings": list(report.warnings),
        "sections": [_jsonable(section) for section in report.sections],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False)


def as_csv(report: Report) -> str:
    """Return one line for each run; unknown is empty, and what has no end is `inf`."""
    columns = {
        column.key: column
        for section in report.sections
        for column in (*result_columns(section), *effort_columns(section))
    }
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_WHO, "accuracy_low", "accuracy_high", *columns])
    for section in report.sections:
        own = {c.key: c for c in (*result_columns(section), *effort_columns(section))}
        for run in section.runs:
            interval = run.accuracy.interval
            cells = [sort_key(own[key].value(run)) if key in own else "" for key in columns]
            writer.writerow(
                [section.suite, section.suite_sha256, run.name, run.run_id, run.agent_sha256]
                + [str(run.is_simulation).lower(), section.resource.name]
                + [sort_key(bound) for bound in (interval or (None, None))]
                + cells
            )
    return out.getvalue()


def as_markdown(report: Report) -> str:
    """Return the report as Markdown tables, warnings first."""
    lines = ["# Accuracy against cost", ""]
    if report.warnings:
        lines += [*(f"> {said}  " for said in report.warnings), ""]
    for section in report.sections:
        lines += _section(section)
    return "\n".join([*lines, *_legend(report)]).rstrip() + "\n"


def _legend(report: Report) -> list[str]:
    """Return what the heads mean, each once; docs/report.md has the formulas."""
    columns = [c for s in report.sections for c in (*result_columns(s), *effort_columns(s))]
    hints = {c.head: c.hint.replace("; below, its", "; in brackets, its") for c in columns}
    if any(section.contrasts for section in report.sections):
        hints |= _CONTRAST_HINTS
    said = [f"- **{head}**: {hint}" for head, hint in hints.items()]
    return ["## The columns", "", *said, "", f"Formulas and sources: {_FORMULAS}."]


def _section(section: Section) -> list[str]:
    lines = [f"## {section.suite}", "", _about(section), ""]
    lines += _runs_table(section, result_columns(section))
    lines += ["", frontier_sentence(section), ""]
    if efforts := effort_columns(section):
        lines += ["### What it took", "", *_runs_table(section, efforts), ""]
    if section.contrasts:
        lines += ["### Comparisons", "", *_contrast_table(section), ""]
    return lines


def _about(section: Section) -> str:
    books = sorted({run.price_book for run in section.runs if run.price_book})
    book = f"; price book {', '.join(books)}" if books else ""
    return f"{size_in_words(section)}; suite `{section.suite_sha256[:12]}`{book}."


def frontier_sentence(section: Section) -> str:
    """Return in words which runs stand on the frontier, and its figures."""
    frontier = section.frontier
    if not frontier.staircase:
        return "No run of known cost: there is no frontier."
    parts = [f"On the Pareto staircase, the cheapest first: {', '.join(frontier.staircase)}."]
    if set(frontier.hull) != set(frontier.staircase):
        parts.append(f"On the convex hull: {', '.join(frontier.hull)}.")
    return " ".join([*parts, frontier_figures(section)])


def frontier_figures(section: Section) -> str:
    """Return in words the area under the frontier, its cost-of-pass, and the risk of picking."""
    frontier = section.frontier
    parts: list[str] = []
    if area := _area_in_words(section):
        parts.append(area)
    family = frontier.cop_frontier
    if family is not None and family.value is not None:
        why = f", since all runs leave {family.unsolved} tasks unsolved" if family.unsolved else ""
        parts.append(f"Frontier cost-of-pass, each task by its cheapest run: {family.told}{why}.")
    if risk := _risk_in_words(section):
        parts.append(risk)
    return " ".join(parts)


def _risk_in_words(section: Section) -> str:
    """Return the risk of picking; nothing where those picked score alike, and no ratio exists."""
    known = [each for each in section.sharpe if not isinf(each.ratio)]
    if not known:
        return ""
    if not any(each.ratio for each in known):
        return (
            f"Picked on one half of the tasks, none of the best {known[-1].k} beats "
            f"{section.sharpe_baseline} on the other half (SharpeRatio@k is 0)."
        )
    ratios = ", ".join(f"{plain(each.ratio)} for the best {each.k}" for each in known)
    return (
        f"Picked on one half of the tasks and seen on the other (SharpeRatio@k), the gain of the "
        f"best over {section.sharpe_baseline}, in units of the spread among those picked, is "
        f"{ratios}."
    )


def _area_in_words(section: Section) -> str:
    frontier, unit = section.frontier, section.resource
    area, reference, cheapest = frontier.hypervolume, frontier.reference, frontier.cheapest
    placed = len(section.runs) - len(frontier.unplaced)
    if area is None or reference is None or cheapest is None or placed < 2:
        return ""
    return (
        f"Hypervolume: {area:.3f} of the rectangle from {unit.told(cheapest)} to the reference "
        f"{unit.told(reference[0])} a task (logarithmic) and from 0 to 100 % accuracy lie under "
        f"the staircase. DPFR is the distance on these axes to {frontier.middle}, the middle of "
        "the frontier."
    )


def _runs_table(section: Section, columns: Sequence[Column]) -> list[str]:
    heads = ["Run", *(column.head for column in columns)]
    rows = [
        [_cell(run.name), *(_with_note(c.told(run), c.note(run)) for c in columns)]
        for run in section.runs
    ]
    return _table(heads, rows)


def _contrast_table(section: Section) -> list[str]:
    heads = [
        "A",
        "B",
        "B − A, points",
        "95 %",
        "p (Holm)",
        "A only/B only",
        "Detectable",
        "Cost B/A",
    ]
    return _table(heads, [_contrast_row(each, section.resource) for each in section.contrasts])


def _contrast_row(each: Contrast, unit: Resource) -> list[str]:
    low, high = each.interval
    ratio = each.cost_ratio
    cost = "–"
    if ratio is not None:
        cost = f"{ratio.value:.2f} ({ratio.interval.low:.2f}–{ratio.interval.high:.2f})"
    return [
        _cell(each.a),
        _cell(each.b),
        points(each.gain),
        f"{points(low)} to {points(high)}",
        p_value(each.p_holm),
        f"{each.a_only}/{each.b_only}",
        percent(each.detectable) if each.detectable is not None else "–",
        cost,
    ]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    rule = ["---", *("---:" for _ in heads[1:])]
    return [f"| {' | '.join(row)} |" for row in (heads, rule, *rows)]


def _with_note(told: str, note: str) -> str:
    return f"{told} ({note})" if note else told


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _jsonable(value: object) -> JsonValue:
    if isinstance(value, Resource):
        return {"name": value.name, "label": value.label}
    if isinstance(value, float):
        return None if isnan(value) else "inf" if isinf(value) else float(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _jsonable(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        whole = cast(Mapping[object, object], value)
        return {str(key): _jsonable(part) for key, part in whole.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(part) for part in cast(Sequence[object], value)]
    return value if isinstance(value, str | int | bool) else None
