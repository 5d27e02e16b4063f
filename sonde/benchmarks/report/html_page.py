"""The report as one page that opens with no network: plotly's script stands in it once."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from string import Template

from ... import __version__
from .columns import effort_columns, result_columns
from .html_parts import about, meanings_html, nav_html, tiles_html, warnings_html
from .html_tables import (
    about_table,
    contrasts_table,
    escape,
    groups_table,
    matrix,
    runs_table,
    tag,
)
from .plain_formats import frontier_figures
from .plots import Spec, bars_spec, curve_spec, scatter_spec
from .report import Report
from .section import Section

_STAIRCASE = (
    "The line is the Pareto staircase: no other run is both no dearer and no worse. Bars tell the "
    "95 % interval of accuracy and, where shown, the quartiles of the cost."
)
_HULL = "The line is the convex hull: what a coin tossed between two runs for each task can reach."
_KEY = (
    '<span class="dot on"></span> on the frontier <span class="dot"></span> below it '
    '<span class="dot diamond"></span> simulation <span class="dash"></span> cost unknown'
)
_MOST_IN_MATRIX = 12
_MOST_WITH_SPREAD = 12


def as_html(report: Report) -> str:
    """Return the page."""
    plots: dict[str, Spec] = {}
    sections = [
        _Part(section, number, plots).html() for number, section in enumerate(report.sections)
    ]
    runs = sum(len(section.runs) for section in report.sections)
    suites = ", ".join(section.suite for section in report.sections)
    return Template(_asset("report.html")).substitute(
        title=escape(f"{suites}: accuracy against cost"),
        heading="Accuracy against cost",
        subtitle=escape(f"{runs} run{'s' if runs != 1 else ''} on {suites}"),
        css=_asset("report.css"),
        js=_asset("report.js"),
        nav=nav_html(report),
        warnings=warnings_html(report),
        sections="\n".join(sections),
        plots=_as_data(plots),
        plotly=_plotly(),
        version=escape(__version__),
        draws=f"{report.options.draws:,}",
        seed=str(report.options.seed),
    )


class _Part:
    """One section of the page; its drawings join those of the others."""

    def __init__(self, section: Section, number: int, plots: dict[str, Spec]) -> None:
        self._section = section
        self._number = number
        self._plots = plots

    def html(self) -> str:
        """Return the section as HTML."""
        section = self._section
        title = tag("h2", escape(section.suite), id=f"suite-{self._number}")
        return tag("section", title + "\n".join(part for part in self._parts() if part))

    def _parts(self) -> Iterator[str]:
        section = self._section
        yield tag("p", escape(about(section)), class_="sub")
        yield tiles_html(section)
        yield self._scatter()
        results = result_columns(section)
        yield tag("h3", "Results") + runs_table(section, results, label="Results")
        yield meanings_html([(each.head, each.hint) for each in results])
        if efforts := effort_columns(section):
            yield tag("h3", "What it took") + runs_table(section, efforts, label="What it took")
            yield meanings_html([(each.head, each.hint) for each in efforts])
        yield self._groups()
        yield self._comparisons()
        yield self._curve()
        yield self._bars()
        yield tag("h3", "The runs") + about_table(section)
        yield tag("p", f"Suite {tag('code', escape(section.suite_sha256))}", class_="hint")

    def _groups(self) -> str:
        """Return the parts of the suite; two narrow tables stand side by side."""
        section = self._section
        shown = [
            tag("div", tag("h3", label) + table)
            for table, label in (
                (groups_table(section, lambda run: run.levels, label="Level"), "By level"),
                (groups_table(section, lambda run: run.hops, label="Hops"), "By hops"),
            )
            if table
        ]
        return tag("div", "".join(shown), class_="pair" if len(shown) > 1 else None)

    def _scatter(self) -> str:
        name = f"scatter-{self._number}"
        self._plots[name] = scatter_spec(self._section)
        has_spread = len(self._section.runs) <= _MOST_WITH_SPREAD
        controls = (
            self._switch("scale", "Cost axis", [("log", "Log"), ("linear", "Linear")])
            + self._switch(
                "frontier", "Frontier", [("staircase", "Staircase"), ("hull", "Convex hull")]
            )
            + self._switch(
                "spread",
                "Spread of cost",
                [("on", "Quartiles"), ("off", "Means only")],
                chosen=0 if has_spread else 1,
            )
        )
        said = "".join(
            tag("p", each, data_says=kind, hidden=hidden)
            for each, kind, hidden in (
                (_STAIRCASE, "staircase", None),
                (_HULL, "hull", "hidden"),
                (escape(frontier_figures(self._section)), None, None),
            )
        )
        said = tag("p", _KEY, class_="key") + said
        return self._figure(name, "Accuracy against cost", said, controls=controls)

    def _curve(self) -> str:
        spec = curve_spec(self._section)
        if spec is None:
            return ""
        name = f"curve-{self._number}"
        self._plots[name] = spec
        controls = self._switch("scale", "Cost axis", [("log", "Log"), ("linear", "Linear")])
        said = "Mean score, where an attempt that took more than the budget counts as 0."
        figure = self._figure(name, "Success against budget", said, controls=controls, low=True)
        return tag("h3", "Success against budget") + figure

    def _bars(self) -> str:
        shown: list[str] = []
        for parts, title, said in (
            ("by_node", "Cost by node", "Mean a task, by the node of the graph that called."),
            ("by_tool", "Cost by tool", "Mean a task of the calls that chose to use the tool."),
            ("tool_uses", "Uses of tools", "Mean uses a task."),
        ):
            spec = bars_spec(self._section, parts)
            if spec is None or (parts == "tool_uses" and "Cost by tool" in "".join(shown)):
                continue
            name = f"{parts}-{self._number}"
            self._plots[name] = spec
            shown.append(tag("div", tag("h3", title) + self._figure(name, title, said, low=True)))
        return tag("div", "".join(shown), class_="pair" if len(shown) > 1 else None)

    def _comparisons(self) -> str:
        section = self._section
        if not section.contrasts:
            return ""
        names = {name for each in section.contrasts for name in (each.a, each.b)}
        is_whole = len(section.contrasts) == len(names) * (len(names) - 1) // 2
        has_matrix = is_whole and 2 < len(names) <= _MOST_IN_MATRIX
        few = len(names) < len(section.runs)
        said = (
            "Accuracy of the row less that of the column, in points, on the same tasks; below it "
            "the two-sided p, adjusted by Holm for all comparisons shown. Coloured where p is "
            "below 0.05." + (f" The {len(names)} runs nearest to the frontier." if few else "")
        )
        table = contrasts_table(section)
        if not has_matrix:
            return tag("h3", "Comparisons") + table
        return (
            tag("h3", "Comparisons")
            + tag("p", said, class_="hint")
            + matrix(section)
            + tag("details", tag("summary", "All comparisons with their intervals") + table)
        )

    def _figure(
        self, name: str, label: str, caption: str, *, controls: str = "", low: bool = False
    ) -> str:
        height = self._plots[name]["layout"]
        style = None
        if isinstance(height, dict) and isinstance(height.get("height"), int):
            style = f"height: {height['height']}px"
        plot = tag(
            "div",
            "",
            class_="plot low" if low else "plot",
            role="img",
            aria_label=f"{label}; the tables hold the same figures",
            style=style,
        )
        rows = tag("div", controls, class_="controls") if controls else ""
        return tag(
            "figure", rows + plot + tag("figcaption", caption), class_="card", data_plot=name
        )

    def _switch(
        self, name: str, legend: str, options: list[tuple[str, str]], *, chosen: int = 0
    ) -> str:
        group = f"{name}-{self._number}-{len(self._plots)}"
        labels = "".join(
            f'<label><input type="radio" name="{group}" value="{value}"'
            f"{' checked' if at == chosen else ''}><span>{escape(label)}</span></label>"
            for at, (value, label) in enumerate(options)
        )
        return tag(
            "fieldset",
            tag("legend", escape(legend), class_="unseen") + labels,
            class_="switch",
            data_choice=name,
        )


def _as_data(plots: dict[str, Spec]) -> str:
    """Return JSON that cannot end the script that it stands in."""
    text = json.dumps(plots, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


@cache
def _asset(name: str) -> str:
    return (files("sonde.benchmarks.report") / "assets" / name).read_text(encoding="utf-8")


@cache
def _plotly() -> str:
    """Return plotly's script; it stands in the package, nothing is fetched."""
    return (files("plotly") / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
