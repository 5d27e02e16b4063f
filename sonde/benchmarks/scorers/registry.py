"""Scorers by their names."""

from collections.abc import Callable

from ...records.errors import SuiteError
from ...records.json_types import JsonObject, JsonValue
from ..scoring import exact_match, overlap
from ..suites.suite import Task
from .choice import choice_of
from .entities import required_entities, seeking
from .gaia import gaia_match
from .numeric import is_close, number_in
from .score import Obtained, Score, Scorer
from .sets import elements_of, set_overlap

_RELATIVE_TOLERANCE = 1e-6
"""For numeric tasks that state no tolerance: seven digits agree."""


def scorer(name: str) -> Scorer:
    """Return a scorer by its name.

    Raises:
        SuiteError: There is none of that name.
    """
    if name not in _SCORERS:
        raise SuiteError(f"no scorer {name!r}; there are: {', '.join(scorer_names())}")
    return _judging(_SCORERS[name])


def scorer_names() -> tuple[str, ...]:
    """Return the names of all scorers, sorted."""
    return tuple(sorted(_SCORERS))


def _judging(rule: Callable[[Task, str], tuple[float, JsonObject]]) -> Scorer:
    """Return a rule as a scorer, which tells the entities obtained beside every score."""

    def judge(task: Task, prediction: str | None, obtained: Obtained, /) -> Score:
        if not task.target:
            raise SuiteError(
                f"task {task.id!r} has no truth; run it unscored and hand in its submission"
            )
        value, detail = rule(task, prediction or "")
        required = required_entities(task.metadata.get("required"))
        found = seeking(required, obtained)
        if found is None:
            wanted = len(set(required)) or None
            return Score(value=value, detail=detail, entities_required=wanted)
        return Score(
            value=value,
            detail={**detail, **found.told()},
            entities_required=found.required,
            entities_found=found.found,
        )

    return judge


def _gaia(task: Task, said: str) -> tuple[float, JsonObject]:
    return float(any(gaia_match(said, truth) for truth in task.target)), {}


def _hotpot(task: Task, said: str) -> tuple[float, JsonObject]:
    best = max((overlap(said, truth) for truth in task.target), key=lambda each: each.f1)
    is_exact = any(exact_match(said, truth) for truth in task.target)
    return float(is_exact), {"f1": best.f1, "precision": best.precision, "recall": best.recall}


def _f1(task: Task, said: str) -> tuple[float, JsonObject]:
    is_exact, detail = _hotpot(task, said)
    return max(overlap(said, truth).f1 for truth in task.target), {**detail, "em": is_exact}


def _set(task: Task, said: str) -> tuple[float, JsonObject]:
    """Judge a set: the targets together are its elements, or one target lists them."""
    truths = list(task.target)
    wanted = truths if len(truths) > 1 else elements_of(truths[0])
    found = set_overlap(elements_of(said, known=wanted), wanted)
    return found.f1, {"precision": found.precision, "recall": found.recall}


def _choice(task: Task, said: str) -> tuple[float, JsonObject]:
    if not task.choices:
        raise SuiteError(f"task {task.id!r} has no choices; use another scorer for it")
    chosen = choice_of(said, task.choices)
    right = {choice_of(truth, task.choices) for truth in task.target}
    if None in right:
        raise SuiteError(f"task {task.id!r}: its truth {task.target} is none of its choices")
    return float(chosen in right), {"chosen": None if chosen is None else task.choices[chosen]}


def _numeric(task: Task, said: str) -> tuple[float, JsonObject]:
    truths = [number_in(truth) for truth in task.target]
    known = [truth for truth in truths if truth is not None]
    if len(known) < len(truths):
        raise SuiteError(f"task {task.id!r}: its truth {task.target} is not a number")
    absolute = _tolerance(task, "tolerance", default=0.0)
    relative = _tolerance(
        task, "relative_tolerance", default=0.0 if absolute else _RELATIVE_TOLERANCE
    )
    number = number_in(said)
    is_right = number is not None and any(
        is_close(number, truth, absolute=absolute, relative=relative) for truth in known
    )
    return float(is_right), {"number": number}


def _tolerance(task: Task, name: str, *, default: float) -> float:
    value: JsonValue = task.metadata.get(name)
    if value is None:
        return default
    if isinstance(value, str):
        value = number_in(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise SuiteError(f"task {task.id!r}: {name} must be a number of 0 or more")
    return float(value)


_SCORERS: dict[str, Callable[[Task, str], tuple[float, JsonObject]]] = {
    "choice": _choice,
    "f1": _f1,
    "gaia": _gaia,
    "hotpot": _hotpot,
    "numeric": _numeric,
    "set": _set,
}
