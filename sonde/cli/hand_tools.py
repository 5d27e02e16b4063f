"""From what a person asked for to the tools of an agent."""

import atexit
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..agents.inputs import Given
from ..memory.home import Home
from ..tools.corpus.corpus import Corpus
from ..tools.files.table_names import TABLES
from .hands import Hands

if TYPE_CHECKING:
    from ..tools.mcp.tools import McpTools

_CONNECTED: "dict[Path, McpTools]" = {}
"""Servers of this process by their file: an agent is put together twice, first to check flags."""


def tools_of(
    hands: Hands, *, paths: Sequence[Path], corpus: Corpus | None, environ: Mapping[str, str]
) -> list[Given]:
    """Return the tools.

    Args:
        hands: What was asked for.
        paths: Files and folders to answer from; tables among them can be asked in SQL.
        corpus: The open corpus; None where it is not open yet, or there is none.
        environ: The environment.

    Raises:
        SetupError: Something named cannot be used.
    """
    tools: list[Given] = []
    if hands.search is not None and hands.search.strip().lower() != "local":
        tools += _web_tools(hands, hands.search, corpus, environ, has_corpus=bool(paths))
    tables = [path.expanduser() for path in paths if path.suffix.lower() in TABLES]
    if tables:
        from ..tools.query_table_tool import QueryTableTool  # here: DuckDB takes time to load

        tools.append(QueryTableTool(tables))
    if hands.python:
        from ..tools.python_tool import PythonTool  # here: it is an extra

        tools.append(PythonTool())
    if hands.mcp_config is not None:
        tools += _mcp_tools(hands.mcp_config, environ)
    return tools


def _mcp_tools(config: Path, environ: Mapping[str, str]) -> list[Given]:
    """Connect to servers, which end with the process; the same file is connected to once."""
    key = config.expanduser().resolve()
    if key not in _CONNECTED:
        from ..tools.mcp.tools import mcp_tools  # here: it is an extra

        _CONNECTED[key] = mcp_tools(config, environ=environ)
        atexit.register(_CONNECTED[key].close)
    return list(_CONNECTED[key].tools)


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
