"""The reasoner that extracts: it searches, follows names, and answers in the passages' words."""

from collections.abc import Sequence
from time import thread_time

from ...records.decision import Decision, Draft, Work
from ...records.report import Finding, Report
from ...records.tooling import Action, ToolKind, ToolSpec
from ...records.view import View
from ..reasoner import Capability
from .belief import belief_of
from .drafting import abstention, draft_of
from .followup import follow_ups, opening_queries
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


class ExtractiveReasoner:
    """Retrieves, extracts and weighs: no network, no key, no tokens of a model.

    It remembers nothing between rounds: all that it knows stands in the view.
    """

    def __init__(self, weights: Weights | None = None) -> None:
        self._weights = weights if weights is not None else default_weights()

    @property
    def name(self) -> str:
        """Its name on the bill."""
        return "extractive"

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What it can do."""
        return frozenset({Capability.BELIEF, Capability.NO_CALLS})

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
        may_search = search is not None and not is_final and view.round <= _MOST_SEARCHES
        reading = read(view.question, knowledge.sources, self._weights)
        queries = self._next_queries(view, knowledge, reading, opening) if may_search else ()
        actions, draft = _move(search, queries, reading, is_opening=not knowledge.sources)
        return Decision(
            report=_report(knowledge, reading),
            belief=belief_of(reading),
            actions=actions,
            draft=draft,
            work=Work(cpu_s=thread_time() - began, passages_read=len(reading.material.passages)),
        )

    def _next_queries(
        self, view: View, knowledge: Knowledge, reading: Reading, opening: Sequence[str]
    ) -> tuple[str, ...]:
        untried = tuple(query for query in opening if query not in knowledge.tried)
        if untried and not knowledge.sources:
            return untried
        if not knowledge.sources or not is_worth_following(reading, view.round):
            return ()
        found = follow_ups(reading.material.question, reading.material.passages, knowledge.tried)
        return tuple(follow.query for follow in found)


def is_worth_following(reading: Reading, round_: int) -> bool:
    """Return whether a further search is expected to help."""
    if not reading.material.passages:
        return False
    covered = max(p.best_sentence for p in reading.material.passages)
    joint = max(p.partner_coverage for p in reading.material.passages)
    best = reading.answers[0].probability if reading.answers else 0.0
    if round_ >= 3:
        return joint < 0.75 and best < 0.3
    return not (covered > 0.8 or best > 0.6)


def _move(
    search: str | None, queries: Sequence[str], reading: Reading, *, is_opening: bool
) -> tuple[tuple[Action, ...], Draft | None]:
    if search is not None and queries:
        limit = _RESULTS if is_opening else _RESULTS_OF_FOLLOW_UP
        arguments = {"queries": list(queries), "limit": limit}
        return (Action(tool=search, arguments=arguments, prior=1.0),), None
    return (), draft_of(reading) if reading.answers else abstention(reading)


def _report(knowledge: Knowledge, reading: Reading) -> Report:
    """Return the best sources as findings, in the very words of their pages."""
    findings: list[Finding] = []
    room = _MOST_CHARACTERS
    for passage in reading.material.passages:
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
