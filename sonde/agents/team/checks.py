"""Runs played twice, gated and open, to see whether a gate still keeps its promise."""

import json
from dataclasses import dataclass
from pathlib import Path

from ...memory.home import Home
from ...policies.gating.risk import clopper_pearson_lower
from ...records.errors import SetupError
from ...records.team_events import TeamChecked
from ...text.words import words
from .result import TeamResult
from .team_run import TeamRun

_CONFIDENCE = 0.95
_KEPT = 1_000
"""Checks looked back on."""


@dataclass(frozen=True, slots=True)
class Checks:
    """The checks of one team under one gate, one line each in a file of the home.

    Another gate or another threshold, as after `sonde gate calibrate`, begins with none.
    """

    home: Home
    """The home."""
    team_hash: str
    """The team."""
    gate_hash: str
    """Its gate with the threshold, as `gate_hash` tells them."""

    @property
    def path(self) -> Path:
        """The file; it need not be there."""
        return self.home.path / "teams" / self.team_hash / f"checks-{self.gate_hash}.jsonl"

    def losses(self) -> list[bool]:
        """Return for each check so far whether it was lost, oldest first."""
        if not self.path.exists():
            return []
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return [is_lost for line in lines if (is_lost := _read(line)) is not None][-_KEPT:]

    def compare(self, gated: TeamResult, open_run: TeamRun) -> None:
        """Compare a gated run with its open twin, note it, and warn where too many were lost.

        A loss is an open answer that the gated team did not come to. The alarm goes off when the
        lower end of the losses' Clopper-Pearson interval is above the promised share.
        """
        answer = open_run.decider.answer
        is_lost = answer is not None and words(answer.value) != words(gated.answer or "")
        self._note(gated.run_id, open_run.folder.run_id, is_lost=is_lost)
        losses = self.losses()
        promised = open_run.settings.alpha
        least = clopper_pearson_lower(sum(losses), len(losses), confidence=_CONFIDENCE)
        is_alarm = promised is not None and least > promised
        open_run.emit(
            TeamChecked(
                at=open_run.now(),
                round=open_run.round,
                gated_run=gated.run_id,
                is_lost=is_lost,
                losses=sum(losses),
                checks=len(losses),
                is_alarm=is_alarm,
            )
        )
        if is_alarm:
            open_run.warn(
                f"the gate loses more than it promised: {sum(losses)} of {len(losses)} checks, at "
                f"least {least:.1%} against {promised:.0%}; run `sonde gate calibrate`"
            )

    def _note(self, gated: str, fully_open: str, *, is_lost: bool) -> None:
        line = json.dumps({"gated": gated, "open": fully_open, "is_lost": is_lost})
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as err:
            raise SetupError(
                f"cannot note a check in {self.path}: {err.strerror or err}; set SONDE_HOME to a "
                "folder that you may write to"
            ) from err


def _read(line: str) -> bool | None:
    """Return whether a check was lost, or None for what a killed process left half-written."""
    try:
        return bool(json.loads(line)["is_lost"])
    except (ValueError, TypeError, KeyError):
        return None
