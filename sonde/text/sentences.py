"""Sentences of a text, as spans, so that a quote can point at the very characters."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_BREAK = re.compile(
    r"[.!?…][\"'”’»)\]]*(?=\s+[\"'“‘«¿¡(\[]?([^\W_]))"  # a full stop before a word
    r"|[。！？][”’」』）]*"  # one that needs no space after it
    r"|\n[ \t\r]*\n"  # a blank line
    r"|\n(?=[ \t]*(?:[-*•#|]|\d+[.)])\s)"  # a list item, a heading, a table row
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“])(?:Mr|Mrs|Ms|Dr|Prof|St|Mt|Jr|Sr|Gen|Col|Capt|Lt|Sgt|Rev|Hon|Gov|Sen|Rep"
    r"|vs|etc|cf|ca|c|approx|No|no|vol|Vol|pp|p|fig|Fig|ed|eds|Inc|Ltd|Co|Corp|Bros|al|e\.g|i\.e"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|[A-Z]|(?:[A-Za-z]\.)+[A-Za-z])\.$"
)
_LONGEST = 2_000


class Span(NamedTuple):
    """A stretch of a text: `text[start:end]`."""

    start: int
    end: int


def sentence_spans(text: str) -> list[Span]:
    """Return the sentences of a text, without the white space around them.

    >>> t = "Dr. Piccard dived. It took 5 hours."
    >>> [t[s.start:s.end] for s in sentence_spans(t)]
    ['Dr. Piccard dived.', 'It took 5 hours.']
    """
    spans = [_strip(text, span) for span in _raw_spans(text)]
    return [piece for span in spans if span.start < span.end for piece in _bounded(text, span)]


def _raw_spans(text: str) -> Iterator[Span]:
    start = 0
    for match in _BREAK.finditer(text):
        end = match.end()
        if match[1] and match[1].islower():
            continue  # a sentence starts with a capital, a digit, or a letter without case
        is_stop = text[match.start()] == "."
        if is_stop and _ABBREVIATION.search(text[max(start, end - 16) : match.start() + 1]):
            continue
        yield Span(start, end)
        start = end
    yield Span(start, len(text))


def _strip(text: str, span: Span) -> Span:
    stretch = text[span.start : span.end]
    start = span.start + len(stretch) - len(stretch.lstrip())
    return Span(start, max(start, span.start + len(stretch.rstrip())))


def _bounded(text: str, span: Span) -> Iterator[Span]:
    """Yield the span in pieces of bounded length: a text without full stops is no sentence."""
    start = span.start
    while span.end - start > _LONGEST:
        cut = text.rfind(" ", start + 1, start + _LONGEST)
        end = cut if cut > start else start + _LONGEST
        yield Span(start, end)
        start = end + 1 if cut > start else end
    yield Span(start, span.end)
