"""An agent as a member of a team: its findings become claims, and claims become its notes."""

import re
from collections.abc import Sequence
from functools import lru_cache
from math import nextafter

from ...memory.home import RunFolder
from ...records.claims import ANSWER, Claim
from ...records.errors import SetupError
from ...records.evidence import Citation, Passage
from ...records.mistakes import mistaken
from ...records.stopping import StopReason
from ...text.relevance import relevance
from ...text.sentences import sentence_spans
from ...text.words import content_stems, words
from ..agent import Agent
from ..consultation import Consultation
from .member import Assignment, Work

_MOST_FINDINGS = 4
_LONGEST_FINDING = 420
"""Characters of a finding in a claim: about a hundred tokens."""
_LONGEST_REPORT = 800
_SURE = 0.5
"""From here on a member's answer leaves no question open."""
_NAME = re.compile(r"[A-Z][\w’'-]+(?:\s+(?:of|the|de|and)?\s*[A-Z0-9][\w’'-]*)*")
_MOST_NAMES = 6
_LONGEST_NAME = 40
NAME = re.compile(rf"[A-Za-z][\w-]{{0,{_LONGEST_NAME - 1}}}")
"""What a member may be called."""
_PASSAGES_TRIED = 3


class Member:
    """An agent with a name, and a word on what it knows, for a team."""

    def __init__(
        self, name: str, agent: Agent, *, role: str | None = None, profile: str | None = None
    ) -> None:
        """Make an agent a member.

        Args:
            name: Its name in the team, which no other member has.
            agent: The agent, with tools, corpus, model and budget of its own.
            role: What it is in the team; its name by default.
            profile: What it knows about, in words; its corpus speaks for it too.

        Raises:
            SetupError: The name cannot be used, or there is no agent.
        """
        if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance] -- a builder's
            raise mistaken("name", name, wanted="a text", example='Member("weather", agent)')
        if not isinstance(agent, Agent):  # pyright: ignore[reportUnnecessaryIsInstance] -- the same
            raise mistaken("agent", agent, wanted="an Agent", example='Member("weather", agent)')
        self._name = checked_name(name)
        self.agent = agent
        self._role = role or name
        self._profile = profile or ""
        self._able = lru_cache(256)(self._coverage)

    @property
    def name(self) -> str:
        """Its name, which no other member has."""
        return self._name

    @property
    def role(self) -> str:
        """What it is in the team."""
        return self._role

    @property
    def profile(self) -> str:
        """What it knows about, in words."""
        return self._profile

    def match(self, open_question: str) -> float:
        """Return the share of the open words that its profile or one of its passages covers."""
        return self._able(open_question)

    async def work(self, task: Assignment) -> Work:
        """Let the agent work on the question, with the others' claims as notes in its search."""
        notes = [note_of(claim) for claim in task.held if claim.agent != self._name]
        if not self.agent.sources.are_own and not notes:
            return Work(open_question=task.question, model=self.agent.sources.model_name)
        folder = task.folder / f"{task.folder.parent.name}-{self._name}-{task.round}"
        folder.mkdir(parents=True, exist_ok=True)
        done = await self.agent.consult(
            task.question, notes=notes, budget=task.budget, folder=RunFolder(folder)
        )
        claims = _claims(task, done)
        result = done.result
        failed = result.stop_reason is StopReason.PROVIDER_ERROR or done.is_salvaged
        return Work(
            claims=claims,
            open_question=_open_question(task.question, [*task.held, *claims]),
            usage=result.usage,
            cost_usd=result.cost_usd,
            run_id=result.run_id,
            model=result.model,
            cpu_s=result.cpu_s,
            warnings=result.warnings if failed else (),
        )

    def _coverage(self, open_question: str) -> float:
        wanted = set(content_stems(open_question))
        if not wanted:
            return 0.0
        corpus = self.agent.corpus
        pages = corpus.search(open_question, limit=_PASSAGES_TRIED) if corpus else []
        texts = [self._profile, *(f"{page.title} {page.text}" for page in pages)]
        return max(len(wanted.intersection(content_stems(text))) / len(wanted) for text in texts)


def checked_name(name: str) -> str:
    """Return a member's name, which must be able to name a node, a folder and a claim.

    Raises:
        SetupError: It cannot.
    """
    if not NAME.fullmatch(name):
        raise SetupError(
            f"a member's name is a letter with up to {_LONGEST_NAME - 1} letters, digits, - or _ "
            f"after it, not {name!r}"
        )
    return name


def note_of(claim: Claim) -> Passage:
    """Return a claim as a page that a search can find; it keeps the place that it was read at."""
    cited = claim.citation
    if cited is None:
        text = claim.value if claim.is_answer else f"{claim.subject}: {claim.value}"
        return Passage(
            source=f"claim {claim.id} of {claim.agent}",
            doc_id=claim.id,
            title=f"Note of {claim.agent}",
            text=text,
            start=0,
        )
    return Passage(
        source=cited.source,
        doc_id=cited.source,
        title=cited.title,
        text=cited.quote,
        start=cited.start,
    )


def _claims(task: Assignment, done: Consultation) -> tuple[Claim, ...]:
    """Return what was found, then the answer, which names what it rests on.

    What was salvaged from a reply that could not be read is no answer of a team: nobody would see
    that it was.
    """
    held = {_place(c.citation): c.id for c in task.held if c.citation is not None}
    found: dict[tuple[str, int, int], Claim] = {}
    for citation, score in _findings(task.question, done):
        place = _place(citation)
        if place in held or place in found:
            continue
        found[place] = task.claim(
            f"{citation.title} @{citation.start}",
            citation.quote,
            confidence=score,
            citation=citation,
        )
    claims = list(found.values())
    prose = done.report.prose.strip()
    if prose and not claims:
        claims.append(
            task.claim(f"report of {task.member}", prose[:_LONGEST_REPORT], confidence=0.5)
        )
    result = done.result
    if result.answer is not None and not done.is_salvaged:
        known = [*task.held, *claims]
        first = result.citations[0] if result.citations else None
        claims.append(
            task.claim(
                ANSWER,
                result.answer,
                confidence=_as_sure_as(task.held)
                if result.confidence is None
                else result.confidence,
                parents=_parents(result.citations, known),
                citation=first,
            )
        )
    return tuple(claims)


def _as_sure_as(held: Sequence[Claim]) -> float:
    """Return how sure an answer without a probability of its own counts.

    It was given with the others' answers in reach, so it stands just before the surest of them.
    """
    best = max((claim.confidence for claim in held if claim.is_answer), default=0.0)
    return max(_SURE, nextafter(best, 1.0))


def _findings(question: str, done: Consultation) -> list[tuple[Citation, float]]:
    """Return the cited words and the best sentences of the best findings, each once."""
    sure = _SURE if done.result.confidence is None else done.result.confidence
    found = [(each, sure) for each in done.result.citations]
    cited = {each.id for each in done.result.citations}
    for finding in done.report.findings:
        page = done.pages.get(finding.evidence_id)
        if page is None or finding.evidence_id in cited or len(found) >= _MOST_FINDINGS:
            continue
        found.append((_best_words(page, question, finding.evidence_id), finding.score or 0.0))
    return found


def _best_words(page: Passage, question: str, evidence_id: str) -> Citation:
    """Return the stretch of whole sentences that has most to do with the question."""
    spans = sentence_spans(page.text)
    scores = relevance([page.text[s.start : s.end] for s in spans], question)
    best = scores.index(max(scores)) if scores else 0
    start, end = (spans[best].start, spans[best].end) if spans else (0, _LONGEST_FINDING)
    for span in spans[best + 1 :]:
        if span.end - start > _LONGEST_FINDING:
            break
        end = span.end
    return Citation(
        id=evidence_id,
        source=page.source,
        title=page.title,
        quote=page.text[start:end],
        start=page.start + start,
        end=page.start + end,
    )


def _parents(citations: Sequence[Citation], known: Sequence[Claim]) -> list[str]:
    """Return the claims whose words overlap with what an answer cites."""
    return [
        claim.id
        for claim in known
        if claim.citation is not None
        and not claim.is_answer
        and any(_overlap(claim.citation, cited) for cited in citations)
    ]


def _overlap(one: Citation, other: Citation) -> bool:
    return one.source == other.source and one.start < other.end and other.start < one.end


def _place(citation: Citation | None) -> tuple[str, int, int]:
    return ("", 0, 0) if citation is None else (citation.source, citation.start, citation.end)


def _open_question(question: str, held: Sequence[Claim]) -> str | None:
    """Return the words of the question that nothing held covers, and the names found on the way."""
    answers = [claim for claim in held if claim.is_answer]
    if any(claim.confidence >= _SURE for claim in answers):
        return None
    texts = [claim.value for claim in held if not claim.is_answer]
    covered = {stem for text in texts for stem in content_stems(text)}
    left = [word for word in words(question) if not covered.issuperset(content_stems(word))]
    asked = set(words(question))
    names = [name for text in texts for name in _NAME.findall(text) if name.lower() not in asked]
    return " ".join([*left, *list(dict.fromkeys(names))[:_MOST_NAMES]]) or None
