"""Confidences with which runs under a calibration ended: what drift is measured on."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..memory.home import Home
from ..records.errors import SetupError

if TYPE_CHECKING:
    from ..policies.calibration import Calibration

MOST_READ = 500
"""Latest runs that are compared with the calibration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTimeScores:
    """One small file a calibration: a line a run, with its id and its confidence."""

    path: Path
    """The file."""

    @classmethod
    def of(cls, home: Home, calibration: "Calibration") -> "RunTimeScores":
        """Return the scores of a calibration in a home."""
        name = f"{calibration.setup.fingerprint}-{calibration.suite_sha256[:12]}.txt"
        return cls(path=home.path / "confidences" / name)

    def read(self) -> tuple[float, ...]:
        """Return the confidences of the latest runs, each run once; none where there is no file."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except OSError:
            return ()
        found: dict[str, float] = {}
        for line in lines[-MOST_READ:]:
            run_id, _, score = line.partition(" ")
            try:
                found[run_id] = float(score)
            except ValueError:
                continue  # a line that a killed process left half-written
        return tuple(found.values())

    def add(self, run_id: str, confidence: float) -> None:
        """Write down how one run ended.

        Raises:
            SetupError: The home cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"{run_id} {confidence:.6f}\n")
        except OSError as err:
            raise SetupError(
                f"cannot write {str(self.path)!r}: {err.strerror}; free some space, or set "
                "SONDE_HOME to a folder that you may write to"
            ) from err
