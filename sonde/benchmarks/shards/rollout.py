"""A gate tried on many questions: what it got right, and what it took; with lessons on request."""

from dataclasses import dataclass

import numpy as np

from ...policies.gating.fitting import GateLesson
from ...policies.gating.gates import Gate, NoveltyGate
from ...policies.gating.risk import NEVER_SURE, FailOpen, escalates, fail_open_threshold
from .play import Play
from .questions import Questions
from .world import MOST_HOPS, NOWHERE, Flags, Floats, Ints, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of B questions under one gate."""

    is_right: Flags
    """(B,): whether the answer is right."""
    confidence: Floats
    """(B,): the decider's confidence after the gated rounds; NaN where it abstained."""
    tokens: Floats
    """(B,): message tokens of senders and receivers."""
    messages: Ints
    """(B,): messages."""
    calls: Ints
    """(B,): times that a member was called."""
    is_escalated: Flags
    """(B,): whether it went back to telling everything that is new."""
    sends: Floats
    """(N, N): messages a question along each link."""

    @property
    def accuracy(self) -> float:
        """Share of right answers."""
        return float(self.is_right.mean())

    @property
    def mean_tokens(self) -> float:
        """Message tokens a question."""
        return float(self.tokens.mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Runs as lessons for a gate."""

    outcome: Outcome
    """What came of them."""
    lesson: GateLesson
    """Links of the runs that were answered right, with labels."""
    usage: Floats
    """(N, N): how often a right answer rested on a link."""


def roll(
    world: World,
    questions: Questions,
    gate: Gate,
    *,
    tau: float | None = None,
    claims_a_message: int | None = None,
) -> Outcome:
    """Play questions under a gate.

    Args:
        world: Where.
        questions: What is asked.
        gate: Who hears what.
        tau: Under this confidence the decider has everything new told to everybody; None never.
        claims_a_message: Most claims of a message; None for no limit.
    """
    play = Play(world=world, questions=questions, claims_a_message=claims_a_message)
    sends = np.zeros((world.n_members, world.n_members))
    for number in range(1, world.n_rounds + 1):
        opening = gate.decide(play.links(number))
        play.deliver(opening.is_open, repeats=gate.repeats)
        sends += opening.is_open.sum(axis=0)
    confidence = play.answer_confidence
    is_escalated = np.zeros(len(questions), dtype=np.bool_)
    if tau is not None:
        is_escalated = escalates(confidence, tau)
        sends += _escalate(play, is_escalated)
    return _outcome(play, confidence, is_escalated, sends)


def record(world: World, questions: Questions, gate: Gate) -> Recording:
    """Play questions and keep every link with its label: was the message needed?"""
    play = Play(world=world, questions=questions)
    features: list[Floats] = []
    sends = np.zeros((world.n_members, world.n_members))
    for number in range(1, world.n_rounds + 1):
        links = play.links(number)
        opening = gate.decide(links)
        features.append(links.features)
        sends += opening.is_open.sum(axis=0)
        play.deliver(opening.is_open, repeats=gate.repeats)
    is_needed = needed_messages(play)
    right = play.is_right
    lesson = GateLesson(
        features=np.stack(features)[:, right], is_needed=is_needed[:, right], roles=world.roles
    )
    nobody = np.zeros(len(questions), dtype=np.bool_)
    return Recording(
        outcome=_outcome(play, play.answer_confidence, nobody, sends),
        lesson=lesson,
        usage=is_needed[:, right].sum(axis=(0, 1)).astype(np.float64),
    )


def calibrate(
    world: World,
    questions: Questions,
    gate: Gate,
    open_outcome: Outcome,
    *,
    alpha: float,
    claims_a_message: int | None = None,
) -> FailOpen:
    """Return the fail-open threshold of a gate, from the open team's outcome on the same questions.

    Raises:
        TooFewTasks: So few questions cannot promise this alpha.
    """
    gated = roll(world, questions, gate, claims_a_message=claims_a_message)
    after = roll(world, questions, gate, tau=NEVER_SURE, claims_a_message=claims_a_message)
    return fail_open_threshold(
        open_outcome.is_right & ~gated.is_right,
        open_outcome.is_right & ~after.is_right,
        gated.confidence,
        alpha=alpha,
    )


def needed_messages(play: Play) -> Flags:
    """Return which messages stand in the lineage of the coordinator's answer: (T, B, N, N)."""
    rows = np.arange(len(play.questions))
    n_rounds, n = len(play.received) - 1, play.world.n_members
    needed = np.zeros((n_rounds + 1, len(rows), n, n), dtype=np.bool_)
    member, hop = np.zeros(len(rows), dtype=np.int64), play.questions.hops.copy()
    is_live: Flags = play.answer != NOWHERE
    for number in range(n_rounds, -1, -1):
        for _ in range(MOST_HOPS):
            hop = hop - (is_live & (hop > 0) & play.worked[number][rows, member, hop])
        source = play.received[number][rows, member, hop]
        came = is_live & (hop > 0) & (source != NOWHERE)
        needed[number, rows[came], source[came], member[came]] = True
        member = np.where(came, source, member)
    return needed[1:]


def _escalate(play: Play, is_escalated: Flags) -> Floats:
    """Tell everything new for as many rounds again, in the questions that need it."""
    novelty = NoveltyGate()
    sends = np.zeros((play.world.n_members, play.world.n_members))
    first = play.world.n_rounds + 1
    for number in range(first, first + play.world.n_rounds):
        if not is_escalated.any():
            break
        is_open = novelty.decide(play.links(number)).is_open & is_escalated[:, None, None]
        play.deliver(is_open, repeats=False)
        sends += is_open.sum(axis=0)
    return sends


def _outcome(play: Play, confidence: Floats, is_escalated: Flags, sends: Floats) -> Outcome:
    return Outcome(
        is_right=play.is_right,
        confidence=confidence,
        tokens=play.tokens,
        messages=play.messages,
        calls=play.calls,
        is_escalated=is_escalated,
        sends=sends / max(1, len(play.questions)),
    )
