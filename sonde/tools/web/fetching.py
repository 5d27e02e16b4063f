"""One page over the network: every address is checked, and size, time and redirects are capped."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin
from weakref import WeakKeyDictionary

import httpx

from ...records.errors import ToolError
from .resolving import Resolver, checked_addresses, system_addresses
from .unpacking import read_body
from .url_policy import UrlPolicy, UrlRefused, WebAddress

AGENT_NAME = "sonde"
"""Name by which a robots.txt can address this program."""
_HEADERS = {
    "User-Agent": f"Mozilla/5.0 (compatible; {AGENT_NAME}/0.1; research agent)",
    "Accept": "text/html,application/xhtml+xml,application/pdf,text/*;q=0.9,*/*;q=0.5",
    "Accept-Language": "en,*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class FetchFailed(ToolError):
    """A page could not be had: no connection, no answer in time, or an error of the server."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """What one fetch may take."""

    most_bytes: int = 8 << 20
    """Bytes of a body, as sent and as unpacked."""
    seconds: float = 20.0
    """Seconds of a fetch, redirects and all."""
    silence_s: float = 10.0
    """Seconds without a byte."""
    redirects: int = 5
    """Redirects that are followed."""
    at_once: int = 2
    """Fetches from one host at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A reply, whole."""

    url: str
    """Where it came from, after redirects."""
    status: int
    """The HTTP status."""
    headers: Mapping[str, str]
    """Headers by lower-case name."""
    body: bytes
    """The body, unpacked."""


def web_client() -> httpx.AsyncClient:
    """Return a client fit for fetching: it uses no proxy, keeps no connection and no cookies.

    A proxy would look names up itself. A connection is pinned to an address: kept open, it could
    serve a second host of that address under the certificate of the first, and a cookie of one host
    would be sent to the other.
    """
    client = httpx.AsyncClient(
        trust_env=False,
        follow_redirects=False,
        limits=httpx.Limits(max_connections=32, max_keepalive_connections=0),
    )
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


@dataclass(slots=True, kw_only=True)
class Fetcher:
    """Fetches pages of the public web, and of hosts that were opened on purpose."""

    client: httpx.AsyncClient
    """What speaks HTTP; it follows no redirects by itself."""
    policy: UrlPolicy = field(default_factory=UrlPolicy)
    """Which URLs are fetched."""
    resolve: Resolver = system_addresses
    """What looks names up."""
    limits: FetchLimits = field(default_factory=FetchLimits)
    """What a fetch may take."""
    _gates: "WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Semaphore]]" = field(
        default_factory=lambda: WeakKeyDictionary()
    )

    async def fetch(self, url: str, *, headers: Mapping[str, str] | None = None) -> Fetched:
        """Return a reply of any status but a redirect.

        Args:
            url: What to fetch.
            headers: Further headers, such as those of a conditional request; they are sent to
                the first host alone.

        Raises:
            UrlRefused: The URL, or one that it redirects to, may not be fetched.
            FetchFailed: No reply came, or it redirects without end.
            BodyRefused: The body is too large, or cannot be unpacked.
        """
        clock = asyncio.timeout(self.limits.seconds)
        try:
            async with clock:
                return await self._follow(url, dict(headers or {}))
        except TimeoutError as err:
            raise FetchFailed(
                f"{url[:200]!r} was not there within {self.limits.seconds:g} s"
            ) from err

    async def _follow(self, url: str, headers: dict[str, str]) -> Fetched:
        origin = None
        for _ in range(self.limits.redirects + 1):
            address = self.policy.check(url)
            place = (address.scheme, address.host, address.port)
            origin = origin or place
            reply = await self._one(address, headers if place == origin else {})
            target = reply.headers.get("location")
            if reply.status not in _REDIRECTS or target is None:
                return reply
            url = self._next(address, target)
        raise FetchFailed(f"{url[:200]!r} is redirected over {self.limits.redirects} times")

    def _next(self, address: WebAddress, target: str) -> str:
        try:
            return urljoin(address.url, target)
        except ValueError as err:
            raise UrlRefused(
                f"{address.url[:200]!r} redirects to no URL: {target[:200]!r}"
            ) from err

    async def _one(self, address: WebAddress, headers: Mapping[str, str]) -> Fetched:
        """Fetch without redirects from the first address that can be connected to."""
        gates = self._gates.setdefault(asyncio.get_running_loop(), {})
        gate = gates.setdefault(address.host, asyncio.Semaphore(self.limits.at_once))
        async with gate:
            numbers = await checked_addresses(address, self.resolve)
            for number in numbers[:-1]:
                with contextlib.suppress(httpx.ConnectError, httpx.ConnectTimeout):
                    return await self._exchange(address, number, headers)
            try:
                return await self._exchange(address, numbers[-1], headers)
            except httpx.HTTPError as err:
                why = str(err) or type(err).__name__
                raise FetchFailed(f"{address.url[:200]!r} cannot be reached: {why}") from err

    async def _exchange(
        self, address: WebAddress, number: str, headers: Mapping[str, str]
    ) -> Fetched:
        async with self._reply(address, number, headers) as reply:
            encoding = reply.headers.get("content-encoding", "")
            is_wanted = reply.status_code not in _REDIRECTS
            body = b""
            if is_wanted:
                body = await read_body(
                    reply.aiter_raw(), encoding=encoding, most_bytes=self.limits.most_bytes
                )
            plain = {name.lower(): value for name, value in reply.headers.items()}
            return Fetched(url=address.url, status=reply.status_code, headers=plain, body=body)

    @contextlib.asynccontextmanager
    async def _reply(
        self, address: WebAddress, number: str, headers: Mapping[str, str]
    ) -> AsyncGenerator[httpx.Response]:
        """Send a request to one checked address; name and certificate stay those of the host."""
        url = httpx.URL(address.url)
        request = self.client.build_request(
            "GET",
            url.copy_with(host=number),
            headers={**_HEADERS, **headers, "Host": url.netloc.decode("ascii")},
            timeout=httpx.Timeout(self.limits.silence_s),
            extensions={"sni_hostname": address.host},
        )
        reply = await self.client.send(request, stream=True, follow_redirects=False)
        try:
            yield reply
        finally:
            await reply.aclose()
