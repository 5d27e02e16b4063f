"""From a team's run that is over to its result: answer, citations and bill."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ...records.claims import Claim
from ...records.evidence import Citation
from ...records.result import SetMember
from ...records.stopping import StopReason
from .lineage import lineage_of
from .result import TeamResult
from .team_run import TeamRun


def result_of(run: TeamRun) -> TeamResult:
    """Return what a run came to: the decider's answer, and what it rests on."""
    answer = run.decider.answer
    lineage: tuple[Claim, ...] = ()
    if answer is not None:
        lineage = lineage_of(
            answer, run.decider.member, claims=run.claims, deliveries=run.deliveries
        ).claims
    ended = StopReason.ABSTAINED if answer is None else StopReason.ANSWERED
    return TeamResult(
        run_id=run.folder.run_id,
        question=run.question,
        answer=None if answer is None else answer.value,
        confidence=None if answer is None else round(answer.confidence, 4),
        confidence_set=_answers_held(run),
        certificate=None,
        citations=_citations(lineage),
        stop_reason=run.stop or ended,
        rounds=run.round,
        steps=len(run.deliveries),
        usage=run.bill.total_usage(),
        cost_usd=run.bill.cost_usd,
        wall_s=round(run.bill.elapsed_s, 3),
        cpu_s=None if run.bill.asks_models else round(run.bill.cpu_s, 3),
        model=_model(run),
        warnings=tuple(run.warnings),
        gate=run.settings.gate.name,
        messages=len(run.deliveries),
        message_tokens=run.bill.all_message_tokens,
        member_calls=run.calls,
        is_escalated=run.is_escalated,
        gated=run.gated or run.stage(),
        sends=Counter((each.sender, each.receiver) for each in run.deliveries),
        gated_sends=Counter(
            (each.sender, each.receiver)
            for each in run.deliveries
            if each.round <= run.settings.rounds
        ),
        lineage=lineage,
    )


def answered_before(run: TeamRun, gated: TeamResult) -> TeamResult:
    """Return a gated run's answer with the bill of its check, which a limit cut short.

    The limit was one on the check alone, so the asker need not have less of it.
    """
    run.warn(
        f"a limit cut the check of the gate short, so the answer is that of the gated run "
        f"{gated.run_id}"
    )
    return replace(
        result_of(run),
        answer=gated.answer,
        confidence=gated.confidence,
        confidence_set=gated.confidence_set,
        citations=gated.citations,
        lineage=gated.lineage,
        stop_reason=gated.stop_reason,
    )


def _answers_held(run: TeamRun) -> tuple[SetMember, ...]:
    """Return the different answers that members hold, surest first: no set of a promised level."""
    best: dict[str, float] = {}
    for book in run.notebooks:
        if book.answer is not None:
            sure = max(best.get(book.answer.value, 0.0), book.answer.confidence)
            best[book.answer.value] = round(sure, 4)
    ranked = sorted(best.items(), key=lambda pair: -pair[1])
    return tuple(SetMember(text=text, probability=sure) for text, sure in ranked)


def _citations(lineage: Sequence[Claim]) -> tuple[Citation, ...]:
    """Return the words that the lineage rests on, each once, with the claim's id."""
    found: list[Citation] = []
    for claim in lineage:
        cited = claim.citation
        if cited is not None and not any(_overlap(cited, known) for known in found):
            found.append(replace(cited, id=claim.id))
    return tuple(found)


def _overlap(one: Citation, other: Citation) -> bool:
    return one.source == other.source and one.start < other.end and other.start < one.end


def _model(run: TeamRun) -> str:
    used = dict.fromkeys(name for name in run.models.values() if name)
    return f"team of {len(run.members)} ({', '.join(used)})" if used else ""
