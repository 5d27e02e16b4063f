"""Candidate spans: stretches of a sentence that could be a short answer."""

import re
import string
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .cells import Bounds, within_cells
from .frame import Frame
from .tokens import BoolArray, IntArray

_LONGEST = 10
"""Tokens of a span that holds a capital or a number."""
_LONGEST_LOW = 7
"""Tokens of a span of common words."""
_MOST_STOP_WORDS = 4
_ARTICLE = re.compile(r"\b(?:a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation + "“”‘’")
WORD, STOP, CAPITAL, NUMBER, NUMBER_WORD, MONTH, YEAR, UNIT, PARTICIPLE, BREAKING = range(10)
"""Rows of `Frame.flags`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Candidate spans of a frame; arrays run over the spans."""

    frame: Frame
    """Where they stand."""
    begin: IntArray
    """First token."""
    end: IntArray
    """Last token (inclusive)."""
    texts: tuple[str, ...]
    """The very words."""
    keys: tuple[str, ...]
    """The words as answers are compared."""


@lru_cache(maxsize=65_536)
def answer_key(text: str) -> str:
    """Return a text as short answers are compared: no case, punctuation or articles.

    >>> answer_key("The Trieste (ship)!")
    'trieste ship'
    """
    return plain_key(text)


def plain_key(text: str) -> str:
    """Return the same of a long text, which is not worth keeping."""
    return " ".join(_ARTICLE.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split())


def find_spans(frame: Frame) -> Spans:
    """Return all candidate spans, grouped by sentence."""
    begin, end = _bounds(frame)
    row: list[int] = frame.row[begin].tolist()
    bodies = [frame.passages[r.passage].source.text for r in frame.rows]
    cuts = zip(row, frame.starts[begin].tolist(), frame.ends[end].tolist(), strict=True)
    texts = tuple(bodies[r][start:stop] for r, start, stop in cuts)
    return Spans(
        frame=frame, begin=begin, end=end, texts=texts, keys=tuple(answer_key(t) for t in texts)
    )


def _bounds(frame: Frame) -> tuple[IntArray, IntArray]:
    flags = frame.flags
    inner = frame.first < np.arange(len(frame.tokens))
    can_bound = flags[WORD] & (~flags[STOP] | (flags[CAPITAL] & inner))
    can_end = can_bound | np.array([token.lower == "%" for token in frame.tokens])
    breaks = _running(flags[BREAKING] | _is_splitting_comma(frame))
    can_begin, can_end = within_cells(frame, Bounds(can_bound, can_end))
    stops, marked = _running(flags[STOP]), _running(flags[CAPITAL] | flags[NUMBER])
    asked = _running((frame.weight > 0) | ~flags[WORD] | flags[STOP])
    starts = np.flatnonzero(can_begin)
    found: list[tuple[IntArray, IntArray]] = []
    for length in range(1, _LONGEST + 1):
        begin = starts[starts + length <= frame.last[starts]]
        end = begin + length - 1
        keep = can_end[end] & (breaks[end + 1] == breaks[begin])
        keep &= stops[end + 1] - stops[begin] <= _MOST_STOP_WORDS
        if length > _LONGEST_LOW:
            keep &= marked[end + 1] > marked[begin]
        if not frame.question.has_choice:
            keep &= asked[end + 1] - asked[begin] < length
        found.append((begin[keep], end[keep]))
    begin = np.concatenate([b for b, _ in found])
    end = np.concatenate([e for _, e in found])
    order = np.lexsort((end, begin))
    return begin[order], end[order]


def _running(mask: BoolArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(mask)])


def _is_splitting_comma(frame: Frame) -> BoolArray:
    """Return which commas and stops no answer runs across: those before a common word."""
    following = np.append(frame.flags[CAPITAL] | frame.flags[NUMBER], [False])[1:]
    lowers = [token.lower for token in frame.tokens]
    is_comma = np.array([lower in (",", ":") for lower in lowers])
    lengths = np.array([0, *(len(lower) for lower in lowers[:-1])])
    is_stop = np.array([lower == "." for lower in lowers])
    return (is_comma & ~following) | (is_stop & (lengths > 3))
