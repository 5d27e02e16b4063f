"""Citations that hold: every quote is found in the stored page, or it is not printed."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..records.evidence import Citation, Passage, Quote
from ..text.relevance import relevance
from ..text.sentences import Span, sentence_spans
from ..text.words import ACCENTS, folded, without_accents

_ID = r"e\d{1,12}"
_MARK = re.compile(rf"\s?[\[(]({_ID}(?:\s*[,;]\s*{_ID})*)[\])]", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\[\]()\"']+")
_CURLY = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00a0": " "})
_SHOWN = 80


class Checked(NamedTuple):
    """An answer with what survived the check."""

    text: str
    """The answer without marks and links that stand for nothing."""
    citations: tuple[Citation, ...]
    """Quotes that were found."""
    dropped: tuple[str, ...]
    """What was dropped, in words."""


def check_answer(
    text: str,
    quotes: Sequence[Quote],
    *,
    find_page: Callable[[str], Passage | None],
    question: str,
) -> Checked:
    """Keep the quotes that stand in their pages, and take out of the text what does not hold.

    Args:
        text: The answer, with marks such as `[e3]`.
        quotes: What the reasoner says it rests on.
        find_page: Returns a stored page by its id.
        question: The question, to choose a sentence by where only an id is given.
    """
    asked = [*quotes, *_marked(text, quotes)]
    citations: list[Citation] = []
    dropped: list[str] = []
    for quote in asked:
        page = find_page(quote.evidence_id)
        span = None if page is None else _locate(quote, page, f"{question} {text}")
        if page is None or span is None:
            dropped.append(_complaint(quote, is_page=page is not None))
            continue
        citation = _cite(quote, page, span)
        if citation not in citations:
            citations.append(citation)
    held = {citation.id for citation in citations}
    clean = _MARK.sub(lambda mark: _held_mark(mark, held), text)
    clean, links = _without_strange_links(clean, [find_page(each) for each in held])
    return Checked(clean, tuple(citations), tuple(dict.fromkeys([*dropped, *links])))


def find_words(words: str, text: str) -> Span | None:
    """Return where whole words stand in a text; white space, accents and quotes do not matter."""
    wanted = without_accents(words.strip()).translate(_CURLY)
    if not any(char.isalnum() for char in wanted):
        return None
    page = folded(text).translate(_CURLY)
    has_accents = re.search(ACCENTS, page) is not None
    parts = (_accented(part) if has_accents else re.escape(part) for part in wanted.split())
    pattern = r"\s+".join(parts)
    match = re.search(rf"(?<!\w){pattern}(?!\w|{ACCENTS})", page)
    return Span(*match.span()) if match else None


def _accented(part: str) -> str:
    """Return a pattern of a word after whose letters accents may stand, each by itself."""
    return "".join(re.escape(char) + (f"{ACCENTS}*" if char.isalpha() else "") for char in part)


def _marked(text: str, quotes: Sequence[Quote]) -> list[Quote]:
    """Return the ids that the text names and that come with no words of their own."""
    quoted = {quote.evidence_id for quote in quotes}
    named = dict.fromkeys(each for mark in _MARK.finditer(text) for each in _ids(mark))
    return [Quote(evidence_id=each) for each in named if each not in quoted]


def _ids(mark: re.Match[str]) -> list[str]:
    return re.findall(_ID, mark.group(1).lower())


def _held_mark(mark: re.Match[str], held: set[str]) -> str:
    """Return a mark with the ids that hold; nothing where none does."""
    ids = [each for each in _ids(mark) if each in held]
    space = mark.group()[: len(mark.group()) - len(mark.group().lstrip())]
    return f"{space}[{', '.join(ids)}]" if ids else ""


def _locate(quote: Quote, page: Passage, about: str) -> Span | None:
    if quote.text is not None:
        return find_words(quote.text, page.text)
    spans = sentence_spans(page.text)
    if not spans:
        return None
    scores = relevance([page.text[span.start : span.end] for span in spans], about)
    return spans[scores.index(max(scores))] if max(scores) > 0 else None


def _cite(quote: Quote, page: Passage, span: Span) -> Citation:
    words = page.text[span.start : span.end]
    marked = find_words(quote.emphasis, words) if quote.emphasis else None
    return Citation(
        id=page.evidence_id or quote.evidence_id,
        source=page.source,
        title=page.title,
        quote=words,
        start=page.start + span.start,
        end=page.start + span.end,
        emphasis=words[marked.start : marked.end] if marked else None,
        date=page.date,
    )


def _complaint(quote: Quote, *, is_page: bool) -> str:
    if not is_page:
        return f"citation dropped: there is no evidence {quote.evidence_id[:20]!r} in this run"
    if quote.text is None:
        return f"citation dropped: {quote.evidence_id} has nothing to do with the answer"
    words = quote.text[:_SHOWN]
    return f"citation dropped: {quote.evidence_id} does not hold the words {words!r}"


def _without_strange_links(text: str, pages: Sequence[Passage | None]) -> tuple[str, list[str]]:
    """Take out links that stand neither in a cited page nor above it."""
    known = " ".join(f"{page.source} {page.text}" for page in pages if page)
    strange = [link for link in _URL.findall(text) if link.rstrip(".,;:!?") not in known]
    for link in strange:
        text = text.replace(link, "[link removed]")
    return text, [f"link removed: {link[:_SHOWN]} is in no cited page" for link in strange]
