"""The commands that answer: `ask` and `resume`."""

from pathlib import Path
from typing import Annotated

import typer

from .hands import Hands
from .options import (
    AllowHosts,
    BaseUrl,
    Belief,
    CallTimeout,
    ClarifyName,
    EmbedderName,
    EventStream,
    IgnoreRobots,
    MaxCalls,
    MaxRounds,
    MaxTokens,
    MaxUsd,
    MaxUsdPerDay,
    MaybeRunId,
    McpConfig,
    Memory,
    Model,
    NoStream,
    OutFile,
    OutFormat,
    Policy,
    PromptFolder,
    Protocol,
    Python,
    Quiet,
    Record,
    Replay,
    Search,
    Timeout,
    Verbose,
)
from .request import Limits, Request, ScreenWishes, team_request


def ask(
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="What you want to know; - reads stdin.")
    ],
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
    file: Annotated[
        list[str] | None,
        typer.Option(
            "-f",
            "--file",
            metavar="FILE",
            help="File that joins the corpus; a table among them can also be asked in SQL.",
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
    embedder: EmbedderName = None,
    max_usd: MaxUsd = None,
    max_usd_per_day: MaxUsdPerDay = None,
    max_tokens: MaxTokens = None,
    max_rounds: MaxRounds = None,
    max_calls: MaxCalls = None,
    timeout: Timeout = None,
    memory: Memory = "workspace",
    workspace_tokens: Annotated[
        int, typer.Option("--workspace-tokens", metavar="N", help="Cap of a round's prompt.", min=1)
    ] = 16_000,
    alpha: Annotated[
        float,
        typer.Option(
            "--alpha",
            metavar="A",
            help="The confidence set holds 1 - A of the belief; the offline reader's sets have a "
            "level of their own, 80%.",
        ),
    ] = 0.1,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed",
            metavar="N",
            help="Sampling seed that is sent to the model; also of the random policy.",
            show_default=False,
        ),
    ] = None,
    belief: Belief = "stated",
    policy: Policy = "model",
    ask_price: Annotated[
        float,
        typer.Option("--ask-price", metavar="N", help="What a question to you costs, in searches."),
    ] = 3.0,
    clarify: Annotated[
        ClarifyName,
        typer.Option(
            "--clarify",
            metavar="auto|never|always",
            help="Ask you first what the question leaves open: auto, if that is worth its price.",
        ),
    ] = "never",
    calibration: Annotated[
        Path | None,
        typer.Option(
            "--calibration",
            metavar="FILE",
            help="What `sonde calibrate` wrote: stop by its certificate, at error level A.",
            show_default=False,
        ),
    ] = None,
    tool_protocol: Protocol = "text",
    vision: Annotated[
        bool,
        typer.Option("--vision", help="Show the model the pictures given with -f: 8 at most."),
    ] = False,
    call_timeout: CallTimeout = None,
    prompts: PromptFolder = None,
    record: Record = None,
    replay: Replay = None,
    team: Annotated[
        Path | None,
        typer.Option(
            "--team",
            metavar="FILE.yaml",
            help="Ask a team; it brings its own corpora and models.",
            show_default=False,
        ),
    ] = None,
    gate: Annotated[
        str | None,
        typer.Option(
            "--gate",
            metavar="NAME|FILE",
            help="Who hears what in the team: novelty, open, hand, chain, star, or a gate.json.",
            show_default=False,
        ),
    ] = None,
    message_budget: Annotated[
        int | None,
        typer.Option(
            "--message-budget",
            metavar="N",
            help="Most claims of a message between members: those that tell the receiver most.",
            min=1,
            show_default=False,
        ),
    ] = None,
    output: OutFile = None,
    format_: OutFormat = None,
    json_: EventStream = False,
    no_stream: NoStream = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Answer a question from documents or the web: cited, with its confidence and its price.

    Exit codes: 0 answered, 2 usage, 3 stopped by a limit, 4 no answer found, 5 a provider
    failed, 130 interrupted.
    """
    from .answering import answer_question

    request = Request(
        question=question,
        corpus=tuple(map(Path, [*(corpus or ()), *(file or ())])),
        model=model,
        base_url=base_url,
        embedder=embedder,
        limits=Limits(
            usd=max_usd, tokens=max_tokens, rounds=max_rounds, calls=max_calls, seconds=timeout
        ),
        memory=memory,
        workspace_tokens=workspace_tokens,
        alpha=alpha,
        seed=seed,
        tool_protocol=tool_protocol,
        vision=vision,
        call_timeout_s=call_timeout,
        prompts=prompts,
        record=record,
        replay=replay,
        hands=Hands(
            search=search,
            allow_hosts=tuple(allow_host or ()),
            is_polite=not ignore_robots,
            python=python,
            mcp_config=mcp_config,
        ),
        team=team_request(team, gate=gate, message_budget=message_budget),
        belief=belief,
        policy=policy,
        ask_price=ask_price,
        clarify=clarify,
        calibration=calibration,
        max_usd_per_day=max_usd_per_day,
    )
    wishes = ScreenWishes(
        output=output,
        format=format_,
        is_stream=json_,
        has_drafts=not no_stream,
        is_quiet=quiet,
        is_verbose=verbose,
    )
    raise typer.Exit(answer_question(request, wishes))


def resume(
    run: MaybeRunId = None,
    *,
    max_usd: MaxUsd = None,
    max_usd_per_day: MaxUsdPerDay = None,
    max_tokens: MaxTokens = None,
    max_rounds: MaxRounds = None,
    max_calls: MaxCalls = None,
    timeout: Timeout = None,
    output: OutFile = None,
    format_: OutFormat = None,
    json_: EventStream = False,
    no_stream: NoStream = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Go on with a run that was interrupted, or that a limit stopped and a larger one frees."""
    from .answering import resume_run

    limits = Limits(
        usd=max_usd, tokens=max_tokens, rounds=max_rounds, calls=max_calls, seconds=timeout
    )
    wishes = ScreenWishes(
        output=output,
        format=format_,
        is_stream=json_,
        has_drafts=not no_stream,
        is_quiet=quiet,
        is_verbose=verbose,
    )
    raise typer.Exit(resume_run(run, limits, wishes, max_usd_per_day=max_usd_per_day))
