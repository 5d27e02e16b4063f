"""A fetch keeps to its caps, and checks every step of the way."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import httpx
import pytest

from sonde.tools.web.fetching import Fetched, Fetcher, FetchFailed, FetchLimits, web_client
from sonde.tools.web.unpacking import BodyRefused
from sonde.tools.web.url_policy import OpenHost, UrlPolicy, UrlRefused

from ..site import Answer, Site

pytestmark = pytest.mark.loopback

BOMB = gzip.compress(b"\0" * (64 << 20))


@asynccontextmanager
async def fetcher(*opened: str, **limits: float | int) -> AsyncGenerator[Fetcher]:
    policy = UrlPolicy([OpenHost.parse(each) for each in opened])
    async with web_client() as client:
        yield Fetcher(client=client, policy=policy, limits=FetchLimits(**limits))  # pyright: ignore[reportArgumentType] -- numbers of the right kind


def fetch(url: str, *opened: str, **limits: float | int) -> Fetched:
    async def go() -> Fetched:
        async with fetcher(*opened, **limits) as one:
            return await one.fetch(url)

    return asyncio.run(go())


def redirect(target: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": target})


def test_a_page_comes_whole_with_its_headers(site: Site) -> None:
    site.routes["/a"] = Answer(body=b"hello", headers={"ETag": '"1"'})
    reply = fetch(f"{site.url}/a?x=1#part", site.host)
    assert (reply.status, reply.body, reply.headers["etag"]) == (200, b"hello", '"1"')
    assert site.asked[0].path == "/a?x=1"
    assert site.asked[0].headers["host"] == site.host


def test_a_closed_host_is_never_connected_to(site: Site) -> None:
    with pytest.raises(UrlRefused, match="belongs to this machine"):
        fetch(f"{site.url}/a")
    assert site.asked == []


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest/",
        "//localhost/",
        "http://[::1]/",
        "file:///etc/passwd",
        "http://user@127.0.0.1/",
        "http://[",
    ],
)
def test_a_redirect_into_a_closed_place_is_refused(site: Site, target: str) -> None:
    site.routes["/a"] = redirect(target)
    with pytest.raises(UrlRefused):
        fetch(f"{site.url}/a", site.host)
    assert site.paths() == ["/a"]


def test_redirects_are_followed_to_their_end_and_not_for_ever(site: Site) -> None:
    site.routes["/a"] = redirect("/b", 301)
    site.routes["/b"] = redirect(f"{site.url}/c", 308)
    site.routes["/c"] = Answer(body=b"end")
    site.routes["/loop"] = redirect("/loop")
    assert fetch(f"{site.url}/a", site.host).url == f"{site.url}/c"
    with pytest.raises(FetchFailed, match="over 3 times"):
        fetch(f"{site.url}/loop", site.host, redirects=3)
    assert site.paths().count("/loop") == 4


def test_a_name_is_looked_up_once_and_the_connection_made_to_what_was_checked(site: Site) -> None:
    site.routes["/a"] = Answer(body=b"pinned")
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    async def go() -> Fetched:
        async with web_client() as client:
            policy = UrlPolicy([OpenHost.parse("docs.example.org")])
            one = Fetcher(client=client, policy=policy, resolve=resolve)
            return await one.fetch(f"http://docs.example.org:{site.port}/a")

    assert asyncio.run(go()).body == b"pinned"
    assert asked == ["docs.example.org"]
    assert site.asked[0].headers["host"] == f"docs.example.org:{site.port}"


def test_the_certificate_is_checked_against_the_name_and_not_the_number() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, stream=httpx.ByteStream(b"ok"))

    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["93.184.215.14"]

    async def go() -> Fetched:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
            return await Fetcher(client=client, resolve=resolve).fetch("https://example.org/a")

    assert asyncio.run(go()).body == b"ok"
    assert str(seen[0].url) == "https://93.184.215.14/a"
    assert seen[0].headers["host"] == "example.org"
    assert seen[0].extensions["sni_hostname"] == "example.org"


def test_headers_for_one_host_are_not_sent_to_another(site: Site) -> None:
    other = Site()
    try:
        site.routes["/a"] = redirect(f"{other.url}/b")
        other.routes["/b"] = Answer(body=b"b")

        async def go() -> Fetched:
            async with fetcher("127.0.0.1") as one:
                return await one.fetch(f"{site.url}/a", headers={"If-None-Match": "x"})

        assert asyncio.run(go()).body == b"b"
        assert "if-none-match" in site.asked[0].headers
        assert "if-none-match" not in other.asked[0].headers
    finally:
        other.close()


def test_cookies_are_not_kept(site: Site) -> None:
    site.routes["/a"] = Answer(body=b"a", headers={"Set-Cookie": "id=1"})

    async def go() -> None:
        async with fetcher(site.host) as one:
            await one.fetch(f"{site.url}/a")
            await one.fetch(f"{site.url}/a")

    asyncio.run(go())
    assert all("cookie" not in each.headers for each in site.asked)


def test_a_gzip_bomb_is_stopped_at_the_cap(site: Site) -> None:
    site.routes["/bomb"] = Answer(body=BOMB, headers={"Content-Encoding": "gzip"})
    with pytest.raises(BodyRefused, match="larger than 100,000 bytes once gzip is unpacked"):
        fetch(f"{site.url}/bomb", site.host, most_bytes=100_000)


def test_a_body_past_the_cap_is_refused(site: Site) -> None:
    site.routes["/big"] = Answer(body=b"x" * 5_000)
    site.routes["/fits"] = Answer(body=b"x" * 4_999)
    with pytest.raises(BodyRefused, match="larger than 4,999 bytes; not read"):
        fetch(f"{site.url}/big", site.host, most_bytes=4_999)
    assert len(fetch(f"{site.url}/fits", site.host, most_bytes=4_999).body) == 4_999


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"packed")),
        ("deflate", zlib.compress(b"packed")),
        ("deflate", zlib.compress(b"packed")[2:-4]),
        ("identity", b"packed"),
    ],
)
def test_what_was_asked_for_is_unpacked(site: Site, encoding: str, body: bytes) -> None:
    site.routes["/a"] = Answer(body=body, headers={"Content-Encoding": encoding})
    assert fetch(f"{site.url}/a", site.host).body == b"packed"


@pytest.mark.parametrize(
    ("encoding", "body", "why"),
    [
        ("br", b"\x0b\x02\x80", "which was not asked for"),
        ("gzip, gzip", b"x", "which was not asked for"),
        ("gzip", b"not gzip at all", "is damaged"),
    ],
)
def test_other_packings_and_damaged_ones_are_refused(
    site: Site, encoding: str, body: bytes, why: str
) -> None:
    site.routes["/a"] = Answer(body=body, headers={"Content-Encoding": encoding})
    with pytest.raises(BodyRefused, match=why):
        fetch(f"{site.url}/a", site.host)


def test_a_body_that_trickles_is_given_up_when_its_time_is_out(site: Site) -> None:
    site.routes["/slow"] = Answer(body=b"x" * 500, is_slow=True)
    with pytest.raises(FetchFailed, match=r"not there within 0\.3 s"):
        fetch(f"{site.url}/slow", site.host, seconds=0.3)


def test_a_port_without_a_server_is_told(site: Site) -> None:
    site.close()
    with pytest.raises(FetchFailed, match="cannot be reached"):
        fetch(f"{site.url}/a", site.host)


def test_an_error_page_is_a_reply(site: Site) -> None:
    assert fetch(f"{site.url}/missing", site.host).status == 404
