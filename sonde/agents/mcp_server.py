"""An agent offered to other assistants over the Model Context Protocol (extra `mcp`)."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ..models.exact.advice import Advice, advise
from ..models.exact.fact_table import FactTable
from ..models.exact.reading import ANIMALS, read_fact_table
from ..records.errors import SetupError, SondeError
from ..records.errors import ToolError as OwnToolError
from ..records.extras import install_hint
from ..records.result import Result
from ..tools.corpus.corpus import Corpus
from ..tools.files.roots import Roots
from .agent import Agent

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

_MOST_PASSAGES = 50
_MOST_TABLE_BYTES = 4 << 20
"""Largest table of `guess`: its likelihoods take about a hundred times as much memory."""
_INSTRUCTIONS = (
    "sonde answers questions from documents and the web. `research` gives one answer with quotes "
    "that were checked, how sure it is, and what it cost; `search_corpus` gives passages alone. "
    "`guess` tells which question to ask next to find the row of a table that is meant."
)


def mcp_server(agent: Agent, *, tables: Sequence[Path] = ()) -> "MCPServer[object]":
    """Return a server that offers `research`, `guess`, and `search_corpus` where there is a corpus.

    Args:
        agent: What answers.
        tables: Files, and folders with files, whose tables `guess` may ask about; one of animals
            is always there.

    Raises:
        SetupError: The package is missing, or the corpus cannot be read.
    """
    if find_spec("mcp") is None:
        raise SetupError(f"an MCP server needs: {install_hint('mcp')}")
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
    _offer_guess(server, Roots(tables))
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


def _offer_guess(server: "MCPServer[object]", roots: Roots) -> None:
    from mcp.server.mcpserver.exceptions import ToolError

    def guess(answers: dict[str, str], table: str | None = None) -> Advice:
        """Find which row of a table is meant, by asking as few questions as can be.

        Tells the question that is expected to bring most, or the item once one is 95% likely. Put
        the question to whoever knows, add question and answer to `answers`, and call again: nothing
        is remembered between calls.

        Args:
            answers: Answers so far by question; {} at the start, "?" for one that is not known.
            table: Name of a CSV file among those served: its first column names the items, the
                others are attributes. Without one, 87 animals.
        """
        try:
            return advise(_table(roots, table), answers)
        except SondeError as err:
            raise ToolError(str(err)) from err

    server.add_tool(guess, structured_output=True)


def _table(roots: Roots, name: str | None) -> FactTable:
    if name is None or name.strip() in ("", ANIMALS):
        return read_fact_table()
    path = roots.find(name)
    if path.stat().st_size > _MOST_TABLE_BYTES:
        raise OwnToolError(f"{name!r} has over {_MOST_TABLE_BYTES >> 20} MiB; give a smaller table")
    return read_fact_table(path)


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
