"""An agent offered to other assistants over the Model Context Protocol (extra `mcp`)."""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from ..records.errors import SetupError, SondeError
from ..records.result import Result
from ..tools.corpus.corpus import Corpus
from .agent import Agent

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

_MOST_PASSAGES = 50
_INSTRUCTIONS = (
    "sonde answers questions from documents and the web. `research` gives one answer with quotes "
    "that were checked, how sure it is, and what it cost; `search_corpus` gives passages alone."
)


def mcp_server(agent: Agent) -> "MCPServer[object]":
    """Return a server that offers `research`, and `search_corpus` where there is a corpus.

    Raises:
        SetupError: The package is missing, or the corpus cannot be read.
    """
    if find_spec("mcp") is None:
        raise SetupError("an MCP server needs: pip install 'sonde[mcp]'")
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError

    server: MCPServer[object] = MCPServer("sonde", instructions=_INSTRUCTIONS, log_level="ERROR")

    async def research(question: str) -> str:
        """Research a question, and answer it with sources.

        The answer names the pages that it rests on, with quotes; it says so where none was found.

        Args:
            question: What is asked, whole: nothing of the conversation is known here.
        """
        try:
            return told(await agent.arun(question))
        except SondeError as err:
            raise ToolError(str(err)) from err

    server.add_tool(research)
    corpus = agent.corpus
    if corpus is not None:
        _offer_corpus(server, corpus)
    return server


def _offer_corpus(server: "MCPServer[object]", corpus: Corpus) -> None:
    def search_corpus(query: str, limit: int = 8) -> str:
        """Search the documents by words; returns the passages that fit best, with their places.

        Args:
            query: What to look for.
            limit: How many passages, 1 to 50.
        """
        found = corpus.search(query, limit=max(1, min(limit, _MOST_PASSAGES)))
        parts = [f"{each.title} ({each.source}, {each.start})\n{each.text}" for each in found]
        return "\n\n".join(parts) or "No passage fits; try other words."

    server.add_tool(search_corpus)


def told(result: Result) -> str:
    """Return a result as a text for another assistant: answer, quotes, certainty, price."""
    sure = "unknown" if result.confidence is None else f"{result.confidence:.0%}"
    cost = "unknown" if result.cost_usd is None else f"${result.cost_usd:.4f}"
    lines = [result.answer or f"No answer: {result.stop_reason}."]
    lines += [
        f"- “{each.quote}” ({each.title}, {each.source}" + (f", {each.date})" if each.date else ")")
        for each in result.citations
    ]
    lines += [f"Warning: {warning}" for warning in result.warnings]
    lines.append(
        f"Confidence {sure}; ended: {result.stop_reason}; cost {cost}; run {result.run_id}"
    )
    return "\n".join(lines)
