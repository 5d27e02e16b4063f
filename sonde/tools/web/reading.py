"""Reading pages: robots.txt, then the cache, then the network, then the text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from ...records.errors import ToolError
from ..worker_thread import in_thread
from .fetching import AGENT_NAME, Fetched, Fetcher, FetchFailed
from .page_cache import PageCache, Stored
from .page_text import PageText, page_text
from .robots import MOST_BYTES, Robots
from .unpacking import BodyRefused
from .url_policy import UrlRefused

Origin = Literal["fetched", "unchanged", "from the cache"]
_JINA = "https://r.jina.ai/"


class _RobotsRefused(UrlRefused):
    """A page that its site keeps from programs."""

    remedy = "`is_polite=False` reads on"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A page as it was read."""

    page: PageText
    """Its text."""
    origin: Origin
    """Whether it came over the network, was confirmed as unchanged, or was at hand."""
    age_s: float = 0.0
    """Seconds since it was fetched or confirmed."""

    @property
    def freshness(self) -> str:
        """Where it came from, and how old it is, in words."""
        return self.origin if self.origin == "fetched" else f"{self.origin}, {_ago(self.age_s)}"


@dataclass(slots=True, kw_only=True)
class PageReader:
    """Reads pages of the web, politely."""

    fetcher: Fetcher
    """What fetches."""
    cache: PageCache | None = None
    """Where pages are kept; None keeps none."""
    is_polite: bool = True
    """Whether robots.txt is obeyed."""
    jina_key: str | None = None
    """Key of the Jina reader, which renders a page on its own machines; None reads pages here."""
    _robots: dict[str, Robots] = field(default_factory=dict[str, Robots])

    async def read(self, url: str) -> ReadPage:
        """Return a page's text.

        Raises:
            UrlRefused: It may not be fetched, by policy or by the site's robots.txt.
            ToolError: It cannot be fetched, or holds no text; the message says why.
        """
        address = self.fetcher.policy.check(url)
        if self.jina_key is not None and not address.is_open:
            await self._check_robots(address.url)
            return await self._by_jina(address.url, self.jina_key)
        stored = self.cache.find(address.url) if self.cache else None
        if stored is not None:
            self.fetcher.policy.check(stored.reply.url)
            if stored.is_fresh:
                return await _as_read(stored.reply, "from the cache", stored.age_s)
        try:
            return await self._from_network(address.url, stored)
        except FetchFailed as err:
            is_down = err.status is None or err.status >= 500
            if stored is None or not is_down:
                raise
            return await _as_read(stored.reply, "from the cache", stored.age_s)

    async def _from_network(self, url: str, stored: Stored | None) -> ReadPage:
        await self._check_robots(url)
        reply = await self.fetcher.fetch(url, headers=stored.conditions if stored else None)
        if reply.status == 304 and stored is not None:
            if self.cache:
                self.cache.store(url, stored.reply)
            return await _as_read(stored.reply, "unchanged", 0.0)
        _check_status(reply)
        if urlsplit(reply.url).netloc != urlsplit(url).netloc:
            await self._check_robots(reply.url)
        read = await _as_read(reply, "fetched", 0.0)
        if self.cache:
            self.cache.store(url, reply)
        return read

    async def _check_robots(self, url: str) -> None:
        if self.is_polite and not (await self._robots_of(url)).allows(url):
            raise _RobotsRefused(f"{url!r} is closed to programs by its site's robots.txt")

    async def _robots_of(self, url: str) -> Robots:
        """Return a site's rules: asked for once, and open where there are none."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._robots:
            self._robots[site] = await self._fetch_robots(site)
        return self._robots[site]

    async def _fetch_robots(self, site: str) -> Robots:
        """Fetch the rules; a server that fails closes its site, as RFC 9309 asks (2.3.1.4)."""
        try:
            reply = await self.fetcher.fetch(f"{site}/robots.txt")
        except BodyRefused:
            return Robots.closed()
        if reply.status >= 500:
            return Robots.closed()
        if reply.status >= 400:
            return Robots()
        return Robots.parse(reply.body[:MOST_BYTES].decode("utf-8", "replace"), agent=AGENT_NAME)

    async def _by_jina(self, url: str, key: str) -> ReadPage:
        headers: Mapping[str, str] = {"Authorization": f"Bearer {key}"} if key else {}
        reply = await self.fetcher.fetch(
            _JINA + url, headers={**headers, "Accept": "text/plain", "X-Return-Format": "markdown"}
        )
        _check_status(reply)
        text = reply.body.decode("utf-8", "replace").strip()
        first = text.partition("\n")[0].strip("# ")[:200]
        return ReadPage(page=PageText(url=url, title=first or url, text=text), origin="fetched")


async def _as_read(reply: Fetched, origin: Origin, age_s: float) -> ReadPage:
    page = await in_thread(lambda: page_text(reply))
    return ReadPage(page=page, origin=origin, age_s=age_s)


def _check_status(reply: Fetched) -> None:
    if reply.status in (401, 403):
        raise FetchFailed(
            f"{reply.url!r} is not open to us: HTTP {reply.status}", status=reply.status
        )
    if reply.status == 429:
        raise FetchFailed(f"{reply.url!r}: the site asks to wait (HTTP 429)", status=429)
    if not 200 <= reply.status < 300:
        raise FetchFailed(f"{reply.url!r} is not there: HTTP {reply.status}", status=reply.status)
    if not reply.body:
        raise ToolError(f"{reply.url!r} is empty")


def _ago(age_s: float) -> str:
    for length, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if age_s >= length:
            number = int(age_s // length)
            return f"{number} {name}{'s' if number > 1 else ''} old"
    return "under a minute old"
