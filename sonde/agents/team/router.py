"""Round by round: the gate opens links, messages go, and whoever received any is called.

After the gated rounds a decider that is not sure enough has everything new told to everybody. A
limit ends the talk: what answers there are go to the decider alone.
"""

import numpy as np

from ...policies.gating.gates import Gate, NoveltyGate
from ...policies.gating.risk import escalates
from ...records.claims import Message
from ...records.errors import BudgetExceeded
from ...records.team_events import TeamEscalated
from .team_run import TeamRun


def route(run: TeamRun) -> list[int]:
    """Play on until members are to be called, and return them; none: the run is at its end."""
    try:
        return _gated(run) or _escalated(run)
    except BudgetExceeded as err:
        run.stop_at(err)
        run.deliver(last_delivery(run))
        return []


def last_delivery(run: TeamRun) -> list[Message]:
    """Return what brings the decider every answer that it has not heard, and nothing else."""
    messages: list[Message] = []
    for book in run.notebooks:
        if book is run.decider or book.answer is None:
            continue
        if book.answer in run.exchange.news(book, run.decider.member):
            tokens = run.settings.cost.tokens([book.answer])
            messages.append(
                Message(
                    sender=book.member,
                    receiver=run.decider.member,
                    round=run.round,
                    claims=(book.answer,),
                    tokens=tokens,
                )
            )
    return messages


def _gated(run: TeamRun) -> list[int]:
    while not run.is_escalated and run.round < run.settings.rounds:
        run.round += 1
        called = _talk(run, run.settings.gate)
        if called:
            return called
    return []


def _escalated(run: TeamRun) -> list[int]:
    if not run.is_escalated:
        run.gated = run.stage()
        if not _is_too_unsure(run):
            return []
        run.is_escalated = True
        run.emit(
            TeamEscalated(
                at=run.now(),
                round=run.round,
                confidence=run.confidence,
                tau=run.settings.tau or 0.0,
            )
        )
    novelty = NoveltyGate()
    while run.round < 2 * run.settings.rounds:
        run.round += 1
        called = _talk(run, novelty)
        if called:
            return called
    return []


def _is_too_unsure(run: TeamRun) -> bool:
    if run.settings.tau is None:
        return False
    sure = np.array([np.nan if run.confidence is None else run.confidence])
    return bool(escalates(sure, run.settings.tau)[0])


def _talk(run: TeamRun, gate: Gate) -> list[int]:
    """Let one round of messages go, if the budget bears it, and return who received any."""
    links = run.links()
    opening = gate.decide(links)
    messages = run.messages(opening, repeats=gate.repeats)
    answers = last_delivery(run)
    run.bill.check(
        message_tokens=_tokens(run, messages),
        called=sorted({message.receiver for message in messages}),
        reserve=_tokens(run, answers),
    )
    run.tell_links(links, opening, gate=gate.name)
    return run.deliver(messages)


def _tokens(run: TeamRun, messages: list[Message]) -> int:
    written = run.exchange.written_tokens(messages)
    return sum(message.tokens for message in messages) + sum(written)
