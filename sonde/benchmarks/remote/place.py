"""Where a run is kept: a folder, or a URL with its mirror on this machine."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...memory.home import Home
from ...records.errors import SetupError
from ..runner.manifest import MANIFEST, Manifest, read_manifest
from ..runner.spec import Shard
from .claims import Claim
from .courier import PAUSE_S, Courier
from .mirror import Mirror
from .store import is_url


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchPlace:
    """Where a run is kept. As a text it is what a person calls it."""

    name: str
    """Its folder or URL."""
    folder: Path
    """Its folder on this machine."""
    mirror: Mirror | None = None
    """What keeps it behind its URL; None for a folder."""

    def __str__(self) -> str:
        return self.name

    def manifest(self) -> Manifest:
        """Return the manifest of the run.

        Raises:
            SetupError: No run is kept there, or this version cannot read it.
        """
        if self.mirror is not None and not (self.folder / MANIFEST).is_file():
            raise SetupError(
                f"{self} holds no benchmark run; begin one: sonde bench run SUITE --agent NAME "
                f"--out {self}"
            )
        return read_manifest(self.folder)

    def push(self) -> None:
        """Send what was written here; a folder needs none of it.

        Raises:
            SetupError: It cannot be sent.
        """
        if self.mirror is not None:
            self.mirror.push()


def bench_place(name: str | Path, home: Home) -> BenchPlace:
    """Return the place of a run; of a URL what stands there is brought first.

    Args:
        name: A folder or a URL.
        home: Where mirrors stand.

    Raises:
        SetupError: The URL cannot be read, or holds several runs.
    """
    if not is_url(str(name)):
        return BenchPlace(name=str(name), folder=Path(name))
    mirror = Mirror.of(str(name), home)
    mirror.pull()
    return BenchPlace(name=mirror.store.url, folder=mirror.folder, mirror=mirror)


@contextmanager
def sent_as_it_comes(
    place: BenchPlace, shard: Shard | None, *, pause_s: float = PAUSE_S
) -> Generator[int]:
    """Send what a sitting writes while it writes it, and bring the rest of the run at its end.

    Gives the first retry number of attempts that nothing is known of: above those of machines that
    have left the part, and may yet come back with attempts that they could not send.

    Args:
        place: Where the run is kept; of a folder nothing is sent.
        shard: The part that is run here; None is all.
        pause_s: Seconds between two sendings, at first.

    Raises:
        SetupError: Another machine works on the same part, or not everything could be sent.
    """
    if place.mirror is None:
        yield 0
        return
    part = "main" if shard is None else shard.name
    claim = Claim(place.mirror, part)
    courier = Courier(
        place.mirror,
        is_mine=lambda worker: is_led_by(part, worker),
        claim=claim,
        pause_s=pause_s,
    )
    with courier:
        yield courier.left_behind
    place.mirror.pull()


def is_led_by(part: str, worker: str) -> bool:
    """Return whether a worker is of a part of a run: its leader, or one that it leads.

    >>> is_led_by("shard-1-of-2", "shard-1-of-2-procs-1-1"), is_led_by("main", "shard-1-of-2")
    (True, False)
    """
    if part == "main":
        return not worker.startswith("shard-")
    return worker == part or worker.startswith(f"{part}-")


@contextmanager
def worked_in(place: str, worker: str) -> Generator[Path]:
    """Give a worker the folder that it works in; under a URL its journal is sent as it comes.

    Args:
        place: Folder or URL of the run.
        worker: Name of the worker.

    Raises:
        SetupError: The URL cannot be read or written, or not everything could be sent.
    """
    if not is_url(place):
        yield Path(place)
        return
    mirror = Mirror.of(place, Home.of(os.environ))
    mirror.pull()
    with Courier(mirror, is_mine=lambda name: name == worker):
        yield mirror.folder
