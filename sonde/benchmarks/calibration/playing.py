"""Playing one episode: what the agent believed at each decision, beside the truth."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...agents.agent import Agent
from ...agents.record import replay
from ...agents.run import Listener
from ...memory.evidence import EvidenceStore
from ...memory.home import Home
from ...memory.journal import read_journal
from ...policies.calibration import Episode, Part
from ...records.belief import AnswerBelief
from ...records.result import Result
from ..scorers.score import ANSWER_ALONE, Scorer
from ..suites.suite import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The belief at one decision, against the truth."""

    probabilities: tuple[float, ...]
    """Of the truth first, then of every other entry of the belief. Where several candidates are
    right the likeliest of them is the truth: a set holds entries, not their sum."""
    confidence: float
    """Of the likeliest candidate; 0 where it is likelier that none is right."""
    is_right: bool
    """Whether the likeliest candidate is the truth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One finished episode."""

    task: Task
    """What was asked."""
    looks: tuple[Look, ...]
    """Decisions with a belief, in order; the last one is the end. Empty where there was none."""
    result: Result
    """What came of it."""

    def episode(self, part: Part) -> Episode:
        """Return the episode as a calibration keeps it; without a belief the truth was missed.

        Nothing is rounded: thresholds are themselves probabilities of some episode, and a run that
        ends with the very same belief has to reach them.
        """
        looks = self.looks or (_BLIND,)
        return Episode(
            task=self.task.id,
            part=part,
            confidences=tuple(look.confidence for look in looks),
            is_right=tuple(look.is_right for look in looks),
            true_probs=tuple(look.probabilities[0] for look in looks),
        )


async def play(
    agent: Agent, task: Task, *, home: Path, score: Scorer, listeners: Sequence[Listener] = ()
) -> Played:
    """Let the agent answer a task, and look at each of its beliefs.

    Raises:
        SetupError: Something must be mended first.
    """
    result = await agent.arun(task.input, listeners=listeners)
    looks = [look_at(belief, task, score) for belief in _beliefs(home, result.run_id)]
    return Played(task=task, looks=tuple(looks), result=result)


_BLIND = Look(probabilities=(0.0,), confidence=0.0, is_right=False)
"""What an episode without a belief holds likely: nothing, so no set of it holds the truth."""


def look_at(belief: AnswerBelief, task: Task, score: Scorer) -> Look:
    """Return a belief against the truth; where no candidate is right, "none of these" is."""
    right = [score(task, each.text, ANSWER_ALONE).value >= 1 for each in belief.candidates]
    chances = [each.probability for each in belief.candidates]
    entries = [*chances, belief.none_of_these]
    hits = [place for place, is_so in enumerate(right) if is_so]
    truth = max(hits, key=lambda place: chances[place], default=len(chances))
    return Look(
        probabilities=(entries[truth], *entries[:truth], *entries[truth + 1 :]),
        confidence=belief.held,
        is_right=bool(right) and right[0],
    )


def _beliefs(home: Path, run_id: str) -> Sequence[AnswerBelief]:
    """Return the beliefs of a run's decisions, in order; the forced answer's comes last."""
    folder = Home(home).run(run_id)
    record = replay(read_journal(folder.journal).events)
    store = EvidenceStore(folder.evidence)
    try:
        made = [record.decision(number, store) for number in sorted(record.decisions)]
        made.append(record.forced_decision(store))
    finally:
        store.close()
    return [each.belief for each in made if each is not None and each.belief is not None]
