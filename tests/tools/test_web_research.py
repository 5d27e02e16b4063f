"""An agent researches a site of 200 linked pages, and its citations hold."""

import json
import re
from pathlib import Path

import pytest

from sonde.agents.agent import Agent
from sonde.cli.main import main
from sonde.costs.budget import Budget
from sonde.costs.frozen_book import book_path, read_book
from sonde.memory.home import Home
from sonde.memory.journal import read_journal
from sonde.models.scripted import ScriptedModel
from sonde.records.events import RunStarted, ToolReturned
from sonde.records.messages import ChatRequest
from sonde.records.result import Result
from sonde.records.stopping import StopReason
from sonde.tools.web.fetching import Fetched
from sonde.tools.web.page_text import page_text
from sonde.tools.web_tools import web_tools

from .lights import Light, serve_lights
from .site import Answer, Asked, Site

pytestmark = pytest.mark.loopback


@pytest.fixture
def every(site: Site) -> list[Light]:
    return serve_lights(site)


def agent(site: Site, home: Path, **environ: str) -> Agent:
    tools = web_tools(
        "searxng",
        allow_hosts=[site.host],
        cache=home / "pages",
        environ={"SEARXNG_URL": site.url, **environ},
    )
    return Agent(tools=tools, home=home, environ={})


def text_of(site: Site, url: str) -> str:
    route = site.routes[url.removeprefix(site.url)]
    assert isinstance(route, Answer)
    reply = Fetched(url=url, status=200, headers={"content-type": route.type}, body=route.body)
    return page_text(reply).text


def check_citations(site: Site, result: Result) -> None:
    """Every citation names a page of the site, and quotes it at its very offsets."""
    assert result.citations
    for citation in result.citations:
        text = text_of(site, citation.source)
        assert text[citation.start : citation.end] == citation.quote


def test_the_site_has_two_hundred_pages(site: Site, every: list[Light]) -> None:
    assert len(site.routes) == 201


def test_one_page_answers_a_plain_question(site: Site, every: list[Light], tmp_path: Path) -> None:
    light = every[3]
    result = agent(site, tmp_path).run(f"Who designed the {light.name} lighthouse?")
    assert light.engineer in (result.answer or "")
    check_citations(site, result)
    assert result.cost_usd == 0.0


def told_apart(every: list[Light]) -> list[Light]:
    """Return the lights whose engineers' town and year of birth are theirs alone."""
    births = [(light.town, light.born) for light in every]
    return [light for light in every if births.count((light.town, light.born)) == 1]


def test_two_pages_answer_questions_that_need_both(
    site: Site, every: list[Light], tmp_path: Path
) -> None:
    researcher = agent(site, tmp_path)
    for light in told_apart(every)[:4]:
        question = (
            "When was the lighthouse first lit whose engineer was born "
            f"in {light.town} in {light.born}?"
        )
        result = researcher.run(question)
        assert str(light.year) in (result.answer or "")
        assert result.stop_reason is StopReason.ANSWERED
        check_citations(site, result)
        pages = {citation.source.removeprefix(site.url) for citation in result.citations}
        maker = f"/engineer/{light.engineer.lower().replace(' ', '-')}"
        assert {maker, f"/light/{light.name.lower()}"} <= pages
        events = read_journal(Home(tmp_path).run(result.run_id).journal).events
        calls = [event for event in events if isinstance(event, ToolReturned)]
        assert len(calls) >= 2
        assert all(call.purchases[0].seller == "searxng" and call.characters for call in calls)


def test_a_model_searches_then_opens_a_page_by_its_address(
    site: Site, every: list[Light], tmp_path: Path
) -> None:
    light = every[0]
    url = f"{site.url}/engineer/{light.engineer.lower().replace(' ', '-')}"
    calls = [
        {"name": "search_web", "arguments": {"queries": [f"{light.name} lighthouse"]}},
        {"name": "read_page", "arguments": {"url": url, "links": True}},
    ]
    prompts: list[str] = []

    def reply(request: ChatRequest) -> str:
        prompts.append(str(request.messages[-1].content))
        note = "<report>Looking.</report>"
        if len(prompts) <= len(calls):
            return f"{note}<tool_call>{json.dumps(calls[len(prompts) - 1])}</tool_call>"
        latest = max(re.findall(r"\be(\d+)\b", prompts[-1]), key=int)
        return f"{note}<answer>{light.town} [e{latest}], http://made.up.example.org/</answer>"

    tools = web_tools(
        "searxng", allow_hosts=[site.host], pages=1, environ={"SEARXNG_URL": site.url}
    )
    researcher = Agent(ScriptedModel(reply), tools=tools, home=tmp_path, environ={})
    result = researcher.run(f"Where was the engineer of {light.name} born?")
    assert (result.answer or "").startswith(light.town)
    assert "made.up" not in (result.answer or "")
    assert {citation.source for citation in result.citations} == {url}
    check_citations(site, result)
    assert "searxng: 10 results for" in prompts[1]
    assert f"- {light.name}: {site.url}/light/{light.name.lower()}" in prompts[2]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Site) -> Path:
    monkeypatch.setenv("SONDE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SEARXNG_URL", site.url)
    monkeypatch.delenv("SONDE_MODEL", raising=False)
    return tmp_path / "home"


def test_the_command_answers_from_the_web_with_addresses_and_offsets(
    site: Site, every: list[Light], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    light = told_apart(every)[0]
    question = f"How tall is the lighthouse designed by {light.engineer}?"
    options = ["--search", "searxng", "--allow-host", site.host, "--format", "json"]
    code = main(["ask", question, *options])
    result = json.loads(capsys.readouterr().out)
    assert code == 0
    assert str(light.height) in result["answer"]
    for citation in result["citations"]:
        text = text_of(site, citation["source"])
        assert text[citation["start"] : citation["end"]] == citation["quote"]

    assert main(["ask", question, *options[:-2], "-q"]) == 0
    capsys.readouterr()
    assert main(["trace"]) == 0
    trace = capsys.readouterr().out
    assert "searxng: 10 results for" in trace
    assert "(from the cache, under a minute old)" in trace


def test_without_the_option_nothing_is_read_from_a_closed_host(
    site: Site, every: list[Light], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["ask", f"Who designed {every[0].name}?", "--search", "searxng"])
    out = capsys.readouterr().out
    assert out.count(f"pages that may not be read, on {site.host}, and read none") == 1
    assert "--allow-host HOST[:PORT] opens a host on purpose" in out
    assert {path.partition("?")[0] for path in site.paths()} == {"/search"}


def test_all_providers_down_ends_with_code_5_and_one_line(
    site: Site, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.routes["/search"] = Answer(status=404)
    code = main(["ask", "Who designed the Aldercliff lighthouse?", "--search", "searxng"])
    out = capsys.readouterr().out
    assert code == 5
    assert out.count("no search provider answered: searxng: there is no such address") == 1
    assert "There is no answer: the run stopped: a provider failed." in out


def test_providers_that_fail_midway_leave_the_partial_answer(
    site: Site, every: list[Light], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = site.routes["/search"]
    assert not isinstance(answer, Answer)
    rounds: list[str] = []

    def fail_later(asked: Asked) -> Answer:
        rounds.append(asked.path)
        return answer(asked) if len(rounds) == 1 else Answer(status=401)

    site.routes["/search"] = fail_later
    light = told_apart(every)[0]
    question = (
        f"When was the lighthouse first lit whose engineer was born in {light.town} "
        f"in {light.born}?"
    )
    code = main(["ask", question, "--search", "searxng", "--allow-host", site.host])
    out = capsys.readouterr().out
    assert code == 5
    assert "no search provider answered: searxng: the key is wrong (HTTP 401)" in out
    assert "The closest passages" in out  # what was found before
    assert site.url in out

    site.routes["/search"] = answer
    assert main(["resume"]) == 0
    assert str(light.year) in capsys.readouterr().out


def test_a_paid_search_is_on_the_bill_and_kept_within_the_limit(
    site: Site, every: list[Light], tmp_path: Path
) -> None:
    (tmp_path / "prices.toml").write_text(
        "[services.searxng]\nper_call_usd = 0.02\n", encoding="utf-8"
    )
    question = f"Who designed the {every[3].name} lighthouse?"
    paid = agent(site, tmp_path).run(question)
    assert paid.cost_usd == pytest.approx(0.02)

    tools = web_tools("searxng", allow_hosts=[site.host], environ={"SEARXNG_URL": site.url})
    thrifty = Agent(tools=tools, home=tmp_path, environ={}, budget=Budget(usd=0.01))
    result = thrifty.run(question)
    assert (result.stop_reason, result.cost_usd) == (StopReason.BUDGET_USD, 0.0)


def test_a_run_stores_the_book_of_what_it_buys_and_goes_on_under_it(
    site: Site, every: list[Light], tmp_path: Path
) -> None:
    own = tmp_path / "prices.toml"
    own.write_text("[services.searxng]\nper_call_usd = 0.02\n", encoding="utf-8")
    question = f"Who designed the {every[3].name} lighthouse?"
    tools = web_tools("searxng", allow_hosts=[site.host], environ={"SEARXNG_URL": site.url})
    paid = Agent(tools=tools, home=tmp_path, environ={}, budget=Budget(usd=0.01)).run(question)
    assert paid.stop_reason is StopReason.BUDGET_USD
    folder = Home(tmp_path).run(paid.run_id)
    (started, *_) = read_journal(folder.journal).events
    assert isinstance(started, RunStarted)
    book_id = str(started.settings["price_book"])
    book = read_book(book_path(book_id, Home(tmp_path).price_books))
    assert (book.services or {})["searxng"] == 0.02
    assert not book.listed

    own.write_text("[services.searxng]\nper_call_usd = 5.0\n", encoding="utf-8")
    later = Agent(tools=tools, home=tmp_path, environ={})
    assert later.resume(paid.run_id, budget=Budget(usd=1.0)).cost_usd == pytest.approx(0.02)


def test_what_a_run_bought_is_summed_and_priced_again(
    site: Site,
    every: list[Light],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SONDE_HOME", str(tmp_path))
    agent(site, tmp_path).run(f"Who designed the {every[3].name} lighthouse?")
    assert main(["runs", "cost", "--json"]) == 0
    (seller,) = json.loads(capsys.readouterr().out)["model"]
    assert (seller["name"], seller["calls"], seller["tokens"]) == ("searxng", 1, 0)
    assert seller["cost_usd"] == 0.0
    dear = tmp_path / "dear.toml"
    dear.write_text("[services.searxng]\nper_call_usd = 0.5\n", encoding="utf-8")
    assert main(["runs", "cost", "--prices", str(dear), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "+own-" in told["price_book"]
    lines = {
        (way, line["name"]): line["cost_usd"] for way in ("model", "tool") for line in told[way]
    }
    assert lines == {("model", "searxng"): 0.5, ("tool", "search_web"): 0.5}
