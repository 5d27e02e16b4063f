"""A report as JSON, CSV, Markdown and a page, read back."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import plotly.graph_objects as go
import pytest

from sonde.benchmarks.bench_run import BenchRun
from sonde.benchmarks.report.html_page import as_html
from sonde.benchmarks.report.plain_formats import as_csv, as_json, as_markdown
from sonde.benchmarks.report.report import Report, make_report
from sonde.benchmarks.report.section import ReportOptions

MakeRun = Callable[..., BenchRun]
HOSTILE = "</script><script>alert(1)</script><b onmouseover='x'>"


@pytest.fixture
def report(make_run: MakeRun) -> Report:
    runs = [
        make_run("cheap", accuracy=0.3, cost_usd=0.001),
        make_run("dear | odd", accuracy=0.8, cost_usd=0.1, seed=1),
        make_run("never", accuracy=0.0, cost_usd=0.01, seed=2),
        make_run("unpriced", cost_usd=None, seed=3),
        make_run(HOSTILE, accuracy=0.4, cost_usd=0.2, seed=4, is_simulation=True),
    ]
    return make_report(runs, ReportOptions(draws=300, budgets=(0.05,)))


def test_json_tells_unknown_as_null_and_no_end_as_inf(report: Report) -> None:
    section = json.loads(as_json(report))["sections"][0]
    by_name = {run["name"]: run for run in section["runs"]}
    assert by_name["unpriced"]["usd"]["mean"] is None
    assert by_name["unpriced"]["cop_suite"]["value"] is None
    assert by_name["never"]["cop_suite"]["value"] == "inf"
    assert by_name["cheap"]["accuracy"]["trials"] == 40
    assert section["resource"] == {"name": "usd", "label": "Dollars a task, list price"}


def test_csv_has_a_line_a_run_and_empty_cells_for_what_is_unknown(report: Report) -> None:
    rows = {row["run"]: row for row in csv.DictReader(io.StringIO(as_csv(report)))}
    assert len(rows) == 5
    assert rows["unpriced"]["cost_mean"] == ""
    assert rows["never"]["cop_suite"] == "inf"
    assert float(rows["cheap"]["accuracy"]) == report.sections[0].runs[-2].accuracy.value
    assert rows[HOSTILE]["simulation"] == "true"


def test_markdown_tables_keep_their_columns(report: Report) -> None:
    text = as_markdown(report)
    assert text.startswith("# Accuracy against cost\n\n> Simulation: ")
    assert "dear \\| odd" in text
    assert "- **CoP suite**: Cost-of-pass: mean cost over pass rate; in brackets, its" in text
    assert "docs/report.md" in text.splitlines()[-1]
    heads = {
        cell.strip()
        for line in text.splitlines()
        if "Accuracy |" in line
        for cell in line.strip("| ").split("|")
    } - {"Run"}
    assert all(f"- **{head}**: " in text for head in heads)
    table = [line for line in text.splitlines() if line.startswith("| ")]
    widths = {line.replace("\\|", "").count("|") for line in table[:7]}
    assert len(widths) == 1


def test_the_page_asks_for_nothing_and_strangers_text_is_only_text(report: Report) -> None:
    page = as_html(report)
    own = page[: page.index("<script>/**")] + page[page.rindex('"use strict"') :]
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", own)
    assert "alert(1)</script>" not in page
    assert "<b onmouseover" not in page
    assert "Content-Security-Policy" in own
    assert page.count("<script") == 3


def test_the_pages_elements_are_closed_in_order(report: Report) -> None:
    checker = _Balance()
    checker.feed(as_html(report))
    assert checker.open == []


def test_plotly_accepts_every_drawing(report: Report) -> None:
    found = re.search(r'id="plots">(.*?)</script>', as_html(report), re.DOTALL)
    assert found is not None
    specs = json.loads(found[1])
    assert {name.partition("-")[0] for name in specs} == {"scatter", "curve", "by_node", "by_tool"}
    for spec in specs.values():
        for axis in (part for key, part in spec["layout"].items() if "axis" in key):
            axis.pop("sonde", None)
        traces = [_plain(trace) for trace in spec["traces"]]
        assert len(go.Figure(data=traces, layout=_colours(spec["layout"])).data) == len(traces)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportArgumentType] -- plotly is untyped


def test_one_run_makes_a_page_too(make_run: MakeRun) -> None:
    page = as_html(make_report([make_run(HOSTILE)], ReportOptions(draws=100)))
    assert "Comparisons" not in page
    assert "Hypervolume" not in page


def test_runs_without_any_answer_make_a_page_too(make_run: MakeRun) -> None:
    run = make_run(tasks=5)
    silent = tuple(replace(a, status="unscored", score=None) for a in run.attempts)
    page = as_html(make_report([replace(run, attempts=silent)], ReportOptions(draws=100)))
    assert "Answers withheld: 5 of 5" in page


def _plain(trace: dict[str, object]) -> dict[str, object]:
    """Return a trace as the page hands it to plotly."""
    places = trace.pop("sonde", None)
    if isinstance(places, dict):
        trace["x"] = places["x"]["log"]  # pyright: ignore[reportUnknownVariableType] -- JSON
    return _colours(trace)


def _colours(spec: dict[str, object]) -> dict[str, object]:
    return json.loads(re.sub(r'"--[a-z0-9-]+"', '"#123456"', json.dumps(spec)))


class _Balance(HTMLParser):
    """Keeps the elements that are open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
