"""Small parts of the page: figures at the head, warnings, links, meanings."""

from math import isinf

from .figures_of_run import RunFigures
from .html_tables import escape, tag
from .report import Report
from .section import Section, size_in_words
from .wording import amount, percent, plain


def about(section: Section) -> str:
    """Return in one line what the runs of a section have in common."""
    books = sorted({run.price_book for run in section.runs if run.price_book})
    parts = [
        size_in_words(section),
        f"suite {section.suite_sha256[:12]}",
        f"prices {', '.join(books)}" if books else _unpriced(section),
    ]
    if section.human_usd is not None:
        parts.append(f"a person asks ${section.human_usd:g} a task")
    return " · ".join(parts)


def _unpriced(section: Section) -> str:
    is_free = all(run.usd.total == 0 for run in section.runs)
    return "no model was paid" if is_free else "no price book named"


def tiles_html(section: Section) -> str:
    """Return the four figures at the head of a section."""
    unit, runs = section.resource, [r for r in section.runs if r.accuracy.value is not None]
    if not runs:
        return ""
    best = runs[0]
    paid = [run for run in runs if run.cop_suite.value is not None]
    thrifty = min(paid, key=lambda run: run.cop_suite.value or 0.0, default=None)
    on = section.frontier.staircase
    sure = [run for run in runs if run.place.on_staircase]
    surest = max(sure, key=lambda run: run.place.probability or 0.0, default=None)
    tiles = [_tile("Most accurate", percent(best.accuracy.value), best.name)]
    if thrifty is not None:
        tiles.append(_tile("Least cost of a pass", thrifty.cop_suite.told, thrifty.name))
    tiles.append(_tile("On the frontier", f"{len(on)} of {len(runs)}", _surest(surest)))
    family = section.frontier.cop_frontier
    if family is not None and family.value is not None:
        told = amount(family.value, unit) if isinf(family.value) else unit.told(family.value)
        said = f"{family.unsolved} tasks unsolved" if family.unsolved else "all runs together"
        tiles.append(_tile("Frontier cost-of-pass", told, said))
    return tag("dl", "".join(tiles), class_="tiles")


def _surest(run: RunFigures | None) -> str:
    return "" if run is None else f"surest: {run.name}, P {plain(run.place.probability)}"


def _tile(label: str, figure: str, said: str) -> str:
    body = tag("dt", escape(label)) + tag("dd", escape(figure) + tag("small", escape(said)))
    return tag("div", body, class_="tile")


def meanings_html(pairs: list[tuple[str, str]]) -> str:
    """Return what columns mean, folded away."""
    rows = "".join(tag("dt", escape(head)) + tag("dd", escape(hint)) for head, hint in pairs)
    summary = tag("summary", "What the columns mean")
    return tag("details", summary + tag("dl", rows, class_="meaning"))


def warnings_html(report: Report) -> str:
    """Return what to know before reading on; nothing where there is nothing."""
    if not report.warnings:
        return ""
    rows = "".join(tag("li", escape(said)) for said in report.warnings)
    body = tag("h2", "Before you read on") + tag("ul", rows)
    return tag("section", body, class_="warnings", role="note")


def nav_html(report: Report) -> str:
    """Return links to the suites where there are several."""
    if len(report.sections) < 2:
        return ""
    links = (
        tag("a", escape(section.suite), href=f"#suite-{number}")
        for number, section in enumerate(report.sections)
    )
    return tag("nav", "".join(links), aria_label="Suites")
