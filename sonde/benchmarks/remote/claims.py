"""Claims: what part of a run a machine works on, so that no other does the same work.

A claim is a file that its process writes again while it works, and at last once more to say that it
has ended. One that is a while old was left by a process that died. (Two that begin within a second
of each other can both pass; then some attempts are made twice, and one of each counts.)
"""

import json
import time
from collections.abc import Callable

from ...records.errors import SetupError
from .mirror import Mirror

RENEWED_S = 20.0
"""Seconds after which a claim is written again."""
_STALE_S = 120.0
"""Seconds without a sign after which a claim is void; clocks of two machines may differ by some."""


class Claim:
    """The claim of this machine on a part of a run."""

    def __init__(self, mirror: Mirror, part: str, *, now: Callable[[], float] = time.time) -> None:
        """Name the part; nothing is read or written yet.

        Args:
            mirror: The run.
            part: Name of the part: `main`, or a shard's.
            now: Seconds since the epoch.
        """
        self._mirror = mirror
        self._part = part
        self._now = now
        self._told_at = float("-inf")

    def take(self) -> int:
        """Take the part, and return how many machines have left it without an end.

        They may hold attempts that nobody else knows of: no attempt of ours should have their ids.

        Raises:
            SetupError: Another machine works on it, or it cannot be written there.
        """
        store, name = self._mirror.store, f"/claim-{self._part}.json"
        own = f"{self._mirror.writer}{name}"
        others = [path for path in store.sizes() if path.endswith(name) and path != own]
        left = 0
        for path, content in store.read(others).items():
            told_at = _told_at(content)
            age_s = self._now() - told_at
            left += told_at > 0
            if age_s < _STALE_S:
                raise SetupError(
                    f"another machine works on {store.url} ({self._part}; its last sign was "
                    f"{max(0.0, age_s):.0f} s ago, under {path.partition('/')[0]}); wait for it, "
                    f"or, if it is gone, try again in {_STALE_S - age_s:.0f} s"
                )
        self.renew()
        return left

    def renew(self) -> None:
        """Give a sign, where the last one is a while ago.

        Raises:
            SetupError: It cannot be written.
        """
        if self._now() - self._told_at >= RENEWED_S:
            self._tell(self._now())
            self._told_at = self._now()

    def end(self) -> None:
        """Let go of the part.

        Raises:
            SetupError: It cannot be written.
        """
        self._tell(0.0)

    def _tell(self, at: float) -> None:
        content = json.dumps({"part": self._part, "at": at}).encode()
        self._mirror.store.write(f"{self._mirror.writer}/claim-{self._part}.json", content)


def _told_at(content: bytes) -> float:
    try:
        return float(json.loads(content)["at"])
    except (ValueError, KeyError, TypeError):
        return 0.0  # half written: its writer died, or gives the next sign soon
