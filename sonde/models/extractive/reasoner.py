"""The reasoner that extracts: it searches, follows names, and answers in the passages' words."""

from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from time import thread_time

from ...records.decision import Decision, Work
from ...records.report import Finding, Report
from ...records.tooling import Action, ToolKind, ToolSpec
from ...records.view import View
from ...text.language import foreign_language
from ..reasoner import Capability, Forecasts
from .belief import belief_of, in_doubt
from .drafting import abstention, draft_of
from .followup import FollowUp, follow_ups, opening_queries
from .knowledge import Knowledge, knowledge_of
from .question import analyse_question
from .reading import Reading, read
from .scorer import Weights, default_weights

_MOST_SEARCHES = 4
_MOST_FINDINGS = 14
_MOST_CHARACTERS = 14_000
"""Characters of all findings together: about 4,000 tokens of English."""
_RESULTS = 8
_RESULTS_OF_FOLLOW_UP = 12
_RESULTS_OF_ONE = 4


class ExtractiveReasoner:
    """Retrieves, extracts and weighs: no network, no key, no tokens of a model.

    It remembers nothing between rounds: all that it knows stands in the view.
    """

    def __init__(
        self,
        weights: Weights | None = None,
        *,
        is_batching: bool = True,
        most_searches: int = _MOST_SEARCHES,
        is_eager: bool = False,
    ) -> None:
        """Set it up; nothing is read yet.

        Args:
            weights: What was learned; the weights that ship with the package by default.
            is_batching: Whether all queries of a round go into one search. Else each is a candidate
                action of its own, for a policy to choose from.
            most_searches: Rounds in which it may search.
            is_eager: Whether it searches on while there is anything to follow, however sure it is;
                for measuring what a further search brings.
        """
        self._weights = weights if weights is not None else default_weights()
        self._is_batching = is_batching
        self._most_searches = most_searches
        self._is_eager = is_eager

    @property
    def name(self) -> str:
        """Its name on the bill."""
        return "extractive"

    @cached_property
    def version(self) -> str:
        """Digest of what was learned and how it searches: part of a calibration's fingerprint."""
        digest = sha256(repr((self._is_batching, self._most_searches, self._is_eager)).encode())
        for name in sorted(self._weights.arrays):
            digest.update(name.encode() + self._weights.arrays[name].tobytes())
        return digest.hexdigest()[:12]

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What it can do."""
        return frozenset(
            {Capability.BELIEF, Capability.FORECAST, Capability.NO_CALLS, Capability.ENGLISH}
        )

    def overhead_tokens(self, tools: Sequence[ToolSpec]) -> int:
        """Return 0: there is no prompt."""
        return 0

    async def decide(
        self, view: View, tools: Sequence[ToolSpec], *, is_final: bool = False
    ) -> Decision:
        """Decide one round; with `is_final` the decision must hold a draft answer."""
        began = thread_time()
        question = analyse_question(view.question, self._weights.statistics)
        opening = opening_queries(question)
        knowledge = knowledge_of(view, question, opening)
        search = next((tool.name for tool in tools if tool.kind is ToolKind.SEARCH), None)
        may_search = search is not None and not is_final and view.round <= self._most_searches
        reading = read(view.question, knowledge.sources, self._weights)
        follows = self._next_queries(view, knowledge, reading, opening) if may_search else ()
        actions = self._actions(search, follows, is_opening=not knowledge.sources)
        draft = None if actions else draft_of(reading) if reading.answers else abstention(reading)
        belief = belief_of(reading)
        return Decision(
            report=_report(knowledge, reading),
            belief=in_doubt(belief) if _is_foreign(view.question, reading) else belief,
            actions=actions,
            draft=draft,
            work=Work(cpu_s=thread_time() - began, passages_read=len(reading.material.passages)),
        )

    async def forecast(
        self, view: View, decision: Decision, actions: Sequence[Action]
    ) -> Forecasts | None:
        """Return what each search is expected to bring, from the passages at hand alone.

        The reader sees no index, so it cannot know whether a page exists: it knows which of its
        candidates stand beside the name that a query follows. See `forecast.py` for the model.
        """
        from .forecast import forecasts_of  # here: it loads scipy, and most runs forecast nothing

        del view
        return forecasts_of(decision, actions)

    def _next_queries(
        self, view: View, knowledge: Knowledge, reading: Reading, opening: Sequence[str]
    ) -> tuple[FollowUp, ...]:
        untried = tuple(
            FollowUp(query=query, weight=1.0) for query in opening if query not in knowledge.tried
        )
        if untried and not knowledge.sources:
            return untried
        is_going_on = self._is_eager or is_worth_following(reading, view.round)
        if self._is_batching:
            untried = ()  # they were all asked at once
        if not knowledge.sources or not (untried or is_going_on):
            return ()
        found = follow_ups(reading.material.question, reading.material.passages, knowledge.tried)
        return (*untried, *found)

    def _actions(
        self, search: str | None, follows: Sequence[FollowUp], *, is_opening: bool
    ) -> tuple[Action, ...]:
        """Return one search of all queries, or a search each with its share of the weight."""
        if search is None or not follows:
            return ()
        queries = [follow.query for follow in follows]
        if self._is_batching:
            limit = _RESULTS if is_opening else _RESULTS_OF_FOLLOW_UP
            return (
                Action(tool=search, arguments={"queries": [*queries], "limit": limit}, prior=1.0),
            )
        limit = _RESULTS if is_opening else _RESULTS_OF_ONE
        total = sum(follow.weight for follow in follows)
        return tuple(
            Action(
                tool=search,
                arguments={"queries": [follow.query], "limit": limit},
                prior=round(follow.weight / total, 4),
            )
            for follow in follows
        )


def _is_foreign(question: str, reading: Reading) -> bool:
    """Return whether the question, or what is likeliest to bear its answer, is not English."""
    pages = [passage.source.text for passage in reading.passages_by_worth()[:1]]
    return any(foreign_language(text) is not None for text in (question, *pages))


def is_worth_following(reading: Reading, round_: int) -> bool:
    """Return whether a further search is expected to help."""
    if not reading.material.passages:
        return False
    covered = max(p.best_sentence for p in reading.material.passages)
    joint = max(p.partner_coverage for p in reading.material.passages)
    best = reading.answers[0].probability if reading.answers else 0.0
    if round_ >= 3:
        return joint < 0.75 and best < 0.3
    return not is_enough(covered=covered, best=best)


def is_enough(*, covered: float, best: float) -> bool:
    """Return whether one search is enough.

    Args:
        covered: The largest share of the question that one sentence with its title holds.
        best: Probability of the likeliest answer.
    """
    return covered > 0.8 or best > 0.6


def _report(knowledge: Knowledge, reading: Reading) -> Report:
    """Return the best sources as findings, in the very words of their pages."""
    findings: list[Finding] = []
    room = _MOST_CHARACTERS
    for passage in reading.passages_by_worth():
        source = passage.source
        if len(findings) == _MOST_FINDINGS or len(source.text) > room:
            continue
        room -= len(source.text)
        findings.append(
            Finding(
                statement=source.text,
                evidence_id=source.evidence_id,
                title=source.title,
                hop=source.hop,
                score=round(passage.relevance, 4),
            )
        )
    return Report(findings=tuple(findings), tried=knowledge.tried)
