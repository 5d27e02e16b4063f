"""Which providers there are, what each needs, and the chain that a name stands for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

import httpx

from ...records.errors import SetupError
from ..corpus.corpus import Corpus
from .arxiv import Arxiv
from .brave import Brave
from .chain import SearchChain
from .ddgs import Ddgs
from .exa import Exa
from .local import Local
from .pacing import PacedProvider
from .provider import SearchProvider
from .searxng import SearxNG
from .serper import Serper
from .tavily import Tavily
from .wikipedia import Wikipedia

AUTO = "auto"
LOCAL = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A provider that can be had."""

    name: str
    """Its name."""
    variable: str | None
    """The environment variable that it needs; None needs none."""
    make: Callable[[httpx.AsyncClient, str], SearchProvider]
    """Makes it from a client and the variable's value."""
    needs: str = "key"
    """What the variable holds: `key` or `address`."""
    package: str | None = None
    """The package that it needs; None needs none."""
    is_automatic: bool = True
    """Whether `auto` takes it, where it is configured."""

    def is_configured(self, environ: Mapping[str, str]) -> bool:
        """Return whether what it needs is there."""
        return self.variable is None or bool(environ.get(self.variable, "").strip())

    @property
    def is_installed(self) -> bool:
        """Whether the package that it needs is there."""
        return self.package is None or find_spec(self.package) is not None

    def made(self, client: httpx.AsyncClient, environ: Mapping[str, str]) -> SearchProvider:
        """Return the provider.

        Raises:
            SetupError: What it needs is missing.
        """
        if not self.is_configured(environ):
            raise SetupError(f"the search provider {self.name} needs {self.variable}; set it first")
        value = environ.get(self.variable, "").strip() if self.variable else ""
        return self.make(client, value)


OFFERS = (
    Offer(
        name="searxng",
        variable="SEARXNG_URL",
        needs="address",
        make=lambda client, url: SearxNG(client=client, base_url=url),
    ),
    Offer(
        name="tavily",
        variable="TAVILY_API_KEY",
        make=lambda client, key: Tavily(client=client, key=key),
    ),
    Offer(
        name="brave",
        variable="BRAVE_API_KEY",
        make=lambda client, key: Brave(client=client, key=key),
    ),
    Offer(
        name="serper",
        variable="SERPER_API_KEY",
        make=lambda client, key: Serper(client=client, key=key),
    ),
    Offer(
        name="exa",
        variable="EXA_API_KEY",
        make=lambda client, key: Exa(client=client, key=key),
    ),
    Offer(
        name="ddgs",
        variable=None,
        make=lambda client, key: Ddgs(),
        package="ddgs",
        is_automatic=False,
    ),
    Offer(
        name="wikipedia",
        variable=None,
        make=lambda client, key: Wikipedia(client=client),
    ),
    Offer(
        name="arxiv",
        variable=None,
        make=lambda client, key: Arxiv(client=client),
        is_automatic=False,
    ),
)
"""All providers, in the order in which `auto` asks them."""
_BY_NAME = {offer.name: offer for offer in OFFERS}


def search_chain(
    names: str,
    *,
    client: httpx.AsyncClient,
    environ: Mapping[str, str],
    corpus: Corpus | None = None,
) -> SearchChain:
    """Return the chain that names stand for.

    Args:
        names: Names with commas between them, in the order in which they are asked. `auto` is
            every provider that is configured, and Wikipedia.
        client: What speaks HTTP.
        environ: Where keys and addresses stand.
        corpus: What `local` searches.

    Raises:
        SetupError: A name is not known, or what it needs is missing.
    """
    wanted = list(dict.fromkeys(name.strip().lower() for name in names.split(",") if name.strip()))
    if not wanted:
        raise SetupError(f"no search provider is named; there are: {known_names()}")
    chosen: list[SearchProvider] = []
    for name in wanted:
        if name == AUTO:
            chosen += _automatic(client, environ, corpus)
        elif name == LOCAL:
            chosen.append(_local(corpus))
        else:
            chosen.append(_named(name, client, environ))
    once = {each.name: each for each in chosen}
    return SearchChain([PacedProvider(provider=each) for each in once.values()])


def known_names() -> str:
    """Return all names, for messages."""
    return ", ".join([AUTO, LOCAL, *_BY_NAME])


def _automatic(
    client: httpx.AsyncClient, environ: Mapping[str, str], corpus: Corpus | None
) -> list[SearchProvider]:
    local = [] if corpus is None else [_local(corpus)]
    configured = [
        offer.made(client, environ)
        for offer in OFFERS
        if offer.is_automatic and offer.is_configured(environ)
    ]
    return [*local, *configured]


def _local(corpus: Corpus | None) -> SearchProvider:
    if corpus is None:
        raise SetupError("the search provider local needs documents: give `corpus=...`")
    return Local(corpus=corpus)


def _named(name: str, client: httpx.AsyncClient, environ: Mapping[str, str]) -> SearchProvider:
    offer = _BY_NAME.get(name)
    if offer is None:
        raise SetupError(f"no search provider {name!r}; there are: {known_names()}")
    return offer.made(client, environ)
