"""From what a person asked for to the tools of an agent."""

from collections.abc import Mapping

from ..agents.inputs import Given
from ..memory.home import Home
from ..tools.corpus.corpus import Corpus
from .hands import Hands


def tools_of(
    hands: Hands, *, corpus: Corpus | None, has_corpus: bool, environ: Mapping[str, str]
) -> list[Given]:
    """Return the tools.

    Args:
        hands: What was asked for.
        corpus: The open corpus; None where it is not open yet, or there is none.
        has_corpus: Whether there is one.
        environ: The environment.

    Raises:
        SetupError: Something named cannot be used.
    """
    tools: list[Given] = []
    if hands.search is not None and hands.search.strip().lower() != "local":
        tools += _web_tools(hands, hands.search, corpus, environ, has_corpus=has_corpus)
    return tools


def _web_tools(
    hands: Hands,
    search: str,
    corpus: Corpus | None,
    environ: Mapping[str, str],
    *,
    has_corpus: bool,
) -> list[Given]:
    from ..tools.web_tools import web_tools  # here: most runs need no web

    names = [name.strip() for name in search.split(",")]
    if has_corpus and corpus is None:  # a check before documents are read
        names = [name for name in names if name.lower() != "local"] or ["auto"]
    return [
        *web_tools(
            ",".join(names),
            allow_hosts=hands.allow_hosts,
            corpus=corpus,
            cache=Home.of(environ).pages,
            is_polite=hands.is_polite,
            environ=environ,
        )
    ]
