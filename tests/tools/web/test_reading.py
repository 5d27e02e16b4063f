"""Pages are read politely, kept on disk, and told with their age."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from sonde.records.errors import ToolError
from sonde.tools.web.fetching import Fetched, Fetcher, web_client
from sonde.tools.web.page_cache import PageCache
from sonde.tools.web.page_text import page_text
from sonde.tools.web.reading import PageReader, ReadPage
from sonde.tools.web.robots import Robots
from sonde.tools.web.url_policy import OpenHost, UrlPolicy, UrlRefused

from ..site import Answer, Asked, Site, page

pytestmark = pytest.mark.loopback

TEXT = "The vessel reached the bottom of the trench on the third dive of that spring."


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


@asynccontextmanager
async def reader(site: Site, cache: PageCache | None = None) -> AsyncGenerator[PageReader]:
    async with web_client() as client:
        policy = UrlPolicy([OpenHost.parse(site.host)])
        yield PageReader(fetcher=Fetcher(client=client, policy=policy), cache=cache)


def read(site: Site, *paths: str, cache: PageCache | None = None) -> list[ReadPage]:
    async def go() -> list[ReadPage]:
        async with reader(site, cache) as one:
            return [await one.read(f"{site.url}{path}") for path in paths]

    return asyncio.run(go())


def test_a_page_comes_as_markdown_with_what_it_says_of_itself(site: Site) -> None:
    html = (
        "<html><head><title>A &amp; B</title><meta name=author content='Ada Byron'>"
        "<meta property='article:published_time' content='2024-03-02T10:00:00Z'></head><body>"
        f"<nav><a href='/b#x'>Next  <b>page</b></a><a href='mailto:x@y.z'>Mail</a></nav>"
        f"<article><h1>A</h1><p>{TEXT}</p><ul><li>one point of the list</li><li>two</li></ul>"
        "<table><tr><th>dive</th><th>depth</th></tr><tr><td>3</td><td>900</td></tr></table>"
        "</article></body></html>"
    )
    site.routes["/a"] = Answer(body=html.encode())
    (found,) = read(site, "/a")
    assert (found.page.title, found.page.author, found.page.date) == (
        "A & B",
        "Ada Byron",
        "2024-03-02",
    )
    assert TEXT in found.page.text
    assert "| dive | depth |" in found.page.text
    assert [(each.url, each.words) for each in found.page.links] == [(f"{site.url}/b", "Next page")]
    assert found.freshness == "fetched"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html; charset=koi8-r", "<html><p>Глубина моря</p></html>".encode("koi8-r")),
        ("text/html", '<html><meta charset="windows-1251"><p>Глубина моря</p>'.encode("cp1251")),
        ("text/html; charset=nonsense", "<html><body><p>Глубина моря</p></body>".encode()),
        ("text/html; charset=latin-1", "\ufeff<html><body><p>Глубина моря</p>".encode()),
        ("text/plain; charset=utf-16", "Глубина моря".encode("utf-16")),
        ("text/html; charset=zlib", "<html><body><p>Глубина моря</p></body>".encode()),
        ("application/json", '{"x": "Глубина моря"}'.encode()),
    ],
)
def test_a_charset_is_found_where_the_server_names_it_wrongly(kind: str, body: bytes) -> None:
    reply = Fetched(url="http://x.org/", status=200, headers={"content-type": kind}, body=body)
    assert "Глубина моря" in page_text(reply).text


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"\x89PNG\r\n\x1a\n....", "it is a PNG image"),
        (b"\0\1\2\3" * 50, "binary data"),
        (b"%PDF-1.4 broken", "cannot be read"),
        (b"<html><script>app()</script></html>", "may need a browser"),
        (b"  ", "is empty"),
    ],
)
def test_what_holds_no_text_is_told(body: bytes, why: str) -> None:
    kind = "text/html" if body.startswith(b"<") else "text/plain"
    reply = Fetched(url="http://x.org/a", status=200, headers={"content-type": kind}, body=body)
    with pytest.raises(ToolError, match=why):
        page_text(reply)


def test_robots_txt_is_obeyed_and_asked_for_once(site: Site) -> None:
    site.routes["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /closed\n")
    site.routes["/open"] = page("Open", TEXT)
    read(site, "/open", "/open")
    with pytest.raises(UrlRefused, match=r"closed to programs by its site's robots\.txt"):
        read(site, "/closed/a")
    assert site.paths() == ["/open", "/open"]
    assert [each.path for each in site.asked].count("/robots.txt") == 2


def test_a_site_whose_robots_txt_fails_is_closed(site: Site) -> None:
    site.routes["/robots.txt"] = Answer(status=503)
    site.routes["/a"] = page("A", TEXT)
    with pytest.raises(UrlRefused, match="robots"):
        read(site, "/a")


ROBOTS = """
User-agent: other
Disallow: /

User-agent: *
User-agent: third
Disallow: /private/   # a remark
Allow: /private/open
Disallow: /*.cgi$
Disallow: /caf%C3%A9
Disallow: /a*b*c
Disallow:
"""


@pytest.mark.parametrize(
    ("path", "is_allowed"),
    [
        ("/", True),
        ("/private/x", False),
        ("/private/open/x", True),
        ("/run.cgi", False),
        ("/run.cgi?x", True),
        ("/café", False),
        ("/a-b-c-d", False),
        ("/a-c-b", True),
        ("/robots.txt", True),
    ],
)
def test_the_longest_rule_of_robots_txt_decides(path: str, is_allowed: bool) -> None:
    assert Robots.parse(ROBOTS, agent="sonde").allows(f"http://x.org{path}") is is_allowed


def test_rules_for_us_go_before_rules_for_all() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: Sonde/1.0\nDisallow: /x\n"
    robots = Robots.parse(text, agent="sonde")
    assert (robots.allows("http://a.org/y"), robots.allows("http://a.org/x")) == (True, False)


def test_a_page_is_kept_confirmed_by_its_tag_and_fetched_again(site: Site, tmp_path: Path) -> None:
    clock = Clock()
    cache = PageCache(tmp_path / "web", clock)
    version = ["1"]

    def answer(asked: Asked) -> Answer:
        tag = {"ETag": f'"{version[0]}"', "Cache-Control": "max-age=60"}
        if asked.headers.get("if-none-match") == tag["ETag"]:
            return Answer(status=304, headers=tag)
        return Answer(body=page(f"Version {version[0]}", TEXT).body, headers=tag)

    site.routes["/a"] = answer
    told: list[str] = []
    for wait_s in (0.0, 30.0, 7_200.0, 1.0):
        clock.seconds += wait_s
        told.append(read(site, "/a", cache=cache)[0].freshness)
    version[0] = "2"
    clock.seconds += 120
    again = read(site, "/a", cache=cache)[0]
    assert told == [
        "fetched",
        "from the cache, under a minute old",
        "unchanged, under a minute old",
        "from the cache, under a minute old",
    ]
    assert (again.freshness, again.page.title) == ("fetched", "Version 2")
    assert len(site.paths()) == 3


def test_a_page_that_its_server_forbids_to_keep_is_not_kept(site: Site, tmp_path: Path) -> None:
    cache = PageCache(tmp_path, Clock())
    site.routes["/a"] = Answer(body=page("A", TEXT).body, headers={"Cache-Control": "no-store"})
    read(site, "/a", cache=cache)
    assert read(site, "/a", cache=cache)[0].freshness == "fetched"


def test_a_site_that_is_down_is_read_from_the_cache(site: Site, tmp_path: Path) -> None:
    clock = Clock()
    cache = PageCache(tmp_path, clock)
    site.routes["/a"] = page("A", TEXT)
    read(site, "/a", cache=cache)
    clock.seconds += 3 * 3_600
    site.close()
    assert read(site, "/a", cache=cache)[0].freshness == "from the cache, 3 hours old"


def test_a_damaged_cache_is_no_cache(site: Site, tmp_path: Path) -> None:
    cache = PageCache(tmp_path)
    site.routes["/a"] = page("A", TEXT)
    read(site, "/a", cache=cache)
    (file,) = tmp_path.iterdir()
    for rubbish in (b"", b"{}\nx", b"[1]\n", b"\xff\xfe"):
        file.write_bytes(rubbish)
        assert cache.find(f"{site.url}/a") is None


def test_a_page_kept_under_an_open_host_is_refused_once_it_is_closed(
    site: Site, tmp_path: Path
) -> None:
    cache = PageCache(tmp_path)
    site.routes["/a"] = page("A", TEXT)
    read(site, "/a", cache=cache)

    async def go() -> None:
        async with web_client() as client:
            await PageReader(fetcher=Fetcher(client=client), cache=cache).read(f"{site.url}/a")

    with pytest.raises(UrlRefused):
        asyncio.run(go())


@pytest.mark.parametrize(
    ("status", "why"),
    [(403, "not open to us"), (404, "is not there: HTTP 404"), (429, "asks to wait"), (500, "500")],
)
def test_an_error_of_the_server_is_told(site: Site, status: int, why: str) -> None:
    site.routes["/a"] = Answer(status=status, body=b"oops")
    with pytest.raises(ToolError, match=why):
        read(site, "/a")


def test_the_jina_reader_is_asked_for_the_page_with_the_key_and_robots_txt_is_obeyed() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.path == "/robots.txt":
            text = "User-agent: *\nDisallow: /closed"
        else:
            text = f"# The Dive\n\n{TEXT}"
        return httpx.Response(200, stream=httpx.ByteStream(text.encode()))

    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["93.184.215.14"]

    async def go() -> ReadPage:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
            fetcher = Fetcher(client=client, resolve=resolve)
            one = PageReader(fetcher=fetcher, cache=None, jina_key="secret")
            with pytest.raises(UrlRefused, match=r"robots\.txt"):
                await one.read("https://example.org/closed")
            return await one.read("https://example.org/dive")

    found = asyncio.run(go())

    assert (found.page.title, found.page.url) == ("The Dive", "https://example.org/dive")
    assert TEXT in found.page.text
    last = asked[-1]
    assert last.headers["Host"] == "r.jina.ai"
    assert last.url.raw_path == b"/https://example.org/dive"
    assert last.headers["Authorization"] == "Bearer secret"
    assert all("Authorization" not in request.headers for request in asked[:-1])
