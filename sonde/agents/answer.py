"""The last node: an answer from what is known, its citations checked, and the bill."""

from dataclasses import replace
from typing import NamedTuple

from ..models.reasoner import Capability
from ..policies.confidence_set import highest_mass_set
from ..records.belief import AnswerBelief, SetRule
from ..records.decision import Decision, Draft
from ..records.errors import BudgetExceeded, ModelError, ModelUnreachable
from ..records.events import RunStopped
from ..records.evidence import Quote
from ..records.report import Report
from ..records.result import Certificate, Result, SetMember
from ..records.stopping import StopReason
from ..records.usage import Usage
from ..text.language import foreign_language
from ..text.words import content_stems, words
from .believing import is_fallback, settle, tell_belief, warn_if_unasked
from .citations import Checked, check_answer
from .deciding import decide_fitting, note_decision, written_down
from .run import Run
from .state import RunState


async def answer(state: RunState, run: Run) -> RunState:
    """End the run with the reasoner's draft, or with a forced one, or with the best belief."""
    if run.record.stopped is None:
        ended_by = state.get("stop", "")
        stop = StopReason(ended_by) if ended_by else None
        run.round = state.get("round", 0)
        decision = run.record.decision(run.round, run.store)
        if decision is None or decision.draft is None:
            decision = await _forced_decision(run, state, decision)
        if Capability.SIMULATED in run.the_parts().reasoner.capabilities:
            run.warn("a simulation stood in for a model: no figure of this run was measured on one")
        warn_if_unasked(run, decision)
        _tell_language(run, decision)
        result = replace(_result(run, decision, stop), stop_detail=state.get("detail") or None)
        if result.answer:
            run.tell_answer(result.answer)
        run.emit(RunStopped(at=run.now(), round=run.round, result=result))
        _note_score(run, decision.belief, result.stop_reason)
    result = run.record.stopped
    if result is None:
        raise RuntimeError(f"run {run.folder.run_id} did not note its own end")
    return RunState(
        next="",
        answer=result.answer,
        confidence=result.confidence,
        stop_reason=str(result.stop_reason),
    )


async def _forced_decision(run: Run, state: RunState, last: Decision | None) -> Decision:
    """Ask for an answer now, from the reserve; where even that fails, take the best belief.

    A server that could not be reached a moment ago is not asked once more.
    """
    made = run.record.forced_decision(run.store)
    run.is_final = True
    try:
        memory = run.memory_after(max(run.record.results, default=0), state.get("kept_turns", 0))
        if made is not None:
            return await settle(run, made, memory, is_forced=True)
        if state.get("detail") != ModelUnreachable.detail:
            decision = await decide_fitting(run, memory, ())
            return await written_down(run, decision, memory, is_forced=True)
    except (BudgetExceeded, ModelError) as err:
        if isinstance(err, BudgetExceeded):
            run.tell_limit(err)
        if not any(str(err) in told for told in run.warnings):  # the same failure is told once
            run.warn(f"no final answer could be asked for: {err}")
    finally:
        run.is_final = False
    decision = _from_belief(last or run.record.latest_decision(run.round, run.store))
    note_decision(run, decision, is_forced=True)
    tell_belief(run, decision)
    return decision


def _from_belief(last: Decision | None) -> Decision:
    """Return what the latest belief holds likeliest, as the answer."""
    belief = last.belief if last else None
    top = belief.top if belief else None
    report = last.report if last else Report()
    if top is None:
        draft = Draft(text="", is_abstention=True)
    else:
        quotes = tuple(Quote(evidence_id=each, emphasis=top.text) for each in top.evidence)
        draft = Draft(text=top.text, quotes=quotes)
    return Decision(report=report, belief=belief, draft=draft)


def _result(run: Run, decision: Decision, stop: StopReason | None) -> Result:
    draft = decision.draft or Draft(text="", is_abstention=True)
    checked = check_answer(draft.text, draft.quotes, find_page=run.store.get, question=run.question)
    for message in checked.dropped:
        run.warn(message)
    if draft.is_salvaged:
        run.warn("the last reply was not in the form asked for; the answer is what could be read")
    ended = StopReason.ABSTAINED if draft.is_abstention else StopReason.ANSWERED
    reason = stop or ended
    has_answer = bool(checked.text.strip()) and not draft.is_abstention
    answered = checked.text.strip() if has_answer else None
    claims = _claims(run, decision.belief, answer=answered, stop=reason)
    return replace(
        _bill(run),
        answer=answered,
        confidence=_confidence(checked, decision.belief) if has_answer else None,
        confidence_set=claims.members,
        certificate=claims.answer,
        set_certificate=claims.members_promise,
        set_rule=claims.rule,
        citations=checked.citations,
        stop_reason=reason,
        output=draft.data,
        warnings=tuple(run.warnings),
    )


def _tell_language(run: Run, decision: Decision) -> None:
    """Warn where a reader of English was asked, or answers, in another language."""
    draft = decision.draft
    if Capability.ENGLISH not in run.the_parts().reasoner.capabilities or draft is None:
        return
    pages = [run.store.get(quote.evidence_id) for quote in draft.quotes]
    found = "\n".join(page.text for page in pages if page is not None)
    for what, text in (("the question", run.question), ("what was found", found)):
        language = foreign_language(text)
        if language is not None:
            run.warn(
                f"{what} seems to be in {language}, and the offline reader reads English alone: "
                "trust it little, and ask a model that knows the language (`model=...`)"
            )


def _note_score(run: Run, belief: AnswerBelief | None, stop: StopReason) -> None:
    """Write the run's confidence down beside those of other runs under the same calibration.

    The limit of rounds is part of the calibrated setup; what any other limit cut short is no sign
    of drift.
    """
    scores = run.the_parts().run_time_scores
    is_whole = not stop.is_cut_short or stop is StopReason.BUDGET_ROUNDS
    if scores is not None and belief is not None and is_whole:
        scores.add(run.folder.run_id, belief.held)


class _Claims(NamedTuple):
    """What may be claimed at the end of a run."""

    members: tuple[SetMember, ...]
    answer: Certificate | None
    members_promise: Certificate | None
    rule: SetRule | None = None


def _claims(
    run: Run, belief: AnswerBelief | None, *, answer: str | None, stop: StopReason
) -> _Claims:
    """Return the confidence set, and what is promised of it and of the answer."""
    parts = run.the_parts()
    by_rule = belief.members() if belief is not None else None
    rule = belief.set_rule if belief is not None else None
    plain = _confidence_set(belief, parts.settings.alpha) if by_rule is None else by_rule
    certifying = parts.chooser.certifying
    if certifying is None:
        return _Claims(plain, None, None, rule)
    of_answer = certifying.answer_certificate(belief, answer=answer, stop=stop)
    of_set = certifying.set_certificate(belief, stop=stop)
    if is_fallback(run, belief):
        of_answer, of_set = _not_promised(run, of_answer), _not_promised(run, of_set)
    members = certifying.members(belief) if belief is not None and of_set.is_valid else None
    if members is None:
        return _Claims(plain, of_answer, of_set, rule)
    return _Claims(members, of_answer, of_set)


def _not_promised(run: Run, certificate: Certificate) -> Certificate:
    """Return what is left of a promise about beliefs of a source that gave none at the end."""
    if not certificate.is_valid:
        return certificate
    reason = (
        f"the last belief is the reply's own, and the promise is about those from "
        f"{run.the_parts().settings.belief}"
    )
    return replace(certificate, standing="uncertified", reason=reason)


def _bill(run: Run) -> Result:
    """Return a result that holds the bill and no answer yet."""
    reasoner = run.the_parts().reasoner
    is_metered = run.the_parts().is_metered
    is_free = Capability.NO_CALLS in reasoner.capabilities
    return Result(
        run_id=run.folder.run_id,
        question=run.question,
        answer=None,
        confidence=None,
        confidence_set=(),
        certificate=None,
        citations=(),
        stop_reason=StopReason.ABSTAINED,
        rounds=run.ledger.rounds,
        steps=run.ledger.tool_calls,
        usage=run.ledger.usage if is_metered else run.ledger.tool_usage or Usage.unknown(),
        cost_usd=run.ledger.cost_usd
        if is_metered
        else run.ledger.tool_cost_usd
        if is_free
        else None,
        wall_s=round(run.guard.elapsed_s, 3),
        cpu_s=None if is_metered else round(run.ledger.cpu_s, 3),
        model=reasoner.name,
    )


def _confidence(checked: Checked, belief: AnswerBelief | None) -> float | None:
    """Return the belief in the answer that is given; None where the belief does not name it."""
    if belief is None:
        return None
    said = words(checked.text)
    for candidate in belief.candidates:
        if words(candidate.text) == said:
            return round(candidate.probability, 4)
    top = belief.top
    if top is None or not content_stems(top.text):
        return None
    named = words(top.text)
    starts = range(len(said) - len(named) + 1)
    is_named = any(said[i : i + len(named)] == named for i in starts)
    return round(top.probability, 4) if is_named else None


def _confidence_set(belief: AnswerBelief | None, alpha: float) -> tuple[SetMember, ...]:
    if belief is None:
        return ()
    chosen = highest_mass_set([c.probability for c in belief.candidates], alpha=alpha)
    return tuple(
        SetMember(
            text=belief.candidates[i].text, probability=round(belief.candidates[i].probability, 4)
        )
        for i in chosen or ()
    )
