"""From a request to an agent, and from a run's journal back to the same agent."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from ..agents.agent import Agent
from ..agents.brain_making import is_own
from ..agents.builtin_tools import AskUser
from ..agents.pictures import is_picture
from ..agents.record import replay
from ..agents.sitting import settings_of
from ..costs.budget import Budget
from ..costs.day_ledger import DayLedger, limit_of
from ..memory.home import Home, RunFolder
from ..memory.journal import read_journal
from ..models.embedder import Embedder, resolve_embedder
from ..models.resolve import endpoint_url
from ..records.errors import SetupError
from ..records.json_types import JsonValue
from ..tools.corpus.corpus import Corpus
from .going_on import MADE_BY
from .hand_tools import tools_of
from .hands import Hands
from .model_name import model_of
from .request import Limits, Request


def budget_of(limits: Limits, base: Budget | None = None) -> Budget:
    """Return a budget of these limits; what is not given stays as it was.

    Raises:
        SetupError: A limit is no number.
    """
    given = {name: value for name, value in asdict(limits).items() if value is not None}
    return replace(base or Budget(), **given)


def _spending(request: Request, environ: Mapping[str, str]) -> DayLedger:
    limit = request.max_usd_per_day
    return DayLedger(
        Home.of(environ).spending, limit_usd=limit_of(environ) if limit is None else limit
    )


def agent_of(
    request: Request,
    corpus: Corpus | None,
    environ: Mapping[str, str],
    *,
    ask_user: AskUser | None = None,
) -> Agent:
    """Return the agent that a request describes.

    Args:
        request: What was asked for.
        corpus: The open corpus, once it is there.
        environ: Where keys and the home are looked up.
        ask_user: What reaches the person.

    Raises:
        SetupError: Something in the request cannot be used.
    """
    model = model_of(request.model, environ)
    origin: dict[str, JsonValue] = {
        "made_by": MADE_BY,
        "model": model,
        "base_url": None if is_own(model) else endpoint_url(request.base_url, environ),
        "embedder": request.embedder,
        "embedder_url": request.base_url if request.embedder else None,
        "corpus": [str(path.expanduser().resolve()) for path in request.corpus],
        "tool_protocol": request.tool_protocol,
        "vision": request.vision,
        "call_timeout_s": request.call_timeout_s,
        "hands": request.hands.as_json(),
    }
    folders = {"prompts": request.prompts, "record": request.record, "replay": request.replay}
    given = {name: path.expanduser().resolve() for name, path in folders.items() if path}
    origin |= {name: str(path) for name, path in given.items()}
    tools = tools_of(request.hands, paths=request.corpus, corpus=corpus, environ=environ)
    return Agent(
        model,
        corpus=corpus,
        tools=tools,
        images=_pictures_of(request),
        memory=request.memory,
        budget=budget_of(request.limits),
        alpha=request.alpha,
        base_url=request.base_url,
        spending=_spending(request, environ),
        workspace_tokens=request.workspace_tokens,
        seed=request.seed,
        tool_protocol=request.tool_protocol,
        call_timeout_s=request.call_timeout_s,
        prompts=given.get("prompts"),
        record=given.get("record"),
        replay=given.get("replay"),
        belief=request.belief,
        policy=request.policy,
        ask_price=request.ask_price,
        clarify=request.clarify,
        calibration=request.calibration,
        ask_user=ask_user if request.asks_a_person else None,
        environ=environ,
        origin=origin,
    )


def _pictures_of(request: Request) -> list[Path]:
    """Return the pictures that the model is shown: none unless the person says so."""
    if not request.vision:
        return []
    pictures = [path for path in request.corpus if is_picture(path)]
    if not pictures:
        raise SetupError(
            "--vision has no picture to show; give a PNG, JPEG, GIF or WebP: -f picture.png"
        )
    return pictures


def embedder_of(request: Request, environ: Mapping[str, str]) -> Embedder | None:
    """Return the embedder that a request names; None where it names none.

    Raises:
        SetupError: Its name, address or key cannot be used.
    """
    if request.embedder is None:
        return None
    return resolve_embedder(request.embedder, base_url=request.base_url, environ=environ)


def stored_request(folder: RunFolder, limits: Limits) -> tuple[Request, Budget | None]:
    """Return the request that a run came from, and its budget where limits are changed.

    Raises:
        SetupError: The run was not made by the command line, or its start cannot be read.
    """
    events = read_journal(folder.journal).events
    record = replay(events)
    if record.started is not None and "team" in record.started.settings:
        raise SetupError(f"run {folder.run_id} is a team's, and cannot go on; ask again")
    settings = settings_of(record)
    origin = settings.origin
    if origin.get("made_by") != MADE_BY:
        raise SetupError(
            f"run {folder.run_id} was started from Python; go on with it there: "
            f"agent.resume({folder.run_id!r})"
        )
    paths, embedder = origin.get("corpus"), origin.get("embedder")
    url = origin.get("base_url") or origin.get("embedder_url")
    request = Request(
        question=record.started.question if record.started else "",
        corpus=tuple(Path(str(each)) for each in paths) if isinstance(paths, list) else (),
        model=str(origin.get("model")),
        base_url=str(url) if url else None,
        embedder=str(embedder) if embedder else None,
        limits=Limits(),
        memory=settings.memory,
        workspace_tokens=settings.workspace_tokens,
        alpha=settings.alpha,
        seed=settings.seed,
        tool_protocol="native" if origin.get("tool_protocol") == "native" else "text",
        vision=origin.get("vision") is True,
        call_timeout_s=_seconds(origin.get("call_timeout_s")),
        prompts=_folder(origin, "prompts"),
        record=_folder(origin, "record"),
        replay=_folder(origin, "replay"),
        hands=Hands.of_json(origin.get("hands")),
        belief=settings.belief,
        policy=settings.policy,
        ask_price=settings.ask_price,
        clarify=settings.clarify,
        calibration=Path(settings.calibration) if settings.calibration else None,
    )
    return request, None if limits.is_empty else budget_of(limits, settings.budget)


def _folder(origin: Mapping[str, JsonValue], name: str) -> Path | None:
    path = origin.get(name)
    return Path(str(path)) if path else None


def _seconds(value: JsonValue) -> float | None:
    return float(value) if isinstance(value, int | float) else None
