"""A result as Markdown: the short answer first, then what carries it, then the bill."""

import re
from collections.abc import Iterator

from ..records.evidence import Citation
from ..records.result import Result
from ..records.stopping import StopReason
from .printable import one_line, printable
from .quoting import place_in_words, quote_parts
from .wording import (
    bill,
    chain_in_words,
    confidence_in_words,
    headline_without_answer,
    is_partial,
    rivals,
)

_MARKUP = re.compile(r"[*`<]|\](?=\()|\\(?=[!-/:-@\[-`{-~])")


def render_markdown(result: Result) -> str:
    """Return a result as Markdown that reads well in a terminal too."""
    return "\n".join(_lines(result)) + "\n"


def lead_without_answer(result: Result) -> str:
    """Return what stands where the answer would, and leads over to the passages, if any."""
    headline = headline_without_answer(result)
    if result.citations:
        return f"{headline} The closest passages:"
    is_search_over = result.stop_reason is StopReason.ABSTAINED
    return f"{headline} Nothing in it comes close." if is_search_over else headline


def _lines(result: Result) -> Iterator[str]:
    if result.answer is None:
        yield lead_without_answer(result)
    else:
        yield printable(result.answer)
        if is_partial(result):
            yield ""
            yield "This is the best answer so far, not a finished one."
    yield from _citations(result)
    yield ""
    steps = chain_in_words(result)
    if steps is not None:
        yield f"Steps: {_plain(steps)}"
    if result.answer is not None:
        yield f"Confidence: {confidence_in_words(result)}"
    others = rivals(result)
    if others is not None:
        yield f"Possible answers: {_plain(others)}"
    for warning in result.warnings:
        yield f"Warning: {_plain(warning)}"
    yield " · ".join(bill(result))


def _citations(result: Result) -> Iterator[str]:
    numbered = len(result.citations) > 1
    for number, citation in enumerate(result.citations, start=1):
        yield ""
        head, indent = (f"{number}. ", "   ") if numbered else ("> ", "> ")
        yield head + _quote(citation)
        yield f"{indent}({_plain(place_in_words(citation))})"


def _quote(citation: Citation) -> str:
    before, answer, after = (_plain(part) for part in quote_parts(citation))
    return f"“{before}{f'**{answer}**' if answer else ''}{after}”"


def _plain(text: str) -> str:
    """Return a stranger's text with what Markdown would take for markup escaped."""
    lead = " " if text[:1].isspace() else ""
    trail = " " if text[-1:].isspace() and text.strip() else ""
    return lead + _MARKUP.sub(r"\\\g<0>", one_line(text)) + trail
