"""Choosing a round's action: a policy ranks the candidates by what they are expected to bring."""

from collections.abc import Sequence

from ..memory.workspace import Memory
from ..policies.confidence_set import entropy_nats
from ..records.belief import AnswerBelief
from ..records.belief_events import QueryChosen
from ..records.choice import Choice, ScoredAction
from ..records.decision import Decision
from ..records.tooling import Action, ToolKind
from .believing import is_fallback
from .chooser import MODEL
from .run import Run

_REPEATABLE = frozenset({ToolKind.COMPUTE, ToolKind.ASK, ToolKind.OTHER})
_MAX_REPEATS = 3
_LONGEST_WORDS = 200
_SPENT = "every proposed action had been done before; the search brings nothing new"


async def choose(run: Run, decision: Decision, memory: Memory) -> Choice:
    """Return what a round does; what was chosen before a break stands in the journal.

    The reasoner's own choice stands where the policy trusts it, where there is one candidate, and
    where there is no belief or no forecast to weigh the others by.
    """
    made = run.record.choices.get(run.round)
    if made is not None:
        return made
    choice, is_told = await _weigh(run, decision, memory)
    if is_told:
        run.emit(QueryChosen(at=run.now(), round=run.round, choice=choice))
    return choice


def chosen_action(run: Run, decision: Decision) -> Action | None:
    """Return the action that a round carries out; None where there is none."""
    made = run.record.choices.get(run.round)
    if made is not None:
        return None if made.chosen is None else decision.actions[made.chosen]
    places = open_actions(run, decision)
    return decision.actions[places[0]] if places else None


def open_actions(run: Run, decision: Decision) -> list[int]:
    """Return the places of the candidates that are worth doing.

    Looking the same thing up again brings nothing new, so a search is made once; another tool may
    be used the same way three times.
    """
    kinds = kinds_of(run)
    found: list[int] = []
    for place, action in enumerate(decision.actions):
        allowed = _MAX_REPEATS if kinds.get(action.tool, ToolKind.OTHER) in _REPEATABLE else 1
        if run.record.times_done_before(action, run.round) < allowed:
            found.append(place)
    return found


def kinds_of(run: Run) -> dict[str, ToolKind]:
    """Return the kind of each tool by name."""
    return {spec.name: spec.kind for spec in run.offered_tools()}


async def _weigh(run: Run, decision: Decision, memory: Memory) -> tuple[Choice, bool]:
    """Return the choice, and whether it is told: the reasoner's own goes without saying."""
    chooser = run.the_parts().chooser
    if certified := _certified(run, decision.belief):
        return certified, True
    places = open_actions(run, decision)
    if not places:
        return Choice(policy=chooser.name, chosen=None, reason=_SPENT, ends="no_gain"), False
    plain = _own_choice(run, decision, places)
    if chooser.name == MODEL:
        return plain, False
    from .weighing import weigh  # here: it loads scipy, and most runs weigh nothing

    return await weigh(run, decision, memory, plain), True


def _certified(run: Run, belief: AnswerBelief | None) -> Choice | None:
    """Return the choice to end the search where the certified confidence is reached."""
    chooser = run.the_parts().chooser
    if chooser.certifying is None or belief is None or is_fallback(run, belief):
        return None
    found = chooser.certifying.stop_verdict(belief)
    if found is None:
        return None
    return Choice(
        policy=chooser.name,
        chosen=None,
        reason=f"the certified confidence is reached: {found.reason}",
        entropy_before=_entropy(belief),
        ends="certified",
    )


def _own_choice(run: Run, decision: Decision, places: Sequence[int]) -> Choice:
    kinds, price = kinds_of(run), run.the_parts().chooser.ask_price
    return Choice(
        policy=run.the_parts().chooser.name,
        chosen=places[0],
        reason="the reasoner's first choice",
        candidates=tuple(
            _unscored(place, decision.actions[place], kinds, price) for place in places
        ),
        entropy_before=None if decision.belief is None else _entropy(decision.belief),
    )


def _unscored(
    place: int, action: Action, kinds: dict[str, ToolKind], ask_price: float
) -> ScoredAction:
    queries = action.arguments.get("queries")
    count = len(queries) if isinstance(queries, list) and queries else 1
    is_asking = kinds.get(action.tool) is ToolKind.ASK
    return ScoredAction(
        action=place,
        tool=action.tool,
        words=action_words(action),
        price=ask_price if is_asking else float(count),
    )


def action_words(action: Action) -> str:
    """Return what an action asks for, in words.

    >>> action_words(Action(tool="search", arguments={"queries": ["Alvin", "Trieste"], "limit": 8}))
    'Alvin | Trieste'
    """
    values = action.arguments.get("question") or action.arguments.get("queries")
    texts = values if isinstance(values, list) else [values]
    said = " | ".join(each for each in texts if isinstance(each, str))
    return (said or action.key)[:_LONGEST_WORDS]


def _entropy(belief: AnswerBelief) -> float:
    return entropy_nats([*(each.probability for each in belief.candidates), belief.none_of_these])
