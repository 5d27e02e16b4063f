"""The page in a real browser with the network off: read, switched, sorted and photographed."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from sonde.benchmarks.bench_run import BenchRun
from sonde.benchmarks.report.html_page import as_html
from sonde.benchmarks.report.report import Report, make_report
from sonde.benchmarks.report.section import ReportOptions

MakeRun = Callable[..., BenchRun]
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_CHROMIUM = next((found for name in _NAMES if (found := shutil.which(name))), None)
_AXIS = "document.querySelector('[data-plot=scatter-0] .plot').layout.xaxis.type"
_LINES = (
    "document.querySelector('[data-plot=scatter-0] .plot').data"
    ".filter(t => t.mode === 'lines').map(t => [t.name, t.visible])"
)
_OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"

pytestmark = pytest.mark.skipif(
    _CHROMIUM is None, reason="needs Chromium: apt-get install chromium"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def report(make_run: MakeRun) -> Report:
    runs = [
        make_run("reader", accuracy=0.35, cost_usd=0.002),
        make_run("small model", accuracy=0.5, cost_usd=0.01, seed=1),
        make_run("large model", accuracy=0.8, cost_usd=0.2, seed=2),
        make_run("large, append", accuracy=0.7, cost_usd=0.4, seed=3, is_simulation=True),
        make_run("unpriced", accuracy=0.9, cost_usd=None, seed=4),
    ]
    return make_report(runs, ReportOptions(draws=300))


@pytest.fixture
def page_file(report: Report, tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    path.write_text(as_html(report), encoding="utf-8")
    return path


def _open(browser: Browser, file: Path, *, width: int = 1280, scheme: str = "light") -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        offline=True,
    )
    page.on("pageerror", _fail)
    page.on("request", _check_is_local)
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]", timeout=30_000)
    return page


def _check_is_local(request: Request) -> None:
    assert request.url.startswith(("file:", "data:", "blob:"))


def _fail(error: object) -> None:
    raise AssertionError(f"the page failed: {error}")


def test_the_page_shows_the_figures_of_the_report(
    browser: Browser, page_file: Path, report: Report
) -> None:
    page = _open(browser, page_file)
    for run in report.sections[0].runs:
        cell = f'td[data-run="{run.name}"]'
        shown = page.locator(f'{cell}[data-column="accuracy"]').first
        assert float(shown.get_attribute("data-value") or "nan") == run.accuracy.value
        assert f"{100 * (run.accuracy.value or 0):.1f} %" in shown.inner_text()
        cost = page.locator(f'{cell}[data-column="cost_mean"]').first
        expected = "" if run.cost.mean is None else repr(run.cost.mean)
        assert cost.get_attribute("data-value") == expected
    page.close()


def test_the_cost_axis_and_the_frontier_switch(browser: Browser, page_file: Path) -> None:
    page = _open(browser, page_file)
    assert page.evaluate(_AXIS) == "log"
    page.locator("[data-choice=scale] >> text=Linear").first.click()
    assert page.evaluate(_AXIS) == "linear"
    assert dict(page.evaluate(_LINES)) == {"Pareto staircase": True, "Convex hull": False}
    page.locator("[data-choice=frontier] >> text=Convex hull").first.click()
    assert dict(page.evaluate(_LINES)) == {"Pareto staircase": False, "Convex hull": True}
    assert page.locator("[data-says=hull]").is_visible()
    assert not page.locator("[data-says=staircase]").is_visible()
    page.close()


def test_a_table_sorts_and_keeps_the_unknown_at_the_end(browser: Browser, page_file: Path) -> None:
    page = _open(browser, page_file)
    head = page.locator("table.sortable").first.locator("th button", has_text="$/task mean")
    names = page.locator("table.sortable").first.locator("tbody th")
    head.click()
    assert [text.partition("\n")[0] for text in names.all_inner_texts()][-1] == "unpriced"
    assert names.first.inner_text().startswith("large, append")
    head.click()
    assert names.first.inner_text() == "reader"
    assert names.last.inner_text() == "unpriced"
    page.close()


def test_the_scheme_can_be_chosen(browser: Browser, page_file: Path) -> None:
    page = _open(browser, page_file)
    shade = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(shade)
    page.locator("#scheme >> text=Dark").click()
    assert page.evaluate(shade) != light
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_its_window_and_can_be_photographed(
    browser: Browser, page_file: Path, tmp_path: Path, width: int, scheme: str
) -> None:
    page = _open(browser, page_file, width=width, scheme=scheme)
    assert page.evaluate(_OVERFLOW) <= 0
    picture = page.screenshot(path=tmp_path / f"{width}-{scheme}.png", full_page=True)
    assert len(picture) > 20_000
    page.close()
