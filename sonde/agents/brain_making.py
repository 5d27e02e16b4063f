"""Which brain a builder means: by nothing, a name, a chat model or a reasoner."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from ..costs.pricing import PriceBook
from ..models.chat_model import ChatModel
from ..models.extractive.reader_file import weights_in_force
from ..models.extractive.reasoner import ExtractiveReasoner
from ..models.reasoner import Capability, Reasoner
from ..models.recorded import RecordedModel
from ..models.resolve import OPENAI_URL, bare_name, endpoint_url, resolve_model
from ..models.tokens import count_tokens_for
from ..records.errors import SetupError
from .brain import NO_PRICES, Brain, Writing
from .recording import Recording
from .run_prices import prices_of_today

EXTRACTIVE = "extractive"
"""Name of the reasoner that needs no model."""
EXACT = "exact:"
"""What the name of an exact reasoner begins with; the path of its table follows."""


def make_brain(
    model: str | ChatModel | Reasoner | None,
    *,
    base_url: str | None,
    environ: Mapping[str, str],
    prices: PriceBook | None,
    overrides: Path,
    writing: Writing | None = None,
    recording: Recording | None = None,
    has_policy: bool = False,
) -> Brain:
    """Return the brain for what the builder gave.

    Args:
        model: None or `extractive` for the reader that needs no model; `exact:TABLE.csv` for the
            exact reasoner; a model's name; a chat model; or a reasoner.
        base_url: Endpoint of a named model.
        environ: Where keys and the default model are looked up.
        prices: What tokens cost; None takes the list prices of the day for a named model.
        overrides: A person's own prices, where the file exists.
        writing: How a chat model is asked; an output schema needs a reasoner that writes.
        recording: Where its calls are recorded, or replayed from.
        has_policy: Whether a policy chooses among the reader's searches, so that it proposes each
            on its own.

    Raises:
        SetupError: The model cannot be had, or cannot give structured output.
    """
    name, writing = model if isinstance(model, str) else None, writing or Writing()
    counter = count_tokens_for(name, environ=environ)
    chat: ChatModel | None = None
    reasoner: Reasoner | None = None
    if model is None or name == EXTRACTIVE:
        reasoner = ExtractiveReasoner(weights_in_force(environ), is_batching=not has_policy)
    elif name is not None and name.startswith(EXACT):
        reasoner = _exact(name.removeprefix(EXACT))
    elif name is not None:
        url = endpoint_url(base_url, environ)
        if recording is None or not recording.is_replay:
            chat = resolve_model(name, base_url=base_url, environ=environ, count_tokens=counter)
        prices = (prices or prices_of_today(overrides)).for_endpoint(url)
    elif _has(model, "complete"):
        chat = cast(ChatModel, model)
    elif _has(model, "decide"):
        reasoner = cast(Reasoner, model)
    else:
        raise SetupError(
            f"{type(model).__name__} is no model: give a name, or an object with "
            "`complete` (a chat model) or `decide` (a reasoner)"
        )
    chat = _within(chat, writing.call_timeout_s)
    if recording is not None:
        recorded = _recorded(name, chat, recording, base_url=base_url, environ=environ)
        chat, writing = recorded, replace(writing, today=recorded.day)
    return _checked(
        Brain(
            chat_model=chat,
            reasoner=reasoner,
            count_tokens=counter,
            prices=prices or PriceBook(book_id=NO_PRICES),
            writing=writing,
        )
    )


def _checked(brain: Brain) -> Brain:
    """Return a brain that can be asked as it is to be.

    Raises:
        SetupError: It sees no pictures, or writes no structured output.
    """
    if brain.writing.images and brain.chat_model is None:
        raise SetupError(
            "pictures can only be shown to a chat model, and no chat model is asked here; "
            "name one that sees (`model=...`), or leave the pictures out"
        )
    if brain.writing.output_schema is not None and Capability.FREE_TEXT not in brain.capabilities:
        raise SetupError(
            "structured output needs a model that writes; this reasoner only extracts. "
            "Give a chat model, or leave output_type out"
        )
    return brain


def _within(model: ChatModel | None, call_timeout_s: float | None) -> ChatModel | None:
    """Return the model under a limit of one call.

    Raises:
        SetupError: It is one of the builder's own that takes no limit.
    """
    if model is None or call_timeout_s is None:
        return model
    within: Callable[[float], ChatModel] | None = getattr(model, "within", None)
    if within is None:
        raise SetupError(
            f"a {type(model).__name__} takes no call_timeout_s: name the model instead, give it a "
            "method `within(call_timeout_s)`, or limit it by means of its own"
        )
    return within(call_timeout_s)


def _exact(table: str) -> Reasoner:
    """Return the exact reasoner over a table: a path, or the name of the one that ships."""
    from ..models.exact.reading import table_named  # here: it loads scipy
    from ..models.exact.reasoner import ExactReasoner

    return ExactReasoner(table_named(table))


def is_own(name: str) -> bool:
    """Return whether a name is that of a reasoner of our own, which needs no endpoint."""
    return name == EXTRACTIVE or name.startswith(EXACT)


def _recorded(
    name: str | None,
    model: ChatModel | None,
    recording: Recording,
    *,
    base_url: str | None,
    environ: Mapping[str, str],
) -> RecordedModel:
    url = endpoint_url(base_url, environ)
    if model is not None:
        name = model.name
    elif name is None or name == EXTRACTIVE:
        raise SetupError(
            "no chat model is asked here, so no call can be recorded; name one (`model=...`)"
        )
    else:
        name = bare_name(name, has_url=url != OPENAI_URL)
    return recording.of_model(name, model, environ=environ, base_url=url)


def _has(thing: object, method: str) -> bool:
    found: Callable[..., object] | None = getattr(thing, method, None)
    return callable(found)
