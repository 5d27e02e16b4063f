"""Each provider's own form of question and answer, against a server on this machine."""

import asyncio
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from sonde.records.errors import SetupError
from sonde.tools.search.arxiv import Arxiv
from sonde.tools.search.brave import Brave
from sonde.tools.search.ddgs import Ddgs
from sonde.tools.search.exa import Exa
from sonde.tools.search.provider import Answer as Found
from sonde.tools.search.provider import SearchFailed, SearchProvider
from sonde.tools.search.searxng import SearxNG
from sonde.tools.search.serper import Serper
from sonde.tools.search.tavily import Tavily
from sonde.tools.search.wikipedia import Wikipedia
from sonde.tools.web.fetching import web_client

from ..site import Answer, Site

pytestmark = pytest.mark.loopback

REPLIES = Path(__file__).parent / "replies"
KEY = "key-0123456789"
QUERY = "challenger deep depth"
Make = Callable[[httpx.AsyncClient, str], SearchProvider]
PROVIDERS: dict[str, tuple[Make, str]] = {
    "searxng": (lambda c, url: SearxNG(client=c, base_url=f"{url}/"), "/search"),
    "tavily": (lambda c, url: Tavily(client=c, key=KEY, base_url=url), "/search"),
    "brave": (lambda c, url: Brave(client=c, key=KEY, base_url=url), "/res/v1/web/search"),
    "serper": (lambda c, url: Serper(client=c, key=KEY, base_url=url), "/search"),
    "exa": (lambda c, url: Exa(client=c, key=KEY, base_url=url), "/search"),
    "wikipedia": (lambda c, url: Wikipedia(client=c, base_url=url), "/w/api.php"),
    "arxiv": (lambda c, url: Arxiv(client=c, base_url=url), "/api/query"),
}
KEYED = {
    "tavily": ("authorization", f"Bearer {KEY}"),
    "brave": ("x-subscription-token", KEY),
    "serper": ("x-api-key", KEY),
    "exa": ("x-api-key", KEY),
}


def search(site: Site, name: str, *, limit: int = 10, query: str = QUERY) -> Found:
    async def go() -> Found:
        async with web_client() as client:
            return await PROVIDERS[name][0](client, site.url).search(query, limit=limit)

    return asyncio.run(go())


def serve(site: Site, name: str, answer: Answer | None = None) -> None:
    (file,) = REPLIES.glob(f"{name}.*")
    site.routes[PROVIDERS[name][1]] = answer or Answer(
        body=file.read_bytes(), type="application/json"
    )


@pytest.mark.parametrize("name", PROVIDERS)
def test_an_answer_becomes_results_in_their_order_without_markup(site: Site, name: str) -> None:
    serve(site, name)
    hits = search(site, name).hits
    assert [hit.title for hit in hits] == ["Challenger Deep", "Trench map"]
    assert [hit.snippet.replace(" … ", " ") for hit in hits] == [
        "The deepest known point of the seabed lies in the Challenger Deep.",
        "A map of the trench & its depths."
        if name == "brave"
        else "A map of the trench and its depths.",
    ]
    if name != "arxiv":
        assert hits[0].url == "https://ocean.example.org/challenger"
    assert len(search(site, name, limit=1).hits) == 1


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_words_are_sent_as_they_are_asked(site: Site, name: str) -> None:
    serve(site, name)
    search(site, name, query="größe & tiefe")
    (asked,) = site.asked
    sent = json.loads(asked.body) if asked.body else parse_qs(urlsplit(asked.path).query)
    words = {"arxiv": "all:größe AND all:tiefe"}.get(name, "größe & tiefe")
    assert words in [v[0] if isinstance(v, list) else v for v in sent.values()]


@pytest.mark.parametrize("name", KEYED)
def test_a_key_is_sent_in_its_header_and_stands_in_no_message(site: Site, name: str) -> None:
    header, value = KEYED[name]
    serve(site, name, Answer(status=401, body=f'{{"detail": "bad key {KEY}"}}'.encode()))
    with pytest.raises(SearchFailed, match=rf"{name}: the key is wrong \(HTTP 401\)") as failure:
        search(site, name)
    assert site.asked[0].headers[header] == value
    assert KEY not in site.asked[0].path
    assert KEY not in str(failure.value)
    assert failure.value.is_lasting


@pytest.mark.parametrize("name", PROVIDERS)
def test_nothing_found_is_an_answer(site: Site, name: str) -> None:
    empty = {
        "arxiv": b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>',
        "wikipedia": b'{"batchcomplete": true}',
        "brave": b'{"type": "search", "query": {"original": "x"}}',
    }
    serve(site, name, Answer(body=empty.get(name, b'{"results": [], "organic": []}')))
    assert search(site, name).hits == []


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize(
    "body", [b"", b"<html>hello", b"[1]", b'"x"', b"\xff\xfe", gzip.compress(b"{}" * 9)]
)
def test_rubbish_is_a_failure_and_no_crash(site: Site, name: str, body: bytes) -> None:
    serve(site, name, Answer(body=body))
    with pytest.raises(SearchFailed, match=name):
        search(site, name)


@pytest.mark.parametrize("name", ["tavily", "exa", "brave"])
@pytest.mark.parametrize(
    ("status", "wait_s", "is_lasting"),
    [(429, 7.0, False), (500, None, False), (503, None, False), (402, None, True)],
)
def test_a_fault_tells_whether_to_wait(
    site: Site, name: str, status: int, wait_s: float | None, is_lasting: bool
) -> None:
    told = {"Retry-After": "7"} if wait_s else {}
    serve(site, name, Answer(status=status, headers=told))
    with pytest.raises(SearchFailed) as failure:
        search(site, name)
    assert (failure.value.wait_s, failure.value.is_lasting) == (wait_s, is_lasting)


def test_a_gzip_bomb_from_a_provider_is_stopped(site: Site) -> None:
    packed = gzip.compress(b" " * (16 << 20))
    serve(site, "searxng", Answer(body=packed, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(SearchFailed, match="searxng: the page is larger"):
        search(site, "searxng")


def test_exa_tells_its_own_price(site: Site) -> None:
    serve(site, "exa")
    assert search(site, "exa").cost_usd == 0.007
    serve(site, "tavily")
    assert search(site, "tavily").cost_usd is None


def test_searxng_says_how_to_allow_json(site: Site) -> None:
    serve(site, "searxng", Answer(status=403))
    with pytest.raises(SearchFailed, match=r"add `json` to search\.formats"):
        search(site, "searxng")


def test_searxng_whose_engines_are_silent_has_failed(site: Site) -> None:
    body = b'{"results": [], "unresponsive_engines": [["google", "timeout"]]}'
    serve(site, "searxng", Answer(body=body))
    with pytest.raises(SearchFailed, match="none of its engines answered"):
        search(site, "searxng")


def test_wikipedias_own_errors_are_told(site: Site) -> None:
    serve(site, "wikipedia", Answer(body=b'{"error": {"code": "ratelimited", "info": "x"}}'))
    with pytest.raises(SearchFailed, match="wikipedia: ratelimited"):
        search(site, "wikipedia")


def test_arxivs_entities_are_not_expanded(site: Site) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><feed>&b;</feed>'
    serve(site, "arxiv", Answer(body=bomb))
    with pytest.raises(SearchFailed, match="document type"):
        search(site, "arxiv")


def test_a_server_that_is_gone_is_told_without_its_address(site: Site) -> None:
    site.close()
    with pytest.raises(SearchFailed, match=r"^searxng cannot be reached \(ConnectError\)$"):
        search(site, "searxng")


def test_ddgs_gives_its_rows() -> None:
    rows = [{"title": "A &amp; B", "href": "https://a.example.org/", "body": "words"}]
    asked: list[tuple[str, int]] = []

    def look_up(query: str, limit: int) -> list[dict[str, str]]:
        asked.append((query, limit))
        return rows

    (hit,) = asyncio.run(Ddgs(look_up=look_up).search(QUERY, limit=3)).hits
    assert (hit.title, hit.url, hit.snippet) == ("A & B", "https://a.example.org/", "words")
    assert asked == [(QUERY, 3)]


def test_ddgs_without_its_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ddgs", None)
    with pytest.raises(SetupError, match=r"pip install 'sonde\[web\]'"):
        asyncio.run(Ddgs().search(QUERY, limit=3))
