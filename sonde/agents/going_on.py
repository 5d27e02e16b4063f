"""How a stored run goes on under an agent: whose limits hold, and what has changed since."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import NamedTuple

from ..costs.budget import Budget
from ..records.stopping import StopReason
from .record import RunRecord
from .settings import RunSettings
from .sitting import settings_of


class GoingOn(NamedTuple):
    """A stored run as an agent takes it up."""

    settings: RunSettings
    """How it goes on."""
    is_taken_up: bool
    """Whether it goes on at all: it had not ended, or what had ended it is mended."""
    notes: tuple[str, ...]
    """What whoever resumes it should know."""


def going_on(record: RunRecord, *, own: RunSettings, budget: Budget | None) -> GoingOn:
    """Return how a stored run goes on.

    Limits that are given with the resumption replace those of the run. Without any, the agent's
    own count where they are wider, so that `Agent(budget=...)` frees a run that a limit stopped.

    Args:
        record: What the run has done so far.
        own: The settings of the agent that takes it up.
        budget: Limits that are given with the resumption; None where none are.

    Raises:
        SetupError: The run's settings cannot be read.
    """
    stored = settings_of(record)
    before = stored.budget
    limits = before.relaxed(own.budget) if budget is None else before.widened(budget)
    settings = replace(stored, budget=limits, model=own.model, corpus=own.corpus)
    notes = (*_changes(stored, own), *(_narrower(before, own.budget) if budget is None else ()))
    is_freed = budget is not None or _is_wider(record, before=before, after=limits)
    return GoingOn(settings, _may_go_on(record, is_freed=is_freed), notes)


def _may_go_on(record: RunRecord, *, is_freed: bool) -> bool:
    """Return whether a stored run goes on: unfinished, failed, or freed from its limit."""
    if record.stopped is None or record.stopped.stop_reason is StopReason.PROVIDER_ERROR:
        return True
    return is_freed and record.stopped.stop_reason.is_budget


def _is_wider(record: RunRecord, *, before: Budget, after: Budget) -> bool:
    """Return whether the limit that stopped a run is wider now."""
    limit = None if record.stopped is None else record.stopped.stop_reason.limit
    return limit is not None and getattr(before, limit) != getattr(after, limit)


def _changes(stored: RunSettings, own: RunSettings) -> Iterator[str]:
    """Yield what tells the agent from the one that began the run, as far as the run knows."""
    if stored.model not in (None, own.model):
        yield f"the run was begun with the model {stored.model}, and goes on with {own.model}"
    if stored.corpus not in (None, own.corpus):
        yield (
            f"the run was begun over {_places(stored.corpus)}, and goes on over "
            f"{_places(own.corpus)}; what it had found there still counts"
        )


def _places(corpus: tuple[str, ...] | None) -> str:
    return ", ".join(corpus or ()) or "no corpus"


def _narrower(stored: Budget, own: Budget) -> Iterator[str]:
    """Yield a note where the run may take more than the agent allows its own runs."""
    for each in fields(stored):
        limit, wish = getattr(stored, each.name), getattr(own, each.name)
        if wish is not None and (limit is None or limit > wish):
            told = "no limit" if limit is None else f"its limit of {limit:g}"
            yield (
                f"the run keeps {told} in {each.name}, wider than the agent's {wish:g}; "
                f"resume it with `budget=Budget({each.name}={wish:g})` to narrow it"
            )
