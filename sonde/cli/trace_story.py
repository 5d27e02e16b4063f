"""The story of a run, round by round, from its journal and its evidence."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from ..agents.record import RunRecord, replay
from ..memory.evidence import EvidenceStore
from ..memory.home import RunFolder
from ..memory.journal import read_journal
from ..records.belief_events import UncertaintyMeasured
from ..records.decision import Decision
from ..records.errors import SetupError
from ..records.events import Event, RoundStarted, RunResumed, RunStarted
from ..records.result import MODEL_FAILED, Result
from .going_on import way_on
from .team_steps import team_step
from .trace_steps import Step, step_of

_SETTINGS = {
    "memory": "memory policy {}",
    "belief": "belief {}",
    "workspace_tokens": "prompts of at most {:,} tokens",
    "seed": "seed {}",
    "policy": "query policy {}",
}
"""Settings of a run that shape it, in words."""
_Stored = TypeVar("_Stored")


@dataclass(slots=True, kw_only=True)
class RoundStory:
    """One round; round 0 is what came before the first."""

    number: int
    """Its number."""
    workspace_tokens: int | None = None
    """Tokens of the rendered workspace."""
    wall_s: float = 0.0
    """Seconds that it took."""
    probability: float | None = None
    """Probability of the likeliest answer, at its end."""
    report: str = ""
    """The report as the round rewrote it."""
    steps: list[Step] = field(default_factory=list[Step])
    """What happened, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that a trace tells."""

    run_id: str
    """Id of the run."""
    question: str
    """What was asked."""
    started_at: datetime
    """When, by this machine's clock."""
    settings: Sequence[str]
    """How the run was set up, in words."""
    rounds: Sequence[RoundStory]
    """Its rounds."""
    result: Result | None
    """What came of it; None where it has not ended."""
    journal_note: str | None
    """What is wrong with the journal, if something is."""
    way_on: str
    """How to go on with the run, should it not have ended."""


def story_of(folder: RunFolder) -> Story:
    """Read the story of a run.

    Raises:
        SetupError: Its journal or its evidence cannot be read.
    """
    contents = read_journal(folder.journal)
    record = replay(contents.events)
    if record.started is None:
        raise SetupError(f"run {folder.run_id} holds no readable start; there is nothing to tell")
    rounds = _rounds_of(folder, contents.events, record)
    broken = contents.unreadable_lines + bool(contents.torn_bytes)
    return Story(
        run_id=folder.run_id,
        question=record.started.question,
        started_at=datetime.fromtimestamp(record.started.at).astimezone(),
        settings=list(_settings(record.started)),
        rounds=rounds,
        result=record.stopped,
        journal_note=f"{broken} lines of the journal cannot be read" if broken else None,
        way_on=way_on(record.started),
    )


def _rounds_of(
    folder: RunFolder, events: Sequence[Event], record: RunRecord
) -> Sequence[RoundStory]:
    """Return the rounds of a run: a team's from its journal alone, for it has no pages of its own.

    Raises:
        SetupError: The evidence of an agent's run is gone.
    """
    if record.started is not None and "team" in record.started.settings:
        return _team_rounds(events)
    if not folder.evidence.is_file():
        raise SetupError(f"run {folder.run_id} has lost its evidence store {folder.evidence}")
    store = EvidenceStore(folder.evidence)
    try:
        return _rounds(events, record, store)
    finally:
        store.close()


def _team_rounds(events: Sequence[Event]) -> Sequence[RoundStory]:
    rounds: dict[int, RoundStory] = {}
    before: float | None = None
    for event in events:
        story = rounds.setdefault(event.round, RoundStory(number=event.round))
        story.wall_s += 0.0 if before is None else max(0.0, event.at - before)
        before = event.at
        step = team_step(event) or step_of(event, decision=None, result=None)
        if step is not None:
            story.steps.append(step)
    return [rounds[number] for number in sorted(rounds) if rounds[number].steps]


def _rounds(
    events: Sequence[Event], record: RunRecord, store: EvidenceStore
) -> Sequence[RoundStory]:
    rounds: dict[int, RoundStory] = {}
    before: float | None = None
    for event in events:
        story = rounds.setdefault(event.round, RoundStory(number=event.round))
        if before is not None and not isinstance(event, RunResumed):
            story.wall_s += max(0.0, event.at - before)
        before = event.at
        _tell(story, event, record, store)
    return [rounds[number] for number in sorted(rounds) if rounds[number].steps]


def _tell(story: RoundStory, event: Event, record: RunRecord, store: EvidenceStore) -> None:
    if isinstance(event, RoundStarted):
        story.workspace_tokens = event.tokens
        return
    if isinstance(event, UncertaintyMeasured):
        story.probability = event.probability
    decision = _kept(lambda: _decision(event, record, store))
    if event.type == "decision.made" and decision is not None:
        story.report = decision.report.text
    result = _kept(lambda: record.result(event.round, store))
    step = step_of(event, decision=decision, result=result)
    if step is not None and not _is_told(step, story):
        story.steps.append(step)


def _is_told(step: Step, story: RoundStory) -> bool:
    """Return whether a warning of a failed model repeats what the failed call has told."""
    failure = step.words.removeprefix(MODEL_FAILED)
    is_failure = step.is_trouble and failure != step.words
    return is_failure and any(failure in each.words for each in story.steps)


def _decision(event: Event, record: RunRecord, store: EvidenceStore) -> Decision | None:
    """Return the decision that an event tells of; for the belief that follows it, the same."""
    forced = record.forced_decision(store)
    is_last = record.decisions and event.round >= max(record.decisions)
    if event.type == "decision.made" and event.is_forced:
        return forced
    own = record.decision(event.round, store)
    return own or (forced if is_last else None)


def _kept(fetch: Callable[[], _Stored]) -> _Stored | None:
    """Return what the store holds, or None where it was lost."""
    try:
        return fetch()
    except KeyError:
        return None


def _settings(started: RunStarted) -> Iterator[str]:
    settings = started.settings
    team = settings.get("team")
    if isinstance(team, dict):
        yield f"a team under the {team.get('gate')} gate, {team.get('decider')} decides"
    origin = settings.get("origin")
    if isinstance(origin, dict) and origin.get("model"):
        yield f"model {origin['model']}"
    for name, words in _SETTINGS.items():
        if settings.get(name) not in (None, "stated"):  # the reply's own belief goes unsaid
            yield words.format(settings[name])
    budget = settings.get("budget")
    if isinstance(budget, dict):
        yield from (f"limit of {v} in {k}" for k, v in budget.items() if v is not None)
