"""From what happened in an attempt to its record."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...costs.bill import bill_as_json
from ...costs.ledger import Ledger
from ...records.attempt import Attempt, AttemptStatus
from ...records.events import Event, ModelCalled, ModelRetried, RunStarted, ToolReturned
from ...records.json_types import JsonValue
from ...records.result import Result
from ...records.stopping import StopReason
from ...records.team_events import MemberWorked
from ...records.unknown import add_known
from ...records.usage import Usage, sum_usage
from ..suites.suite import Task
from .member_calls import MemberRun
from .spec import AttemptSpec

CUT = "cut_by_run"
"""Key of `detail` for an attempt that a limit of the whole run cut short: it is made again once
that limit is raised, and scored on its last answer until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What is known of an attempt before it begins."""

    spec: AttemptSpec
    """What it is an attempt at."""
    suite_sha256: str
    """Content of the suite."""
    task: Task | None = None
    """The task; None where only its id is known."""

    def attempt(self, status: AttemptStatus) -> Attempt:
        """Return a record that tells no more than this."""
        return Attempt(
            suite_sha256=self.suite_sha256,
            task_id=self.spec.key.task_id,
            epoch=self.spec.key.epoch,
            agent_sha256=self.spec.key.agent_sha256,
            retry=self.spec.retry,
            status=status,
            level=self.task.level if self.task else None,
            cluster=self.task.cluster if self.task else None,
        )


def ended(
    frame: Frame, result: Result, events: Sequence[Event], *, members: Sequence[MemberRun] = ()
) -> Attempt:
    """Return the record of an attempt that came to its end; it is not scored yet.

    A model that failed is an `error`: an infrastructure that breaks is no wrong answer. A model
    that answered and could not be understood is the agent's own failure.
    """
    is_broken = result.stop_reason is StopReason.PROVIDER_ERROR and _last_call_failed(events)
    return replace(
        frame.attempt("error" if is_broken else "unscored"),
        run_id=result.run_id,
        prediction=result.answer,
        stop_reason=result.stop_reason,
        confidence=result.confidence,
        rounds=result.rounds,
        steps=result.steps,
        usage=result.usage,
        cost_usd=result.cost_usd,
        billed_usd=result.cost_usd,
        text_bytes=_text_bytes(_with_members(events, members)),
        wall_s=result.wall_s,
        cpu_s=result.cpu_s,
        error=_last_warning(result) if is_broken else None,
        detail={"model": result.model, **_hops(frame.task), **_counts(events, members)},
    )


def broken_off(
    frame: Frame,
    events: Sequence[Event],
    *,
    status: AttemptStatus,
    members: Sequence[MemberRun] = (),
    wall_s: float | None = None,
    error: str | None = None,
) -> Attempt:
    """Return the record of an attempt that did not end, with what its calls took.

    Tokens of a call that was under way are unknown, and so is their sum; `detail` tells what is
    known of it and the most that it can be.
    """
    ledger = Ledger()
    booked = _with_members(events, members)
    for event in booked:
        ledger.book(event)
    lost = ledger.close_sitting()
    is_told = not _has_untold_work(events, members)
    known = sum_usage(_usages(booked))
    detail: dict[str, JsonValue] = dict(_counts(events, members))
    if lost:
        detail |= {
            "lost_calls": lost,
            "known_tokens": known.total,
            "known_usd": _known_usd(booked),
            "tokens_at_most": ledger.tokens_at_most,
            "usd_at_most": ledger.usd_at_most,
        }
    started = next((event for event in events if isinstance(event, RunStarted)), None)
    return replace(
        frame.attempt(status),
        run_id=started.run_id if started else None,
        rounds=ledger.rounds,
        steps=ledger.tool_calls,
        usage=ledger.usage if is_told else Usage.unknown(),
        cost_usd=ledger.cost_usd if is_told else None,
        billed_usd=ledger.cost_usd if is_told else None,
        wall_s=wall_s,
        error=error,
        detail=detail,
    )


def _with_members(events: Sequence[Event], members: Sequence[MemberRun]) -> list[Event]:
    return [*events, *(event for run in members for event in run.events)]


def _has_untold_work(events: Sequence[Event], members: Sequence[MemberRun]) -> bool:
    """Return whether a member worked whose calls stand nowhere."""
    told = {run.run_id for run in members}
    work = (event for event in events if isinstance(event, MemberWorked))
    return any(event.run_id not in told and event.usage.total != 0 for event in work)


def _usages(events: Sequence[Event]) -> list[Usage]:
    return [each.usage for each in events if isinstance(each, (ModelCalled, ModelRetried))]


def _known_usd(events: Sequence[Event]) -> float:
    calls = (each for each in events if isinstance(each, (ModelCalled, ModelRetried)))
    return sum(call.cost_usd for call in calls if call.cost_usd is not None)


def _counts(events: Sequence[Event], members: Sequence[MemberRun]) -> dict[str, JsonValue]:
    """Return how many calls, retries and uses of each tool there were, those of members too."""
    both = _with_members(events, members)
    tools = Counter(event.tool for event in both if isinstance(event, ToolReturned))
    return {
        "calls": sum(isinstance(event, ModelCalled) for event in both),
        "retries": sum(isinstance(event, ModelRetried) for event in both),
        "tools": dict(tools),
        **bill_as_json(events, [(run.member, run.events) for run in members]),
    }


def _hops(task: Task | None) -> dict[str, JsonValue]:
    hops = task.metadata.get("hops") if task else None
    return {} if hops is None else {"hops": hops}


def _text_bytes(events: Sequence[Event]) -> int | None:
    """Return the bytes that went into and came out of models; None where a call did not end."""
    calls = [event for event in events if isinstance(event, ModelCalled)]
    return add_known(*(call.text_bytes for call in calls))


def _last_call_failed(events: Sequence[Event]) -> bool:
    calls = [event for event in events if isinstance(event, ModelCalled)]
    return not calls or calls[-1].error is not None


def _last_warning(result: Result) -> str:
    told = result.failure or (result.warnings[-1] if result.warnings else None)
    return told or "the model failed"
