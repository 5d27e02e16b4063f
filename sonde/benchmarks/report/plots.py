"""What plotly draws: specifications as plain JSON. Colours are names of the page's own variables.

A string that begins with `--` stands for a colour of the page, so that one drawing serves the light
and the dark scheme. Positions on a cost axis are given twice, linear and logarithmic.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import TypeAlias

from ...records.json_types import JsonValue
from .cost_axis import CostAxis
from .figures_of_run import RunFigures
from .resources import Resource
from .section import Section
from .wording import amount, percent, percent_interval

Spec: TypeAlias = dict[str, JsonValue]
PALETTE = tuple(f"--series-{number}" for number in range(1, 9))
"""Colours of series, in order; told apart by the colour-blind too (Okabe and Ito 2008)."""
_DASHES = ("solid", "dash", "dot", "dashdot")
_MOST_LABELS = 14
_LONGEST_LABEL = 34


def safe(text: str, length: int = 80) -> str:
    """Return a stranger's text for plotly, which reads a little HTML."""
    line = " ".join(text.split())
    return escape(line if len(line) <= length else line[: length - 1] + "…", quote=False)


def scatter_spec(section: Section) -> Spec:
    """Return accuracy against cost, with intervals, spreads and both frontiers."""
    told = [run for run in section.runs if run.accuracy.value is not None]
    placed = [run for run in told if run.place.probability is not None]
    unplaced = [run for run in told if run.place.probability is None]
    axis = CostAxis([run.cost.mean or 0.0 for run in placed], section.resource)
    on_stairs = sorted(
        (run for run in placed if run.place.on_staircase), key=lambda run: run.cost.mean or 0.0
    )
    off = [run for run in placed if not run.place.on_staircase]
    traces = [
        _frontier_trace(section, section.frontier.staircase, axis, kind="staircase"),
        _frontier_trace(section, section.frontier.hull, axis, kind="hull"),
        _points_trace(off, axis, "Below the frontier", color="--muted", is_frontier=False),
        _points_trace(on_stairs, axis, "On the frontier", color="--accent", is_frontier=True),
    ]
    if unplaced:
        traces.append(_rug(unplaced))
    return {"traces": traces, "layout": _scatter_layout(axis, has_rug=bool(unplaced))}


def curve_spec(section: Section, *, most: int = 8) -> Spec | None:
    """Return accuracy against the budget of one attempt; None where no run's cost is known."""
    known = [run for run in section.runs if run.curve]
    if not known or all(len(run.curve) < 2 for run in known):
        return None
    shown = sorted(known, key=lambda run: (not run.place.on_staircase, -(run.accuracy.value or 0)))
    shown = shown[:most]
    axis = CostAxis([step.budget for run in shown for step in run.curve], section.resource)
    traces = [_curve_trace(run, axis, at) for at, run in enumerate(shown)]
    layout: Spec = {"xaxis": axis.as_spec("Budget of one attempt"), "yaxis": _share_axis("Solved")}
    return {"traces": traces, "layout": layout}


def bars_spec(section: Section, parts: str, *, most: int = 16) -> Spec | None:
    """Return the cost of each run by its parts, as stacked bars; None where none is told.

    Args:
        section: The runs.
        parts: `by_node`, `by_tool` or `tool_uses`.
        most: Runs drawn.
    """
    tables: list[tuple[RunFigures, Mapping[str, float]]] = [
        (run, getattr(run, parts)) for run in section.runs[:most]
    ]
    names = list(dict.fromkeys(name for _, table in tables for name in table))
    if not any(value for _, table in tables for value in table.values()):
        return None
    rows = [(run, table) for run, table in reversed(tables) if table]
    is_uses = parts == "tool_uses"
    is_usd = section.resource.name == "usd" and not is_uses
    unit = "" if is_uses else " tokens" if not is_usd else ""
    traces: list[JsonValue] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": safe(name, 40),
            "y": [safe(run.name, _LONGEST_LABEL) for run, _ in rows],
            "x": [table.get(name, 0.0) for _, table in rows],
            "marker": {"color": PALETTE[at % len(PALETTE)]},
            "hovertemplate": f"%{{y}}<br>{safe(name, 40)}: "
            f"{'$' if is_usd else ''}%{{x:.4~g}}{unit}<extra></extra>",
        }
        for at, name in enumerate(names)
    ]
    title = "Uses a task" if is_uses else section.resource.label if is_usd else "Tokens a task"
    xaxis: Spec = {
        "title": {"text": title},
        "tickprefix": "$" if is_usd else "",
        "rangemode": "tozero",
    }
    layout: Spec = {
        "barmode": "stack",
        "xaxis": xaxis,
        "yaxis": {"automargin": True, "ticksuffix": "  ", "gridcolor": "--nothing"},
        "height": 110 + 30 * len(rows),
    }
    return {"traces": traces, "layout": layout}


def _frontier_trace(section: Section, names: Sequence[str], axis: CostAxis, *, kind: str) -> Spec:
    found = {run.name: run for run in section.runs}
    runs = [found[name] for name in names]
    costs = [run.cost.mean or 0.0 for run in runs]
    heights: list[float] = [run.accuracy.value or 0.0 for run in runs]
    if runs and kind == "staircase":  # it goes on to the right: more money buys no more
        costs, heights = [*costs, axis.most * 1.12], [*heights, heights[-1]]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Pareto staircase" if kind == "staircase" else "Convex hull",
        "sonde": {"x": axis.places(costs), "frontier": kind},
        "y": heights,
        "line": {
            "color": "--accent",
            "width": 1.5,
            "shape": "hv" if kind == "staircase" else "linear",
        },
        "hoverinfo": "skip",
    }


def _points_trace(
    runs: Sequence[RunFigures], axis: CostAxis, name: str, *, color: str, is_frontier: bool
) -> Spec:
    costs = [run.cost.mean or 0.0 for run in runs]
    has_labels = is_frontier and len(runs) <= _MOST_LABELS
    return {
        "type": "scatter",
        "mode": "markers+text" if has_labels else "markers",
        "name": name,
        "sonde": {
            "x": axis.places(costs),
            "spread": [[run.cost.p25 or 0.0, run.cost.p75 or 0.0] for run in runs],
        },
        "y": [run.accuracy.value for run in runs],
        "text": _labels(runs),
        "textposition": ["bottom right" if at == 0 else "top left" for at in range(len(runs))],
        "textfont": {"size": 12, "color": "--text"},
        "customdata": [_card(run, axis.resource) for run in runs],
        "hovertemplate": "%{customdata}<extra></extra>",
        "error_y": _wilson(runs, f"{color}-faint"),
        "error_x": {"color": f"{color}-faint", "thickness": 3, "width": 0},
        "marker": {
            "color": color if is_frontier else "--surface",
            "size": 11 if is_frontier else 9,
            "symbol": ["diamond" if run.is_simulation else "circle" for run in runs],
            "line": {"color": color, "width": 1.5},
        },
        "cliponaxis": False,
    }


def _labels(runs: Sequence[RunFigures]) -> list[JsonValue]:
    """Return a label for each place; runs that stand on one place share the first one's."""
    places = [(run.cost.mean, run.accuracy.value) for run in runs]
    labels: list[JsonValue] = []
    for at, run in enumerate(runs):
        others = places.count(places[at]) - 1
        is_first = places.index(places[at]) == at
        more = f" and {others} more" if others else ""
        labels.append(safe(run.name, _LONGEST_LABEL) + more if is_first else "")
    return labels


def _wilson(runs: Sequence[RunFigures], color: str) -> Spec:
    up: list[JsonValue] = []
    down: list[JsonValue] = []
    for run in runs:
        value, interval = run.accuracy.value or 0.0, run.accuracy.interval
        up.append(interval.high - value if interval else 0.0)
        down.append(value - interval.low if interval else 0.0)
    return {
        "type": "data",
        "symmetric": False,
        "array": up,
        "arrayminus": down,
        "color": color,
        "thickness": 1.25,
        "width": 4,
    }


def _rug(runs: Sequence[RunFigures]) -> Spec:
    """Return the runs of unknown cost, beside the axis: a place in height alone."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Cost unknown",
        "x": [0.5 for _ in runs],
        "xaxis": "x2",
        "y": [run.accuracy.value for run in runs],
        "customdata": [f"{_title(run)}<br>cost unknown" for run in runs],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"symbol": "line-ew-open", "size": 18, "color": "--warn", "line": {"width": 2}},
    }


def _card(run: RunFigures, unit: Resource) -> str:
    place = run.place.probability
    lines = [
        _title(run),
        f"{unit.told(run.cost.mean or 0.0)} a task, median {amount(run.cost.median, unit)}",
        f"cost-of-pass {safe(run.cop_suite.told)}",
        f"P(frontier) {place:.2f}" if place is not None else "",
        "simulation" if run.is_simulation else "",
    ]
    return "<br>".join(line for line in lines if line)


def _title(run: RunFigures) -> str:
    interval = percent_interval(run.accuracy.interval)
    return f"<b>{safe(run.name)}</b><br>{percent(run.accuracy.value)} ({interval})"


def _scatter_layout(axis: CostAxis, *, has_rug: bool) -> Spec:
    layout: Spec = {"xaxis": axis.as_spec(), "yaxis": _share_axis("Accuracy")}
    if has_rug:
        layout["xaxis"] = {**axis.as_spec(), "domain": [0, 0.92]}
        layout["xaxis2"] = {
            "domain": [0.95, 1],
            "range": [0, 1],
            "tickvals": [0.5],
            "ticktext": ["unknown"],
            "showgrid": False,
            "fixedrange": True,
        }
    return layout


def _share_axis(title: str) -> Spec:
    return {"title": {"text": title}, "tickformat": ".0%", "rangemode": "tozero"}


def _curve_trace(run: RunFigures, axis: CostAxis, at: int) -> Spec:
    steps = [*run.curve]
    costs = [0.0, *(step.budget for step in steps), axis.top]
    heights = [0.0, *(step.accuracy for step in steps), steps[-1].accuracy]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": safe(run.name, _LONGEST_LABEL),
        "sonde": {"x": axis.places(costs)},
        "y": heights,
        "line": {
            "shape": "hv",
            "width": 2,
            "color": PALETTE[at % len(PALETTE)],
            "dash": _DASHES[at // len(PALETTE) % len(_DASHES)],
        },
        "hovertemplate": f"{safe(run.name)}<br>%{{y:.1%}} within %{{x:.3~g}}<extra></extra>",
    }
