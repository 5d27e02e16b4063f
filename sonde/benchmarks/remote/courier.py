"""The courier: while attempts are made, a thread sends what is new of the journals to the URL.

It never holds the run up. What cannot be sent now is sent later, since the mirror holds it; only at
the end must everything be over there.
"""

import threading
from collections.abc import Callable
from typing import Self

from ...records.errors import SetupError
from .claims import RENEWED_S, Claim
from .mirror import Mirror

PAUSE_S = 2.0
"""Seconds between two trips; more of them in a long run."""
_LONGEST_S = RENEWED_S
_STRETCHED_BY = 100  # parts after which the pause is a second longer: long runs have larger parts
_STUCK_S = 60.0  # without a byte sent, at the end


class Courier:
    """Sends the journals of one process, from `start` to `close`."""

    def __init__(
        self,
        mirror: Mirror,
        *,
        is_mine: Callable[[str], bool] = bool,
        claim: Claim | None = None,
        pause_s: float = PAUSE_S,
    ) -> None:
        """Take what is needed; nothing is sent yet.

        Args:
            mirror: The run.
            is_mine: Whether the journal of a worker is sent from here.
            claim: The part of the run that is worked on; None claims nothing.
            pause_s: Seconds between two trips, at first.
        """
        self._mirror = mirror
        self._is_mine = is_mine
        self._claim = claim
        self._first_s = pause_s
        self._over = threading.Event()
        self._trips = 0
        self._thread = threading.Thread(target=self._go, name="courier", daemon=True)
        self.left_behind = 0
        """Machines that have left the part without an end."""
        self.last_error: SetupError | None = None
        """Why the last trip failed; None where it did not."""

    def start(self) -> Self:
        """Claim the part, send what is there already, and begin.

        Raises:
            SetupError: Another machine works on the part, or nothing can be written there.
        """
        if self._claim is not None:
            self.left_behind = self._claim.take()
        self._mirror.push(is_mine=self._is_mine)
        self._thread.start()
        return self

    def close(self) -> None:
        """Send the rest.

        Raises:
            SetupError: It cannot be sent; the mirror holds it.
        """
        self._over.set()
        sent = -1
        while self._thread.is_alive() and sent < self._mirror.sent_bytes:
            sent = self._mirror.sent_bytes
            self._thread.join(_STUCK_S)
        if self._thread.is_alive():
            err = SetupError(f"{self._mirror.store.url} does not answer")
            raise self._failure(err) from err
        if self.last_error is not None:
            raise self._failure(self.last_error) from self.last_error

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self.close()
        except SetupError:
            if kind is None:  # else what broke the work off is told, and the mirror holds the rest
                raise

    def _go(self) -> None:
        while not self._over.wait(self._pause_s):
            self._trip(self._send)
        self._trip(self._send_rest)

    @property
    def _pause_s(self) -> float:
        return min(_LONGEST_S, self._first_s + self._trips / _STRETCHED_BY)

    def _trip(self, send: Callable[[], None]) -> None:
        try:
            send()
            self.last_error = None
        except SetupError as err:
            self.last_error = err

    def _send(self) -> None:
        self._trips += self._mirror.push(is_mine=self._is_mine) > 0
        if self._claim is not None:
            self._claim.renew()

    def _send_rest(self) -> None:
        self._mirror.push(is_mine=self._is_mine, anew=True)
        if self._claim is not None:
            self._claim.end()

    def _failure(self, err: SetupError) -> SetupError:
        url, folder = self._mirror.store.url, self._mirror.folder
        return SetupError(
            f"not everything could be sent: {err}; nothing is lost, since {folder} holds it all: "
            f"send it with `sonde bench resume {url}`"
        )
