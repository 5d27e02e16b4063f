"""The evolving report: all that a run carries from round to round in words."""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How sure a finding is (IterResearch, arXiv 2511.07327, prompt of appendix E)."""

    CONFIRMED = "confirmed"
    INFERRED = "inferred"
    HYPOTHESIS = "hypothesis"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One statement of a report, with the evidence that bears it."""

    statement: str
    """The statement; for a reasoner that extracts, the very words of the page."""
    evidence_id: str
    """The evidence that bears it."""
    title: str = ""
    """Title of the document that it comes from."""
    hop: int = 0
    """How many follow-up searches led to it."""
    score: float | None = None
    """Relevance to the question, as the finder ranks it."""
    standing: Standing = Standing.CONFIRMED
    """How sure it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is known so far: a model writes prose, an extractive reasoner lists findings."""

    prose: str = ""
    """Running text."""
    findings: tuple[Finding, ...] = ()
    """Single statements, most important first."""
    tried: tuple[str, ...] = ()
    """Actions already taken, failed ones too, oldest first; a short phrase each."""

    @property
    def text(self) -> str:
        """The report as a model reads it."""
        lines = [self.prose] if self.prose else []
        lines += [
            f"- [{f.evidence_id}] {f.title + ': ' if f.title else ''}{f.statement} ({f.standing})"
            for f in self.findings
        ]
        if self.tried:
            lines.append("Tried: " + "; ".join(self.tried))
        return "\n".join(lines)
