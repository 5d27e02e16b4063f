"""What a view of the workspace holds for a reader: sources, queries made, hops."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...records.tooling import Action
from ...records.view import View
from .excerpt import excerpt
from .passages import Source
from .question import Question
from .tokens import TokenTable, token_table

_COPIED = 0.9
"""Share of the words that two sources have in common before one counts as a copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """All that a view shows."""

    sources: tuple[Source, ...]
    """Sources, each once, those of the report first."""
    tried: tuple[str, ...]
    """Queries already made, oldest first."""


def knowledge_of(view: View, question: Question, first_queries: Sequence[str]) -> Knowledge:
    """Return what a view shows.

    Args:
        view: The view.
        question: Its question; of a long text only the part that has to do with it is read.
        first_queries: The queries that open a run on this question; what they find is hop 0.
    """
    found: dict[str, Source] = {}
    for finding in view.report.findings:
        if finding.statement.strip():
            found.setdefault(
                finding.evidence_id,
                Source(
                    evidence_id=finding.evidence_id,
                    title=finding.title,
                    text=excerpt(question, finding.statement),
                    hop=finding.hop,
                ),
            )
    tried = list(view.report.tried)
    for turn in view.turns:
        queries = queries_of(turn.action)
        is_opening = not queries or any(is_same_query(q, first_queries) for q in queries)
        hop = 0 if is_opening else 1 + max((s.hop for s in found.values()), default=0)
        for passage in turn.result.passages if turn.result is not None else ():
            if passage.evidence_id is not None and passage.text.strip():
                source = Source(
                    evidence_id=passage.evidence_id,
                    title=passage.title,
                    text=excerpt(question, passage.text),
                    hop=hop,
                )
                found[source.evidence_id] = _wider(source, found.get(source.evidence_id))
        tried.extend(q for q in queries if not is_same_query(q, tried))
    return Knowledge(sources=_without_copies(found.values()), tried=tuple(tried))


def _without_copies(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Return the sources without those that say the same as an earlier one.

    A copy would count as a second witness. Names and numbers must be the same, so that two rows
    of a table or two years of a report are no copies.
    """
    kept: list[Source] = []
    for source in sources:
        if not any(_is_copy(source, other) for other in kept):
            kept.append(source)
    return tuple(kept)


def _is_copy(source: Source, other: Source) -> bool:
    mine, theirs = token_table(source.text), token_table(other.text)
    shared = len(mine.stems & theirs.stems)
    if not shared or shared < _COPIED * len(mine.stems | theirs.stems):
        return False
    return _names(mine) == _names(theirs)


def _names(table: TokenTable) -> frozenset[str]:
    return frozenset(t.lower for t in table.tokens if t.is_capital or t.is_number)


def _wider(new: Source, old: Source | None) -> Source:
    """Return the longer of two stretches of one piece of evidence, at its first hop."""
    if old is None:
        return new
    text = new.text if len(new.text) >= len(old.text) else old.text
    return Source(evidence_id=old.evidence_id, title=old.title, text=text, hop=old.hop)


def queries_of(action: Action) -> tuple[str, ...]:
    """Return the queries of a search action; none for any other."""
    queries = action.arguments.get("queries")
    if isinstance(queries, str):
        return (queries,)
    if isinstance(queries, Mapping) or not isinstance(queries, Iterable):
        return ()
    return tuple(query for query in queries if isinstance(query, str))


def is_same_query(query: str, others: Iterable[str]) -> bool:
    """Return whether a query asks the same words as one of the others, in any order or case."""
    words = sorted(query.lower().split())
    return any(words == sorted(other.lower().split()) for other in others)
