"""`config show`: the settings in force, and where each comes from."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from ..agents.brain_making import EXTRACTIVE
from ..agents.settings import DEFAULT_ROUNDS, RunSettings
from ..memory.home import Home
from ..models.extractive.reader_file import VARIABLE
from ..models.redaction import redactor_of
from ..models.resolve import OPENAI_URL
from ..models.tokens import count_tokens_for
from .model_name import model_of
from .printable import one_line
from .screen import write_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting."""

    name: str
    """What it is called."""
    value: str
    """What is in force; a key is never shown."""
    origin: str
    """Where it comes from: a flag, a variable of the environment, or `default`."""


def show_settings(model: str | None, *, base_url: str | None, as_json: bool) -> None:
    """Write the settings, as a table or as a JSON array."""
    settings = effective_settings(model, base_url=base_url, environ=os.environ)
    if as_json:
        write_out(json.dumps([asdict(each) for each in settings], ensure_ascii=False, indent=2))
        return
    widths = [max(len(each.name) for each in settings), max(len(each.value) for each in settings)]
    write_out(
        "\n".join(
            f"{each.name:<{widths[0]}}  {each.value:<{widths[1]}}  {each.origin}"
            for each in settings
        )
    )


def effective_settings(
    model: str | None, *, base_url: str | None, environ: Mapping[str, str]
) -> Sequence[Setting]:
    """Return every setting with its origin.

    Args:
        model: The model named by flag.
        base_url: The address named by flag.
        environ: The environment.
    """
    clean = redactor_of(environ).clean
    defaults = RunSettings()
    name = model_of(model, environ)
    url = base_url or environ.get("OPENAI_BASE_URL", "").strip() or OPENAI_URL
    key = "set, not shown" if environ.get("OPENAI_API_KEY", "").strip() else "not set"
    counter = count_tokens_for(None if name == EXTRACTIVE else name, environ=environ)
    rows = [
        ("home", str(Home.of(environ).path), _origin("SONDE_HOME", environ)),
        ("model", name, _origin("SONDE_MODEL", environ, flag="--model" if model else "")),
        (
            "base URL",
            url,
            _origin("OPENAI_BASE_URL", environ, flag="--base-url" if base_url else ""),
        ),
        (
            "reader",
            environ.get(VARIABLE, "").strip() or "as shipped",
            _origin(VARIABLE, environ),
        ),
        ("API key", key, _origin("OPENAI_API_KEY", environ)),
        ("token counter", counter.name, "default"),
        ("memory", str(defaults.memory), "default"),
        ("workspace tokens", f"{defaults.workspace_tokens}", "default"),
        ("output tokens", f"{defaults.output_tokens}", "default"),
        ("rounds", f"{DEFAULT_ROUNDS}", "default"),
        ("belief", defaults.belief, "default"),
        ("alpha", f"{defaults.alpha:g}", "default"),
        ("seed", "none is sent" if defaults.seed is None else f"{defaults.seed}", "default"),
    ]
    return [Setting(name=n, value=one_line(clean(v)), origin=o) for n, v, o in rows]


def _origin(variable: str, environ: Mapping[str, str], *, flag: str = "") -> str:
    if flag:
        return f"flag {flag}"
    return f"environment, {variable}" if environ.get(variable, "").strip() else "default"
