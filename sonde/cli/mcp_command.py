"""The command `mcp serve`: sonde as a tool of other assistants."""

from pathlib import Path
from typing import Annotated

import typer

from .hands import Hands
from .help_page import show_help_without_command
from .options import (
    AllowHosts,
    BaseUrl,
    IgnoreRobots,
    MaxRounds,
    MaxTokens,
    MaxUsd,
    McpConfig,
    Model,
    Python,
    Search,
    Timeout,
)
from .request import Limits, Request

mcp_app = typer.Typer(
    name="mcp",
    help="The Model Context Protocol.",
    invoke_without_command=True,
    callback=show_help_without_command,
)


@mcp_app.command("serve")
def serve(
    *,
    corpus: Annotated[
        list[str] | None,
        typer.Option(
            "--corpus",
            metavar="PATH",
            help="Folder or file to answer from; may be given again.",
            show_default=False,
        ),
    ] = None,
    search: Search = None,
    allow_host: AllowHosts = None,
    ignore_robots: IgnoreRobots = False,
    python: Python = False,
    mcp_config: McpConfig = None,
    model: Model = None,
    base_url: BaseUrl = None,
    max_usd: MaxUsd = None,
    max_tokens: MaxTokens = None,
    max_rounds: MaxRounds = None,
    timeout: Timeout = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            metavar="N",
            help="Serve over HTTP at http://127.0.0.1:N/mcp; by default over stdin and stdout.",
            min=1,
            max=65535,
            show_default=False,
        ),
    ] = None,
) -> None:
    """Offer `research`, `search_corpus` and `guess` to other assistants.

    Limits hold for each question of `research`; `guess` asks about CSV files of the corpus, or
    about 87 animals.
    """
    from .mcp_serving import serve_agent

    request = Request(
        question="",
        corpus=tuple(map(Path, corpus or ())),
        model=model,
        base_url=base_url,
        limits=Limits(usd=max_usd, tokens=max_tokens, rounds=max_rounds, seconds=timeout),
        memory="workspace",
        workspace_tokens=16_000,
        alpha=0.1,
        seed=None,
        embedder=None,
        hands=Hands(
            search=search,
            allow_hosts=tuple(allow_host or ()),
            is_polite=not ignore_robots,
            python=python,
            mcp_config=mcp_config,
        ),
    )
    serve_agent(request, port=port)
