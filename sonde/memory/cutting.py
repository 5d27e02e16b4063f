"""Cutting text to a number of tokens: by relevance where it can, and always with a mark."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from ..records.evidence import Passage
from ..records.tooling import ToolResult
from ..text.relevance import relevance
from ..text.sentences import Span, sentence_spans

CountTokens: TypeAlias = Callable[[str], int]
"""Anything that counts the tokens of a text."""

GAP = "[… cut …]"
_CUT_NOTE = "[… about {n} tokens of this observation were cut; `recall` shows a page whole …]"
_RANK_BONUS = 0.25  # a passage that the finder put first is worth a quarter of full coverage
_TRIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedResult:
    """A tool's result, cut to what a round may hold."""

    text: str
    """What is left of it, as text with marks."""
    result: ToolResult | None
    """What is left of it, as data; None where nothing is."""
    is_cut: bool
    """Whether anything was left out."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    page: int
    span: Span
    score: float
    tokens: int


def clip(text: str, max_tokens: int, count_tokens: CountTokens) -> str:
    """Return the text, or its longest beginning that fits with a mark behind it.

    The empty string is returned where not even the mark fits.
    """
    if count_tokens(text) <= max_tokens:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if count_tokens(text[:middle] + GAP) <= max_tokens:
            low = middle
        else:
            high = middle - 1
    return text[:low] + GAP if low else ""


def clip_middle(text: str, max_tokens: int, count_tokens: CountTokens) -> str:
    """Return the text, or its beginning and end with a mark between them."""
    if count_tokens(text) <= max_tokens:
        return text
    head = clip(text, max_tokens // 2, count_tokens)
    tail_room = max_tokens - count_tokens(head)
    tail = clip(text[::-1], tail_room, count_tokens)[::-1].removeprefix(GAP[::-1])
    joined = head + tail
    return joined if count_tokens(joined) <= max_tokens else clip(text, max_tokens, count_tokens)


def cut_text(text: str, *, query: str, max_tokens: int, count_tokens: CountTokens) -> str:
    """Return the sentences of a text that have most to do with the query, in their own order."""
    fitted = fit_result(
        ToolResult(text=text), query=query, max_tokens=max_tokens, count_tokens=count_tokens
    )
    return fitted.text


def observation_text(result: ToolResult) -> str:
    """Return a result as a model reads it: what the tool says, then each page under its id."""
    parts = [result.text] if result.text else []
    parts += [f"{page_heading(page)}\n{page.text}" for page in result.passages]
    return "\n\n".join(parts)


def page_heading(page: Passage) -> str:
    """Return the line that stands above a page."""
    name = page.evidence_id or page.doc_id
    return f"[{name}] {page.title} ({page.source}, characters {page.start}-{page.end})"


def fit_result(
    result: ToolResult, *, query: str, max_tokens: int, count_tokens: CountTokens
) -> FittedResult:
    """Cut a result to at most `max_tokens`, keeping the sentences most relevant to the query.

    Sentences keep their order and their pages; every gap is marked, and a line at the end says how
    much is missing. What is left of a page comes back as one passage for each unbroken stretch.
    """
    whole = observation_text(result)
    tokens = count_tokens(whole)
    if tokens <= max_tokens:
        return FittedResult(text=whole, result=result, is_cut=False)
    note = _CUT_NOTE.format(n=tokens)
    room = max_tokens - count_tokens(note) - 2
    sentences = _scored_sentences(result, query, count_tokens)
    for _ in range(_TRIES):
        if room <= 0:
            break
        fitted = _with_best(result, sentences, room, count_tokens)
        kept = count_tokens(fitted.text)
        text = f"{fitted.text}\n{_CUT_NOTE.format(n=max(1, tokens - kept))}"
        if count_tokens(text) <= max_tokens:
            return replace(fitted, text=text)
        room = int(room * 0.9) - 1
    return FittedResult(
        text=clip(result.text or whole, max_tokens, count_tokens), result=None, is_cut=True
    )


def _scored_sentences(result: ToolResult, query: str, count_tokens: CountTokens) -> list[_Sentence]:
    """Return every sentence with its score; page -1 is what the tool itself says."""
    pages = [(-1, result.text), *enumerate(page.text for page in result.passages)]
    places = [(page, text, span) for page, text in pages for span in sentence_spans(text)]
    scores = relevance([text[span.start : span.end] for _, text, span in places], query)
    count = max(1, len(result.passages))
    return [
        _Sentence(
            page=page,
            span=span,
            score=score + _RANK_BONUS * (1 - max(0, page) / count),
            tokens=count_tokens(text[span.start : span.end]) + 1,
        )
        for (page, text, span), score in zip(places, scores, strict=True)
    ]


def _with_best(
    result: ToolResult, sentences: list[_Sentence], room: int, count_tokens: CountTokens
) -> FittedResult:
    gap = count_tokens(GAP) + 2
    headings = [count_tokens(page_heading(page)) + 2 for page in result.passages]
    chosen: list[_Sentence] = []
    opened = {-1}
    for sentence in sorted(sentences, key=lambda s: -s.score):
        opening = 0 if sentence.page in opened else headings[sentence.page]
        price = sentence.tokens + opening + gap
        if price <= room:
            room -= price
            opened.add(sentence.page)
            chosen.append(sentence)
    chosen.sort(key=lambda s: (s.page, s.span.start))
    return _rebuilt(result, chosen)


def _rebuilt(result: ToolResult, chosen: list[_Sentence]) -> FittedResult:
    says = _stretches(result.text, [s.span for s in chosen if s.page == -1])
    blocks = [_with_gaps(result.text, says)] if says else []
    passages: list[Passage] = []
    for number, page in enumerate(result.passages):
        stretches = _stretches(page.text, [s.span for s in chosen if s.page == number])
        if stretches:
            blocks.append(f"{page_heading(page)}\n{_with_gaps(page.text, stretches)}")
        passages += [
            replace(page, text=page.text[s.start : s.end], start=page.start + s.start)
            for s in stretches
        ]
    text = "\n\n".join(blocks)
    left = replace(result, text=_with_gaps(result.text, says), passages=tuple(passages))
    return FittedResult(text=text, result=left if blocks else None, is_cut=True)


def _stretches(text: str, spans: list[Span]) -> list[Span]:
    """Join sentences that stand next to each other into unbroken stretches."""
    joined: list[Span] = []
    for span in spans:
        if joined and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _with_gaps(text: str, stretches: list[Span]) -> str:
    parts: list[str] = []
    end = 0
    for stretch in stretches:
        if text[end : stretch.start].strip():
            parts.append(GAP)
        parts.append(text[stretch.start : stretch.end])
        end = stretch.end
    if parts and text[end:].strip():
        parts.append(GAP)
    return " ".join(parts)
