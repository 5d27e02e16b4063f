"""The suites that ship: made from a seed on first use, and kept."""

import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ...memory.home import Home
from ...records.errors import SuiteError
from .asking.clarify import SIZE as CLARIFY_SIZE
from .asking.clarify import write_clarify
from .asking.experiments import SIZE as EXPERIMENTS_SIZE
from .asking.experiments import write_experiments
from .asking.twenty_questions import SIZE as TWENTY_QUESTIONS_SIZE
from .asking.twenty_questions import write_twenty_questions
from .gaia_like.generate import SIZE as GAIA_LIKE_SIZE
from .gaia_like.generate import write_gaia_like
from .shards_suite import SIZE as SHARDS_SIZE
from .shards_suite import write_shards
from .web_leaps.generate import SIZE as WEB_LEAPS_SIZE
from .web_leaps.generate import write_web_leaps

DEFAULT_SEED = 0
"""Seed of the suites as they ship."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedSuite:
    """A suite that this project generates."""

    name: str
    """Its name."""
    summary: str
    """What it measures, in a line."""
    size: int
    """How many tasks it has where no number is given."""
    version: int
    """Raised whenever the same seed would give something else."""
    write: Callable[[Path, int, int], None]
    """Write the suite into a folder, from a seed and a size."""


def shipped_suites() -> Mapping[str, ShippedSuite]:
    """Return the suites that ship, by name."""
    return _SUITES


def write_shipped(name: str, folder: Path, *, seed: int | None, size: int | None) -> None:
    """Write a suite into a folder that is not there yet; nothing is left behind on a failure.

    Raises:
        SuiteError: There is no such suite, or the folder cannot be written.
    """
    suite = _SUITES.get(name)
    if suite is None:
        raise SuiteError(f"no suite {name!r} ships; there are: {', '.join(sorted(_SUITES))}")
    number = _number(seed)
    if folder.exists():
        raise SuiteError(f"{folder} is there already; name a folder that is not")
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        draft.mkdir(parents=True)
        suite.write(draft, number, size or suite.size)
        _move(draft, folder)
    except OSError as err:
        raise SuiteError(
            f"cannot write the suite to {folder}: {err.strerror or err}; name another folder,"
            " or set SONDE_HOME to one that you may write to"
        ) from err
    finally:
        shutil.rmtree(draft, ignore_errors=True)


class Opened(NamedTuple):
    """A suite that ships, ready to be read."""

    folder: Path
    """Where it stands."""
    is_new: bool
    """Whether it has been made just now."""


def open_shipped(name: str, home: Home, *, seed: int | None, size: int | None) -> Opened:
    """Return the folder of a suite that ships; it is made on first use.

    Raises:
        SuiteError: There is no such suite, or the home cannot be written.
    """
    folder = _folder(name, home, seed, size, version=_SUITES[name].version)
    is_there = folder.is_dir()
    if not is_there:
        write_shipped(name, folder, seed=seed, size=size)
    return Opened(folder, is_new=not is_there)


def older_shipped(name: str, home: Home, *, seed: int | None, size: int | None) -> list[Path]:
    """Return what earlier versions made of a suite from the same seed and size, latest first.

    Raises:
        SuiteError: The seed is none.
    """
    versions = range(_SUITES[name].version - 1, 0, -1)
    folders = [_folder(name, home, seed, size, version=version) for version in versions]
    return [folder for folder in folders if folder.is_dir()]


def _folder(name: str, home: Home, seed: int | None, size: int | None, *, version: int) -> Path:
    tasks = size or _SUITES[name].size
    return home.path / "suites" / f"{name}-{tasks}-seed{_number(seed)}-v{version}"


def _number(seed: int | None) -> int:
    """Return the seed, or the usual one."""
    if seed is not None and seed < 0:
        raise SuiteError(f"a seed is a whole number from 0, not {seed}")
    return DEFAULT_SEED if seed is None else seed


def _move(draft: Path, folder: Path) -> None:
    """Give a folder its name; where another process was quicker, its folder stands."""
    try:
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


_SUITES = {
    suite.name: suite
    for suite in (
        ShippedSuite(
            name="gaia-like",
            summary="Three levels over a local corpus and attachments of seven formats.",
            size=GAIA_LIKE_SIZE,
            version=2,
            write=write_gaia_like,
        ),
        ShippedSuite(
            name="web-leaps",
            summary="Sets of people gathered from many pages: Basic, Union, Reverse-Union.",
            size=WEB_LEAPS_SIZE,
            version=1,
            write=write_web_leaps,
        ),
        ShippedSuite(
            name="twenty-questions",
            summary="Find what a person thinks of by questions of yes or no; one level is noisy.",
            size=TWENTY_QUESTIONS_SIZE,
            version=1,
            write=write_twenty_questions,
        ),
        ShippedSuite(
            name="clarify",
            summary="Ask a customer what a wish leaves open, over slots that depend on each other.",
            size=CLARIFY_SIZE,
            version=1,
            write=write_clarify,
        ),
        ShippedSuite(
            name="experiments",
            summary="Choose experiments and predict: hyperbolic discounting and the death process.",
            size=EXPERIMENTS_SIZE,
            version=1,
            write=write_experiments,
        ),
        ShippedSuite(
            name="shards",
            summary="Follow relations whose facts are divided among a team, some of them stale.",
            size=SHARDS_SIZE,
            version=1,
            write=write_shards,
        ),
    )
}
