"""Asking the person first: what the question leaves open, where the answer is worth its price."""

from collections.abc import Sequence

from ..memory.workspace import Memory
from ..models.reasoner import Capability, OpenSlots, SlotFinder
from ..records.bits import bits
from ..records.choice import Choice, ScoredAction
from ..records.decision import Decision
from ..records.errors import BudgetExceeded, ModelError
from ..records.report import Report
from ..records.tooling import Action, ToolKind
from .fitting import asked_fitting
from .run import Run

LEAST_RATE = 0.1
"""Nats that a question to the person must be expected to bring for each search that it costs."""
_CLARIFY = "clarify"


async def clarify(run: Run, memory: Memory) -> tuple[Decision, Choice] | None:
    """Return the decision to ask the person, as the run's first deed; None where there is no need.

    The open slots are held in a `FactoredBelief`. At most one question is asked, for the slot of
    highest expected gain; under `auto` only if that gain is worth the ask price.
    """
    parts = run.the_parts()
    how = parts.settings.clarify
    asking = next((each.name for each in run.offered_tools() if each.kind is ToolKind.ASK), None)
    reasoner = parts.reasoner
    if how == "never" or run.round > 1 or asking is None:
        return None
    if Capability.SLOTS not in reasoner.capabilities or not isinstance(reasoner, SlotFinder):
        return None
    try:
        with run.calling("clarify"):
            found = await asked_fitting(run, memory, reasoner.open_slots)
    except (BudgetExceeded, ModelError) as err:
        run.warn(f"nothing was clarified: {err}")
        return None
    return _worth_asking(found, asking, price=parts.chooser.ask_price, is_forced=how == "always")


def _worth_asking(
    found: OpenSlots, asking: str, *, price: float, is_forced: bool
) -> tuple[Decision, Choice] | None:
    """Return the decision to ask for the slot of most gain, or None where it is not worth it."""
    from ..policies.factored_belief import FactoredBelief  # here: it loads scipy

    if not found.slots:
        return None
    belief = FactoredBelief.start(found.slots, priors=[list(each) for each in found.priors])
    gains = belief.gains(range(len(found.slots))).values.tolist()
    order = sorted(range(len(gains)), key=lambda i: (-gains[i], i))
    best = gains[order[0]]
    if best / price < LEAST_RATE and not is_forced:
        return None
    actions = [_question(asking, found, i) for i in order]
    choice = Choice(
        policy=_CLARIFY,
        chosen=0,
        reason=(
            f"the question leaves {found.slots[order[0]].name!r} open: to know it is worth "
            f"{bits(best):.3f} bits, and asking costs {price:g} searches"
        ),
        candidates=_scored(actions, [gains[i] for i in order], price),
        entropy_before=belief.entropy,
        entropy_expected=max(0.0, belief.entropy - best),
        basis="slots that the model stated, taken as independent",
        calls=found.calls,
    )
    return Decision(report=Report(), actions=tuple(actions)), choice


def _question(asking: str, found: OpenSlots, place: int) -> Action:
    options = ", ".join(found.slots[place].values)
    return Action(
        tool=asking, arguments={"question": f"{found.questions[place]} (for example: {options})"}
    )


def _scored(
    actions: Sequence[Action], gains: Sequence[float], price: float
) -> tuple[ScoredAction, ...]:
    return tuple(
        ScoredAction(
            action=place,
            tool=action.tool,
            words=str(action.arguments["question"]),
            price=price,
            gain_nats=gain,
            standard_error=0.0,
            score=gain / price,
        )
        for place, (action, gain) in enumerate(zip(actions, gains, strict=True))
    )
