"""Learning a gate from recorded runs: which messages did right answers rest on?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...policies.distributions import Floats
from ...policies.gating.fitting import GateLesson, fit_gate
from ...policies.gating.learned import LearnedGate
from ...records.errors import SetupError
from .gate_file import GateFile, gate_file_of
from .traces import TeamTrace, label_links


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A gate learned from recorded runs."""

    file: GateFile
    """The gate as it is written down; not calibrated yet."""
    gate: LearnedGate
    """The gate."""
    usage: Floats
    """(N, N): messages that right answers rested on, a run."""
    messages: int
    """Links seen, open or not."""
    needed: int
    """Messages that right answers rested on."""


def learn_gate(traces: Sequence[TeamTrace]) -> Lesson:
    """Fit a gate to runs that were answered right.

    Args:
        traces: Recorded runs with a right answer, all of one team. They are best recorded with
            every link open: a link that was never open teaches nothing of its worth.

    Raises:
        SetupError: There are no runs, they are of different teams, or no message was needed.
    """
    if not traces:
        raise SetupError("no recorded run was answered right; record more, or easier tasks")
    hashes = {trace.team_hash for trace in traces}
    if len(hashes) > 1:
        raise SetupError(
            f"the recorded runs are of {len(hashes)} different teams; fit one at a time"
        )
    labelled = [label_links(trace) for trace in traces]
    lesson = GateLesson(
        features=np.stack([each.features for each in labelled]),
        is_needed=np.stack([each.is_needed for each in labelled]),
        roles=traces[0].roles,
    )
    try:
        gate = fit_gate(lesson)
    except ValueError as err:
        raise SetupError(str(err)) from err
    file = gate_file_of(
        gate, roles=traces[0].roles, team_hash=traces[0].team_hash, fitted_on=len(traces)
    )
    return Lesson(
        file=file,
        gate=gate,
        usage=lesson.is_needed.sum(axis=(0, 1)) / len(traces),
        messages=int(np.isfinite(lesson.features[..., 0]).sum()),
        needed=int(lesson.is_needed.sum()),
    )
