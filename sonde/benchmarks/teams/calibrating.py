"""Calibrating a gate: each task open and gated, the threshold from both, and what it saves."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from statistics import fmean

import numpy as np

from ...agents.team.gate_file import GateFile, Measured
from ...agents.team.team import Team
from ...policies.gating.gates import NoveltyGate, OpenGate
from ...policies.gating.risk import (
    NEVER_SURE,
    FailOpen,
    TooFewTasks,
    clopper_pearson_upper,
    escalates,
    fail_open_threshold,
)
from ...text.words import words
from ..suites.suite import Suite, Task
from .playing import judge

CURVE = (0.01, 0.02, 0.05, 0.10, 0.20)
"""Alphas whose price is told beside the one that was asked for."""
NOVELTY_TASKS = 50
"""Tasks that are played under the novelty rule too: a gate must beat it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One task, played open and gated; the gated run goes on to full communication."""

    open_right: bool
    """Whether the open team was right."""
    gated_right: bool
    """Whether the gated team was right after the gated rounds."""
    escalated_right: bool
    """Whether it was right after full communication."""
    confidence: float
    """The decider's after the gated rounds; NaN where it abstained."""
    open_tokens: int
    """Message tokens of the open team."""
    gated_tokens: int
    """Of the gated team, after the gated rounds."""
    escalated_tokens: int
    """Of the gated team, with full communication after them."""
    open_calls: int
    """Calls of members in the open team."""
    gated_calls: int
    """In the gated team, after the gated rounds."""
    escalated_calls: int
    """In the gated team, with full communication after them."""
    novelty_tokens: int | None
    """Message tokens under the novelty rule; None where it was not played."""
    cost_usd: float | None
    """What all runs of the task cost."""
    sends: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    """Messages of the gated run by sender and receiver, full communication left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A gate's threshold, and what it does at it."""

    file: GateFile
    """The gate, calibrated."""
    fail_open: FailOpen
    """The threshold."""
    complaint: str | None
    """Why the gate is not put to use; None where it is."""


async def play_pairs(
    team: Team, file: GateFile, suite: Suite, tasks: Sequence[Task]
) -> AsyncIterator[Pair]:
    """Yield each task as it was played: open, gated with full communication after it, novelty.

    Where the truth is withheld, the open team's answer counts as right.

    Raises:
        SetupError: Something must be mended first.
    """
    fully_open = team.with_gate(OpenGate())
    gate = file.gate_for([member.role for member in team.members])
    gated = team.with_gate(gate, tau=NEVER_SURE)
    novelty = team.with_gate(NoveltyGate())
    for number, task in enumerate(tasks):
        opened = await fully_open.arun(task.input)
        closed = await gated.arun(task.input)
        new = await novelty.arun(task.input) if number < NOVELTY_TASKS else None
        costs = [r.cost_usd for r in (opened, closed, new) if r is not None]
        sure = closed.gated.confidence
        yield Pair(
            open_right=_is_right(suite, task, opened.answer, opened.answer),
            gated_right=_is_right(suite, task, closed.gated.answer, opened.answer),
            escalated_right=_is_right(suite, task, closed.answer, opened.answer),
            confidence=float("nan") if sure is None else sure,
            open_tokens=opened.message_tokens,
            gated_tokens=closed.gated.message_tokens,
            escalated_tokens=closed.message_tokens,
            open_calls=opened.member_calls,
            gated_calls=closed.gated.member_calls,
            escalated_calls=closed.member_calls,
            novelty_tokens=None if new is None else new.message_tokens,
            cost_usd=None if None in costs else sum(cost for cost in costs if cost is not None),
            sends=Counter(closed.gated_sends),
        )


def calibrated(file: GateFile, team: Team, pairs: Sequence[Pair], *, alpha: float) -> Calibration:
    """Return a gate with its threshold for a team, and whether it is worth putting to use.

    Raises:
        TooFewTasks: So few tasks cannot promise this alpha.
    """
    found = _threshold(pairs, alpha)
    names = tuple(member.name for member in team.members)
    measured = _measured(pairs, found.tau).model_copy(
        update={
            "members": names,
            "decider": names[team.settings.decider],
            "open_sends": float(team.settings.rounds),
        }
    )
    complaint = _complaint(measured, pairs, found)
    roles = tuple(dict.fromkeys(member.role for member in team.members))
    done = file.for_team(roles=roles, team_hash=team.hash).model_copy(
        update={
            "team_hash": team.hash,
            "roles": roles,
            "tau": found.tau,
            "alpha": alpha,
            "n": len(pairs),
            "is_installed": complaint is None,
            "measured": measured,
        }
    )
    return Calibration(file=done, fail_open=found, complaint=complaint)


def _threshold(pairs: Sequence[Pair], alpha: float) -> FailOpen:
    lost = [pair.open_right and not pair.gated_right for pair in pairs]
    after = [pair.open_right and not pair.escalated_right for pair in pairs]
    return fail_open_threshold(lost, after, [pair.confidence for pair in pairs], alpha=alpha)


def _measured(pairs: Sequence[Pair], tau: float) -> Measured:
    back = _escalated(pairs, tau)
    both = list(zip(pairs, back, strict=True))
    right = [p.escalated_right if b else p.gated_right for p, b in both]
    lost = sum(p.open_right and not r for p, r in zip(pairs, right, strict=True))
    novelty = [p.novelty_tokens for p in pairs if p.novelty_tokens is not None]
    sends: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        sends.update(pair.sends)
    return Measured(
        open_accuracy=_mean([p.open_right for p in pairs]),
        gated_accuracy=_mean(right),
        open_tokens=_mean([p.open_tokens for p in pairs], digits=1),
        novelty_tokens=_mean(novelty, digits=1) if novelty else None,
        gated_tokens=_mean(_tokens(pairs, tau), digits=1),
        open_calls=_mean([p.open_calls for p in pairs], digits=2),
        gated_calls=_mean([p.escalated_calls if b else p.gated_calls for p, b in both], digits=2),
        escalated=_mean(back),
        losses=lost,
        loss_bound=round(clopper_pearson_upper(lost, len(pairs)), 4),
        curve=tuple(_point(pairs, alpha) for alpha in CURVE),
        sends={" > ".join(link): round(n / len(pairs), 3) for link, n in sorted(sends.items())},
    )


def _point(pairs: Sequence[Pair], alpha: float) -> tuple[float, float | None, float]:
    try:
        tau = _threshold(pairs, alpha).tau
    except TooFewTasks:
        return (alpha, None, 0.0)
    return (alpha, tau, _mean(_tokens(pairs, tau), digits=1))


def _complaint(measured: Measured, pairs: Sequence[Pair], found: FailOpen) -> str | None:
    """Return why a gate is not put to use: it loses too much, or it saves nothing.

    Tokens are compared on the tasks where novelty was played too.
    """
    if not found.is_kept:
        return (
            f"{found.losses} of {found.n} tasks were lost even after full communication, more "
            f"than alpha {found.alpha:g} allows"
        )
    tokens = _tokens(pairs, found.tau)
    compared = [
        (mine, pair.novelty_tokens)
        for mine, pair in zip(tokens, pairs, strict=True)
        if pair.novelty_tokens is not None
    ]
    if compared:
        mine, theirs = fmean(a for a, _ in compared), fmean(b for _, b in compared)
        if mine >= theirs:
            return (
                f"it takes {mine:.0f} message tokens a task and the novelty rule {theirs:.0f}, "
                f"on the same {len(compared)} tasks"
            )
    if (measured.gated_calls or 0) > (measured.open_calls or 0):
        return (
            f"it calls members {measured.gated_calls:.1f} times a task and the open team "
            f"{measured.open_calls:.1f} times"
        )
    return None


def _tokens(pairs: Sequence[Pair], tau: float) -> list[int]:
    back = _escalated(pairs, tau)
    return [
        pair.escalated_tokens if is_back else pair.gated_tokens
        for pair, is_back in zip(pairs, back, strict=True)
    ]


def _escalated(pairs: Sequence[Pair], tau: float) -> list[bool]:
    return escalates(np.array([pair.confidence for pair in pairs]), tau).tolist()


def _is_right(suite: Suite, task: Task, answer: str | None, open_answer: str | None) -> bool:
    known = judge(suite, task, answer)
    return words(answer or "") == words(open_answer or "") if known is None else known


def _mean(values: Sequence[float], *, digits: int = 4) -> float:
    return round(fmean(values), digits)
