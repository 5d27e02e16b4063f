"""`doctor`: each thing that sonde needs, tried out. Nothing is sent over the network."""

import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

from ..agents.brain_making import EXTRACTIVE, make_brain
from ..memory.home import Home
from ..models.tokens import count_tokens_for
from ..records.errors import SondeError
from ..records.extras import install_hint
from ..tools.corpus.corpus import Corpus
from .exits import ExitCode
from .figures import count
from .flag_words import in_flags
from .model_name import model_of
from .printable import one_line
from .screen import write_out

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_EXTRA = re.compile(r"extra == [\"']([^\"']+)[\"']")
_OLDEST_PYTHON = (3, 11)

_USES = {
    "files": "Word documents and slides",
    "mcp": "tools of MCP servers",
    "python": "a Python interpreter for a model",
    "ray": "benchmarks on a Ray cluster",
    "remote": "benchmark runs behind a URL",
    "web": "the search provider ddgs",
}
"""What each extra is for."""

State = Literal["ok", "-", "warn", "fail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check came to."""

    state: State
    """Whether it is well; `-` is an optional thing that is not there, which harms nothing."""
    name: str
    """What was checked."""
    detail: str
    """What was found, and what to do about it."""


def run_checks(model: str | None, *, base_url: str | None) -> ExitCode:
    """Write a line for each check; the exit code tells whether one failed."""
    findings = list(find_all(model, base_url=base_url, environ=os.environ))
    width = max(len(each.name) for each in findings)
    write_out("\n".join(f"{e.state:<4}  {e.name:<{width}}  {one_line(e.detail)}" for e in findings))
    has_failed = any(each.state == "fail" for each in findings)
    return ExitCode.USAGE if has_failed else ExitCode.ANSWERED


def find_all(
    model: str | None, *, base_url: str | None, environ: Mapping[str, str]
) -> Iterator[Finding]:
    """Check everything, one after another.

    Args:
        model: The model named by flag.
        base_url: The address named by flag.
        environ: The environment.
    """
    name = model_of(model, environ)
    yield _python()
    yield from _packages()
    yield _tried("home", lambda: _try_home(Home.of(environ)))
    yield _tried("index engine", _try_index)
    yield _tried("model", lambda: _try_model(name, base_url=base_url, environ=environ))
    yield _tokens(name, environ)


def _tried(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(state="ok", name=name, detail=check())
    except (SondeError, OSError) as err:
        return Finding(state="fail", name=name, detail=in_flags(str(err)))


def _python() -> Finding:
    detail = f"{platform.python_version()} at {sys.executable}"
    if sys.version_info < _OLDEST_PYTHON:
        return Finding(state="fail", name="python", detail=f"{detail}; 3.11 or newer is needed")
    return Finding(state="ok", name="python", detail=detail)


def _packages() -> Iterator[Finding]:
    """Check the packages that sonde declares, and the extras that a person may add."""
    missing: dict[str, list[str]] = {}
    needed: dict[str, int] = {}
    for line in requires("sonde") or ():
        name, extra = _NAME.match(line), _EXTRA.search(line)
        group = extra.group(1) if extra else ""
        if name is None or group == "dev":
            continue
        needed[group] = needed.get(group, 0) + 1
        if _version(name.group()) is None:
            missing.setdefault(group, []).append(name.group())
    for group, number in needed.items():
        yield _group(group, number, missing.get(group, []))


def _group(extra: str, number: int, missing: list[str]) -> Finding:
    name = f"extra {extra}" if extra else "packages"
    if not missing:
        return Finding(state="ok", name=name, detail=f"{count(number, 'package')} installed")
    if extra:
        detail = f"not installed, for {_USES.get(extra, extra)}: {install_hint(extra)}"
        return Finding(state="-", name=name, detail=detail)
    step = "pip install sonde (in a checkout: pip install -e .)"
    return Finding(state="fail", name=name, detail=f"missing: {', '.join(missing)}; {step}")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _try_home(home: Home) -> str:
    try:
        home.path.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=home.path, prefix=".doctor-"):
            runs = len(home.list_runs())
    except OSError as err:
        raise OSError(
            f"{home.path} cannot be written: {err.strerror or err}; "
            "set SONDE_HOME to a folder that you may write to"
        ) from err
    return f"{home.path} can be written; {count(runs, 'run')}"


def _try_index() -> str:
    with tempfile.TemporaryDirectory(prefix="sonde-doctor-") as scratch:
        page = Path(scratch) / "page.txt"
        page.write_text("The sounding line touched bottom.", encoding="utf-8")
        with Corpus.open([page], index_root=Path(scratch) / "indexes") as corpus:
            found = corpus.search("sounding line", limit=1)
    if not found:
        raise OSError("a page that was just indexed is not found; reinstall tantivy")
    return f"tantivy {_version('tantivy')} indexes and finds"


def _try_model(name: str, *, base_url: str | None, environ: Mapping[str, str]) -> str:
    make_brain(
        name,
        base_url=base_url,
        environ=environ,
        prices=None,
        overrides=Home.of(environ).prices,
    )
    if name == EXTRACTIVE:
        return "none named; the reader that needs no network and no key answers from a corpus"
    key = "a key is set" if environ.get("OPENAI_API_KEY", "").strip() else "no key is set"
    return f"{name}; {key}; the server was not asked"


def _tokens(name: str, environ: Mapping[str, str]) -> Finding:
    if name == EXTRACTIVE:
        return Finding(state="ok", name="token counts", detail="none needed without a model")
    counter = count_tokens_for(name, environ=environ)
    if not counter.is_estimate:
        return Finding(state="ok", name="token counts", detail=f"table {counter.name}")
    detail = (
        f"estimated: no table for {name} on this machine; limits keep a margin of a quarter. "
        "TIKTOKEN_CACHE_DIR can name a folder with one"
    )
    return Finding(state="warn", name="token counts", detail=detail)
