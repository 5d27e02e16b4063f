"""What a run has done so far, read from its journal: each finished step, so that none is redone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from ..memory.evidence import EvidenceStore
from ..records.belief_events import BeliefEstimated, QueryChosen, UncertaintyMeasured
from ..records.choice import Choice, RoundBelief
from ..records.decision import Decision
from ..records.events import (
    DecisionMade,
    Event,
    RunResumed,
    RunStarted,
    RunStopped,
    ToolCalled,
    ToolReturned,
)
from ..records.json_types import JsonObject, JsonValue
from ..records.result import Result
from ..records.tooling import Action, ToolResult

_DECISION = TypeAdapter(Decision)
_RESULT = TypeAdapter(ToolResult)


def decision_json(decision: Decision) -> str:
    """Return a decision as JSON, for the store."""
    return _DECISION.dump_json(decision).decode()


def result_json(result: ToolResult) -> str:
    """Return a tool's result as JSON, for the store."""
    return _RESULT.dump_json(result).decode()


@dataclass(slots=True)
class RunRecord:
    """Finished steps of a run, by round. `note` each event; the journal replayed gives the same."""

    decisions: dict[int, str] = field(default_factory=dict[int, str])
    """Digest of each round's decision."""
    actions: dict[int, Action] = field(default_factory=dict[int, Action])
    """The action that was begun in each round."""
    times_done: Counter[str] = field(default_factory=Counter[str])
    """How often each action was finished, by its key."""
    choices: dict[int, Choice] = field(default_factory=dict[int, Choice])
    """What a policy chose in each round."""
    beliefs: list[UncertaintyMeasured] = field(default_factory=list[UncertaintyMeasured])
    """The belief of each decision, in order."""
    forced: str | None = None
    """Digest of the answer that was forced after the search."""
    is_estimate_due: bool = False
    """Whether the source of beliefs was not asked about the latest decision yet."""
    is_belief_due: bool = False
    """Whether the belief of the latest decision was not written down yet."""
    has_failed_estimate: bool = False
    """Whether the source of beliefs gave nothing, once at least."""
    has_lost_source: bool = False
    """Whether the source of beliefs cannot be had from this model at all."""
    results: dict[int, str] = field(default_factory=dict[int, str])
    """Digest of each round's result."""
    at_hand: tuple[str, Decision | None] = ("", None)
    """Digest of the decision made last, and itself: it is asked for several times a round."""
    seconds: float = 0.0
    """Seconds of all sittings that are over."""
    started: RunStarted | None = None
    """How the run began."""
    settings: JsonObject = field(default_factory=dict[str, JsonValue])
    """The settings of the latest sitting."""
    stopped: Result | None = None
    """What came of it, if it ended."""

    def note(self, event: Event) -> None:
        """Take an event in."""
        if isinstance(event, DecisionMade | BeliefEstimated):
            self._note_decision(event)
        elif isinstance(event, ToolCalled):
            self.actions[event.round] = Action(tool=event.tool, arguments=event.arguments)
        elif isinstance(event, ToolReturned):
            self._note_result(event)
        elif isinstance(event, QueryChosen):
            self.choices[event.round] = event.choice
        elif isinstance(event, UncertaintyMeasured):
            self.beliefs.append(event)
            self.is_belief_due = False
        else:
            self._note_sitting(event)

    def _note_decision(self, event: DecisionMade | BeliefEstimated) -> None:
        """Take in a decision, or the same one with the belief that holds from here on."""
        if event.is_forced:
            self.forced = event.decision_id
        else:
            self.decisions[event.round] = event.decision_id
        if isinstance(event, DecisionMade):
            self.is_estimate_due = self.is_belief_due = True
        else:
            self.is_estimate_due = False
            self.has_failed_estimate |= event.problem is not None
            self.has_lost_source |= event.is_lasting

    def _note_sitting(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self.started = event
            self.settings = event.settings
        elif isinstance(event, RunResumed):
            self.settings = event.settings or self.settings
            if self.stopped is not None:  # it searches on, and will be asked anew for an answer
                self.stopped = None
                self.forced = None
            self.has_lost_source = False  # the server may be another one now
        elif isinstance(event, RunStopped):
            self.stopped = event.result

    def trail(self) -> tuple[RoundBelief, ...]:
        """Return the belief of each decision, and what a policy made of it."""
        after = [each.entropy_nats for each in self.beliefs[1:]]
        choices = dict(self.choices)
        return tuple(
            RoundBelief(
                round=each.round,
                belief=each.leaders,
                none_of_these=each.none_of_these,
                entropy_before=each.entropy_nats,
                entropy_after=left,
                choice=choices.pop(each.round, None),  # a forced answer has the round of its choice
                source=each.source,
            )
            for each, left in zip(self.beliefs, [*after, None], strict=False)
        )

    def times_done_before(self, action: Action, number: int) -> int:
        """Return how often an action was finished in rounds other than this one."""
        own = self.actions.get(number) if number in self.results else None
        return self.times_done[action.key] - (own is not None and own.key == action.key)

    def _note_result(self, event: ToolReturned) -> None:
        if not event.is_step:
            return
        action = self.actions.get(event.round)
        if action is not None and event.round not in self.results:
            self.times_done[action.key] += 1
        self.results[event.round] = event.result_id

    def decision(self, number: int, store: EvidenceStore) -> Decision | None:
        """Return a round's decision, or None where it was not finished."""
        digest = self.decisions.get(number)
        if digest is None or digest == self.at_hand[0]:
            return self.at_hand[1] if digest else None
        return _DECISION.validate_json(store.fetch(digest))

    def pending_round(self, store: EvidenceStore) -> int | None:
        """Return the last round where its action was decided and never carried out."""
        last = max(self.decisions, default=0)
        decision = self.decision(last, store) if last and last not in self.results else None
        return last if decision is not None and decision.draft is None else None

    def latest_decision(self, number: int, store: EvidenceStore) -> Decision | None:
        """Return the last decision up to a round, or None where there is none."""
        rounds = [made for made in self.decisions if made <= number]
        return self.decision(max(rounds), store) if rounds else None

    def forced_decision(self, store: EvidenceStore) -> Decision | None:
        """Return the forced answer, or None where none was finished."""
        return None if self.forced is None else _DECISION.validate_json(store.fetch(self.forced))

    def result(self, number: int, store: EvidenceStore) -> ToolResult | None:
        """Return a round's result, or None where it was not finished."""
        digest = self.results.get(number)
        return None if digest is None else _RESULT.validate_json(store.fetch(digest))

    def turn_rounds(self, last: int, count: int) -> list[int]:
        """Return the rounds of the latest turns up to a round, oldest first."""
        return sorted(n for n in self.results if n <= last)[-count:] if count else []

    def turns(
        self, numbers: Sequence[int], store: EvidenceStore
    ) -> list[tuple[Action, ToolResult]]:
        """Return what was done in some rounds, and what came of it."""
        found = ((self.actions.get(n), self.result(n, store)) for n in numbers)
        return [(action, result) for action, result in found if action and result]


def replay(events: Sequence[Event]) -> RunRecord:
    """Return the record that a journal's events give, with the seconds of its sittings.

    A sitting in which the clock was set back counts for as long as its events show, never below 0.
    """
    record = RunRecord()
    last: float | None = None
    for event in events:
        record.note(event)
        if last is not None and event.type not in ("run.started", "run.resumed"):
            record.seconds += max(0.0, event.at - last)
        last = event.at
    return record
