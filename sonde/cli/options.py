"""Options that several commands share, as typer reads them."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from ..records.belief import BeliefName

Format: TypeAlias = Literal["text", "md", "html", "json"]
"""How a result is written."""
MemoryName: TypeAlias = Literal["workspace", "append", "react", "summarize", "auto"]
"""Memory policies by name; `react` is another name of `append`."""

PolicyName: TypeAlias = Literal["model", "gain", "cip", "random"]
"""Query policies by name."""
Belief: TypeAlias = Annotated[
    BeliefName,
    typer.Option(
        "--belief",
        metavar="stated|logprobs|verbalized|samples",
        help="Where the probabilities of possible answers come from: the reply itself, or another "
        "call a decision (logprobs, verbalized) or 8 of them (samples).",
    ),
]
ClarifyName: TypeAlias = Literal["auto", "never", "always"]
"""Whether the person is asked what a question leaves open."""
Policy: TypeAlias = Annotated[
    PolicyName,
    typer.Option(
        "--policy",
        metavar="model|gain|cip|random",
        help="Who chooses the next action: the model, expected information gain per price, "
        "expected conformal set size (needs --calibration), or chance.",
    ),
]

RunId: TypeAlias = Annotated[
    str, typer.Argument(metavar="RUN", help="Id of the run, or the part of it that is its alone.")
]
MaybeRunId: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="[RUN]",
        help="Id of the run, or the part of it that is its alone; the latest by default.",
        show_default=False,
    ),
]
Memory: TypeAlias = Annotated[
    MemoryName,
    typer.Option(
        "--memory",
        metavar="workspace|append|summarize|auto",
        help="What is kept of the past; react is another name of append.",
    ),
]
Protocol: TypeAlias = Annotated[
    Literal["text", "native"],
    typer.Option(
        "--tool-protocol",
        metavar="text|native",
        help="How the model calls tools: by tags in its text, or by its server's own means.",
    ),
]
CallTimeout: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--call-timeout",
        metavar="SECONDS",
        help="Most seconds of one call of the model, its retries included.  [default: 900]",
        min=0.001,
        show_default=False,
    ),
]
PromptFolder: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--prompts",
        metavar="DIR",
        help="Prompts of your own (*.md); each replaces the one of its name.",
        show_default=False,
    ),
]
Record: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--record",
        metavar="DIR",
        help="Keep the model's calls here; what is kept is not asked again.",
        show_default=False,
    ),
]
Replay: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--replay",
        metavar="DIR",
        help="Answer from the calls that are kept here: no key, no network, no bill.",
        show_default=False,
    ),
]
NoStream: TypeAlias = Annotated[
    bool, typer.Option("--no-stream", help="Wait for whole replies of the model.")
]
Model: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "-m",
        "--model",
        metavar="NAME",
        help="Model to ask, such as gpt-5-mini or openai:NAME; SONDE_MODEL names the default. "
        "Without one, a reader that needs no network and no key answers from the corpus; "
        "exact:TABLE.csv finds the row of a table that you mean, by questions.",
        show_default=False,
    ),
]
BaseUrl: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--base-url",
        metavar="URL",
        help="Address of an OpenAI-compatible server; else OPENAI_BASE_URL, else OpenAI.",
        show_default=False,
    ),
]
EmbedderName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--embedder",
        metavar="NAME",
        help="Embedding model at the same address; search then goes by meaning too. Its tokens "
        "stand on the bill.",
        show_default=False,
    ),
]
MaxUsd: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--max-usd", metavar="USD", help="Most dollars of a run.", min=0, show_default=False
    ),
]
MaxUsdPerDay: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--max-usd-per-day",
        metavar="USD",
        help="Most dollars of all runs of this day (UTC), whatever process makes them; "
        "SONDE_MAX_USD_PER_DAY names the default.",
        min=0,
        show_default=False,
    ),
]
MaxTokens: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--max-tokens", metavar="N", help="Most tokens of a run.", min=0, show_default=False
    ),
]
MaxRounds: TypeAlias = Annotated[
    int | None,
    typer.Option("--max-rounds", metavar="N", help="Most rounds.", min=0, show_default="32"),
]
MaxCalls: TypeAlias = Annotated[
    int | None,
    typer.Option("--max-calls", metavar="N", help="Most model calls.", min=0, show_default=False),
]
Timeout: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--timeout", metavar="SECONDS", help="Most seconds of a run.", min=0, show_default=False
    ),
]
OutFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", metavar="FILE", help="Write the answer here.", show_default=False
    ),
]
OutFormat: TypeAlias = Annotated[
    Format | None,
    typer.Option(
        "--format",
        metavar="text|md|html|json",
        help="How the answer is written: text, or what FILE's name ends in.",
        show_default=False,
    ),
]
EventStream: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Write every event to stdout as a line of JSON.")
]
Quiet: TypeAlias = Annotated[
    bool, typer.Option("-q", "--quiet", help="No progress; errors are still told.")
]
Verbose: TypeAlias = Annotated[
    bool,
    typer.Option("-v", "--verbose", help="More progress, and the traceback of a bug."),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="As JSON.")]
Search: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--search",
        metavar="NAME,...",
        help="Where to search besides the corpus: auto, searxng, tavily, brave, serper, exa, ddgs, "
        "wikipedia, arxiv or local; with commas, the next is asked where one fails or finds "
        "nothing. Without it nothing is sent over the web.",
        show_default=False,
    ),
]
AllowHosts: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="HOST[:PORT]",
        help="Host of this machine or of a private network that may be read; may be given again.",
        show_default=False,
    ),
]
IgnoreRobots: TypeAlias = Annotated[
    bool, typer.Option("--ignore-robots", help="Read pages that a site's robots.txt closes.")
]
Python: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--python", help="Offer a Python interpreter without files or network (sonde[python])."
    ),
]
McpConfig: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--mcp-config",
        metavar="FILE",
        help="Offer the tools of the MCP servers that FILE names, in mcpServers form (sonde[mcp]).",
        show_default=False,
    ),
]
