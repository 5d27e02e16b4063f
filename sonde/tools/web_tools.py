"""Everything that an agent needs for research on the web, put together."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from ..records.mistakes import mistaken
from .corpus.corpus import Corpus
from .read_page_tool import ReadPageTool
from .search.configured import search_chain
from .tool import Tool
from .web.fetching import Fetcher, web_client
from .web.page_cache import PageCache
from .web.reading import PageReader
from .web.url_policy import OpenHost, UrlPolicy
from .web_search_tool import WebSearchTool


def web_tools(
    search: str = "auto",
    *,
    allow_hosts: Sequence[str] = (),
    corpus: Corpus | None = None,
    pages: int = 5,
    cache: Path | None = None,
    is_polite: bool = True,
    environ: Mapping[str, str] | None = None,
    client: httpx.AsyncClient | None = None,
) -> list[Tool]:
    """Return the tools `search_web` and `read_page`.

    Args:
        search: Providers by name, with commas between them: a chain in which the next is asked
            where one fails or finds nothing. `auto` is every one that is configured, and Wikipedia.
        allow_hosts: Hosts (`HOST` or `HOST:PORT`) that are opened on purpose although they are of
            this machine or of a private network.
        corpus: What the provider `local` searches.
        pages: How many pages of a search are read at once.
        cache: Folder that keeps pages; None keeps none.
        is_polite: Whether robots.txt is obeyed.
        environ: Where keys stand; the process's own environment by default. `SONDE_PAGES=jina`
            lets the Jina reader render pages (it then sees which ones are read).
        client: What speaks HTTP; it must follow no redirects and keep no connections.

    Raises:
        SetupError: A provider is not known or lacks its key, or a host is none.
    """
    if not isinstance(search, str):  # pyright: ignore[reportUnnecessaryIsInstance] -- a builder's
        raise mistaken("search", search, wanted="names of providers", example='web_tools("auto")')
    hosts = [allow_hosts] if isinstance(allow_hosts, str) else allow_hosts
    environ = os.environ if environ is None else environ
    client = client or web_client()
    policy = UrlPolicy([OpenHost.parse(each) for each in hosts])
    is_jina = environ.get("SONDE_PAGES", "").strip().lower() == "jina"
    reader = PageReader(
        fetcher=Fetcher(client=client, policy=policy),
        cache=PageCache(cache) if cache is not None else None,
        is_polite=is_polite,
        jina_key=environ.get("JINA_API_KEY", "").strip() if is_jina else None,
    )
    chain = search_chain(search, client=client, environ=environ, corpus=corpus)
    return [WebSearchTool(chain=chain, reader=reader, pages=pages), ReadPageTool(reader=reader)]
