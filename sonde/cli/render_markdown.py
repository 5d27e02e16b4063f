"""A result as Markdown: the short answer first, then what carries it, then the bill."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

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
    warnings_in_words,
)

_MARKUP = re.compile(r"[*`<]|\](?=\()|\\(?=[!-/:-@\[-`{-~])")


class Marks(NamedTuple):
    """How words are set off, and strangers' words kept from it."""

    bold: str
    """Words in bold, with `{}` in their place."""
    escape: Callable[[str], str]
    """Makes a text of strangers stay text, on one line."""


def render_markdown(result: Result) -> str:
    """Return a result as Markdown."""
    return "\n".join(result_lines(result, Marks(bold="**{}**", escape=_plain))) + "\n"


def lead_without_answer(result: Result) -> str:
    """Return what stands where the answer would, and leads over to the passages, if any."""
    headline = headline_without_answer(result)
    if result.citations:
        return f"{headline} The closest passages:"
    is_search_over = result.stop_reason is StopReason.ABSTAINED
    return f"{headline} Nothing in it comes close." if is_search_over else headline


def result_lines(result: Result, marks: Marks) -> Iterator[str]:
    """Yield the lines of a result, with such marks."""
    if result.answer is None:
        yield lead_without_answer(result)
    else:
        yield printable(result.answer)
        if is_partial(result):
            yield ""
            yield "This is the best answer so far, not a finished one."
    yield from _citations(result, marks)
    yield ""
    steps = chain_in_words(result)
    if steps is not None:
        yield f"Steps: {marks.escape(steps)}"
    if result.answer is not None:
        yield f"Confidence: {confidence_in_words(result)}"
    others = rivals(result)
    if others is not None:
        yield f"Possible answers: {marks.escape(others)}"
    for warning in warnings_in_words(result):
        yield f"Warning: {marks.escape(warning)}"
    yield " · ".join(bill(result))


def _citations(result: Result, marks: Marks) -> Iterator[str]:
    numbered = len(result.citations) > 1
    for number, citation in enumerate(result.citations, start=1):
        yield ""
        head, indent = (f"{number}. ", "   ") if numbered else ("> ", "> ")
        yield head + _quote(citation, marks)
        yield f"{indent}({marks.escape(place_in_words(citation))})"


def _quote(citation: Citation, marks: Marks) -> str:
    parts = quote_parts(citation)
    before, answer, after = (_in_place(part, marks) for part in parts)
    return f"“{before}{marks.bold.format(answer) if answer else ''}{after}”"


def _in_place(text: str, marks: Marks) -> str:
    """Return a part of a quote with its white space at the ends as one blank."""
    lead = " " if text[:1].isspace() else ""
    trail = " " if text[-1:].isspace() and text.strip() else ""
    return lead + marks.escape(text) + trail


def _plain(text: str) -> str:
    """Return a stranger's text with what Markdown would take for markup escaped."""
    return _MARKUP.sub(r"\\\g<0>", one_line(text))
