"""Serving an agent over the Model Context Protocol until its caller goes."""

import os
from contextlib import ExitStack, nullcontext

from ..agents.mcp_server import mcp_server
from .corpus_opening import open_corpus
from .origin import agent_of
from .progress import choose_progress
from .request import Request
from .screen import say


def serve_agent(request: Request, *, port: int | None) -> None:
    """Serve over stdin and stdout, or over HTTP at a port of this machine alone.

    Raises:
        SetupError: Something in the request cannot be used.
    """
    with ExitStack() as stack:
        progress = stack.enter_context(choose_progress(is_quiet=True, is_verbose=False))
        opening = (
            open_corpus(request.documents, progress=progress)
            if request.documents
            else nullcontext()
        )
        corpus = stack.enter_context(opening)
        server = mcp_server(agent_of(request, corpus, os.environ), tables=request.corpus)
        if port is None:
            server.run("stdio")
            return
        say(f"serving at http://127.0.0.1:{port}/mcp; Ctrl-C ends it")
        server.run("streamable-http", host="127.0.0.1", port=port)
