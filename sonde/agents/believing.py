"""The belief that a run goes by: as the reply states it, or as another source weighs it when asked.

A source is asked once for each decision that names a candidate: after the decision stands in the
journal, before a policy or a certificate looks at it. What it says stands there too, so that a
resumed run neither asks nor pays again.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final, get_args

from ..memory.workspace import Memory
from ..models.reasoner import Capability, Estimate, Estimator
from ..policies.confidence_set import entropy_nats, highest_mass_set
from ..records.belief import AnswerBelief, BeliefName
from ..records.belief_events import BeliefEstimated, UncertaintyMeasured
from ..records.decision import Decision
from ..records.errors import (
    BudgetExceeded,
    ContentFiltered,
    ModelError,
    ModelRefused,
    SetupError,
)
from .fitting import asked_fitting
from .record import decision_json
from .run import Run

STATED: Final = "stated"
"""The belief that stands in the reply itself: it takes no call."""
_PURPOSE = "belief"


def checked_belief(name: str, capabilities: Collection[Capability]) -> BeliefName:
    """Return a source of beliefs by its name.

    Raises:
        SetupError: There is none of that name, or the reasoner cannot be asked by it.
    """
    names: tuple[BeliefName, ...] = get_args(BeliefName)
    if name not in names:
        raise SetupError(f"no source of beliefs {name!r}; there are: {', '.join(names)}")
    if name != STATED and Capability.ESTIMATE not in capabilities:
        raise SetupError(
            f"beliefs from {name!r} need a chat model, and none is asked here; name one "
            '(`model=...`), or take the reader\'s own (`belief="stated"`)'
        )
    return names[names.index(name)]


async def settle(
    run: Run, decision: Decision, memory: Memory, *, is_forced: bool = False
) -> Decision:
    """Return a decision that stands in the journal, with the belief that the run goes by.

    What a run had settled before it broke off is not settled again.
    """
    if run.record.is_estimate_due and is_fallback(run, decision.belief):
        decision = await _estimated(run, decision, memory, is_forced=is_forced)
    tell_belief(run, decision)
    return decision


def tell_belief(run: Run, decision: Decision) -> None:
    """Write the belief of the latest decision into the journal in figures, once."""
    if decision.belief is not None and run.record.is_belief_due:
        run.emit(_uncertainty(run, decision.belief))


def warn_if_unasked(run: Run, last: Decision) -> None:
    """Tell that the source was not asked about the answer, where the reply named no candidate."""
    source = run.the_parts().settings.belief
    has_answer = last.draft is not None and not last.draft.is_abstention
    if source != STATED and last.belief is None and has_answer:
        run.warn(f"the reply named no candidate answers, so {source} was not asked about them")


def is_fallback(run: Run, belief: AnswerBelief | None) -> bool:
    """Return whether a belief is the reply's own although the run asks another source."""
    return (
        run.the_parts().settings.belief != STATED
        and belief is not None
        and belief.source == STATED
        and bool(belief.candidates)
    )


def corrected(run: Run, decision: Decision, *, is_forced: bool = False) -> Decision:
    """Return a decision with its belief at the calibrated temperature, where there is one."""
    certifying = run.the_parts().chooser.certifying
    if certifying is None or decision.belief is None:
        return decision
    before = len(run.record.decisions.keys() - (set() if is_forced else {run.round}))
    return replace(decision, belief=certifying.corrected(decision.belief, length=before))


@dataclass(frozen=True, slots=True)
class _Problem:
    """Why a source gave nothing."""

    words: str
    """The reason."""
    calls: int
    """Calls that were made all the same."""
    is_lasting: bool
    """Whether another call would end in the same way."""


async def _estimated(run: Run, decision: Decision, memory: Memory, *, is_forced: bool) -> Decision:
    """Return the decision as the run's source weighs it; as it is where the source cannot."""
    source = run.the_parts().settings.belief
    if run.record.has_lost_source:
        return decision
    before = run.ledger.calls
    found = await _asked(run, decision, memory, source)
    calls = max(found.calls, run.ledger.calls - before)  # those that were refused count too
    problem = found if isinstance(found, _Problem) else None
    if isinstance(found, Estimate):
        decision = corrected(run, replace(decision, belief=found.belief), is_forced=is_forced)
    elif not run.record.has_failed_estimate:
        run.warn(f"the belief is the reply's own, not from {source}: {found.words}")
    digest = run.store.put(decision_json(decision))
    run.record.at_hand = (digest, decision)
    run.emit(
        BeliefEstimated(
            at=run.now(),
            round=run.round,
            source=source,
            calls=calls,
            decision_id=digest,
            is_forced=is_forced,
            problem=problem.words if problem else None,
            is_lasting=bool(problem and problem.is_lasting),
        )
    )
    return decision


async def _asked(run: Run, decision: Decision, memory: Memory, source: str) -> Estimate | _Problem:
    """Return what the source says, or why it says nothing."""
    reasoner, belief = run.the_parts().reasoner, decision.belief
    if not isinstance(reasoner, Estimator) or belief is None:
        return _Problem(f"{reasoner.name} cannot be asked for it", calls=0, is_lasting=True)
    before = run.ledger.calls
    try:
        # With an answer at hand nothing need be kept for one.
        with run.calling(_PURPOSE, is_final=run.is_final or decision.draft is not None):
            return await asked_fitting(
                run, memory, lambda view: reasoner.estimate(view, belief, source=source)
            )
    except (BudgetExceeded, ModelError, SetupError) as err:
        calls = run.ledger.calls - before
        is_no = isinstance(err, ModelRefused) and not isinstance(err, ContentFiltered)
        is_lasting = is_no or (isinstance(err, SetupError) and calls > 0)
        return _Problem(str(err), calls=calls, is_lasting=is_lasting)


def _uncertainty(run: Run, belief: AnswerBelief) -> UncertaintyMeasured:
    probabilities = [candidate.probability for candidate in belief.candidates]
    chosen = highest_mass_set(probabilities, alpha=run.the_parts().settings.alpha)
    top = belief.top
    return UncertaintyMeasured(
        at=run.now(),
        round=run.round,
        top=top.text if top else None,
        probability=top.probability if top else None,
        entropy_nats=entropy_nats([*probabilities, belief.none_of_these]),
        set_size=None if chosen is None else len(chosen),
        none_of_these=belief.none_of_these,
        leaders=belief.leaders(),
        source=belief.source,
    )
