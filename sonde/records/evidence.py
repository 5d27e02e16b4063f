"""Stretches of documents, and quotes from them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of a document: `document_text[start:end] == text`."""

    source: str
    """Where the document is: a path, `path.jsonl#doc_id`, or a URL."""
    doc_id: str
    """The document's id within its corpus."""
    title: str
    """The document's title."""
    text: str
    """The characters of the stretch."""
    start: int
    """Offset of its first character in the document's text."""
    score: float | None = None
    """Relevance as the finder ranks it; comparable within one result only."""
    evidence_id: str | None = None
    """Id in the run's evidence store (`e12`), once it stands there."""
    date: str | None = None
    """Day of publication as the document tells it, `YYYY-MM-DD`; None is unknown."""

    @property
    def end(self) -> int:
        """Offset after its last character in the document's text."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words that a reasoner says stand in a piece of evidence; not yet checked."""

    evidence_id: str
    """The evidence that is said to hold them."""
    text: str | None = None
    """The words; None leaves it to the code to pick the sentence that bears the answer."""
    emphasis: str | None = None
    """The part of the words that is the answer itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A quote that was found in the stored page: `document_text[start:end] == quote`."""

    id: str
    """Id of the evidence."""
    source: str
    """Where the document is."""
    title: str
    """The document's title."""
    quote: str
    """The very characters of the document."""
    start: int
    """Offset of the quote in the document's text."""
    end: int
    """Offset after the quote in the document's text."""
    emphasis: str | None = None
    """The part of the quote that is the answer itself."""
    date: str | None = None
    """Day of publication as the document tells it; None is unknown."""
