"""Features of candidate spans: numbers, small classes, and hashed words."""

from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from .candidates import (
    CAPITAL,
    MONTH,
    NUMBER,
    NUMBER_WORD,
    STOP,
    UNIT,
    WORD,
    YEAR,
    Spans,
)
from .lexicon import KindGroup, QuestionKind, group_of
from .span_columns import count_inside, dense_columns
from .tokens import Context, FloatArray, IntArray
from .word_classes import WordClass

KINDS, SHAPES, CONTEXTS, GROUPS = len(QuestionKind), 14, len(Context), len(KindGroup)
CLASSES = len(WordClass)
FIELD_SIZES = (
    KINDS * SHAPES,
    CONTEXTS,
    CONTEXTS,
    GROUPS * CONTEXTS,
    GROUPS * CONTEXTS,
    SHAPES,
    KINDS,
    CONTEXTS,
    CONTEXTS,
    KINDS * CLASSES,
    KINDS * CLASSES,
)
"""Classes of each small field, in the order of `_fields`."""
HASH_BITS = 15
_PRIME = 0x9E3779B1


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Features of the spans, one row a span."""

    dense: FloatArray
    """Numbers, most of them 0 to 1."""
    fields: NDArray[np.int32]
    """One column for each small field, already offset into one table."""
    hashed: NDArray[np.int32]
    """One column for each pair of words, hashed."""


def features_of(spans: Spans) -> Features:
    """Return the features of candidate spans."""
    shape = _shapes(spans)
    return Features(
        dense=dense_columns(spans),
        fields=_fields(spans, shape),
        hashed=_hashed(spans, shape),
    )


def _shapes(spans: Spans) -> IntArray:
    """Return the shape of each span, 0 to 13."""
    flags = spans.frame.flags
    begin, end = spans.begin, spans.end
    length = end - begin + 1
    count = {
        row: count_inside(flags[row], begin, end) for row in (CAPITAL, NUMBER, STOP, MONTH, UNIT)
    }
    words = count_inside(flags[WORD], begin, end)
    number_words = count_inside(flags[NUMBER_WORD], begin, end)
    content = words - count[STOP]
    one, numbers, capitals = length == 1, count[NUMBER], count[CAPITAL]
    shapes = np.select(
        [
            one & flags[YEAR][begin],
            (count[MONTH] > 0) & (numbers > 0),
            one & flags[MONTH][begin],
            (numbers > 0) & (capitals == 0) & (count[UNIT] > 0),
            (numbers > 0) & (capitals == 0) & (numbers == content),
            (numbers > 0) & (capitals == 0),
            (number_words > 0) & (capitals == 0),
            one & (capitals == 1),
            (capitals == content) & (count[STOP] == 0) & (numbers == 0),
            (capitals == content) & (numbers == 0),
            (capitals > 0) & flags[CAPITAL][begin] & flags[CAPITAL][end],
            capitals > 0,
            one,
        ],
        np.arange(13),
        default=13,
    )
    return shapes.astype(np.int64)


def _neighbour(
    values: IntArray, at: IntArray, *, inside: NDArray[np.bool_], default: int
) -> IntArray:
    return np.where(inside, values[np.clip(at, 0, len(values) - 1)], default)


def _fields(spans: Spans, shape: IntArray) -> NDArray[np.int32]:
    frame, begin, end = spans.frame, spans.begin, spans.end
    kind, group = int(frame.question.kind), int(group_of(frame.question.kind))
    first, last = frame.first[begin], frame.last[begin]
    context = frame.contexts
    before = _neighbour(context, begin - 1, inside=begin > first, default=Context.BEGIN)
    after = _neighbour(context, end + 1, inside=end + 1 < last, default=Context.END)
    before2 = _neighbour(context, begin - 2, inside=begin - 1 > first, default=Context.BEGIN)
    after2 = _neighbour(context, end + 2, inside=end + 2 < last, default=Context.END)
    columns = [
        kind * SHAPES + shape,
        before,
        after,
        group * CONTEXTS + before,
        group * CONTEXTS + after,
        shape,
        np.full_like(shape, kind),
        before2,
        after2,
        kind * CLASSES + frame.classes[end],
        kind * CLASSES + frame.classes[begin],
    ]
    offsets = np.concatenate([[0], np.cumsum(FIELD_SIZES)[:-1]])
    return (np.stack(columns, axis=1) + offsets).astype(np.int32)


def _hashed(spans: Spans, shape: IntArray) -> NDArray[np.int32]:
    frame, begin, end = spans.frame, spans.begin, spans.end
    question = frame.question
    first, last = frame.first[begin], frame.last[begin]
    codes = frame.codes
    before = _neighbour(codes, begin - 1, inside=begin > first, default=1)
    after = _neighbour(codes, end + 1, inside=end + 1 < last, default=2)
    before2 = _neighbour(codes, begin - 2, inside=begin - 1 > first, default=1)
    kind, head = f"kind{int(question.kind)}", f"head{question.head}"
    cue = f"cue{question.cues[0] if question.cues else ''}"
    pairs = [
        (kind + "<", before),
        (kind + ">", after),
        (kind + "[", codes[begin]),
        (kind + "]", codes[end]),
        (head + "<", before),
        (head + "]", codes[end]),
        (head + "[", codes[begin]),
        (cue + "<", before),
        (cue + ">", after),
        (cue + "<<", before2),
        (kind + "<<", before2 * 31 + before),
        (cue + "]", codes[end]),
        (head + "s", shape),
        (head + "c", frame.classes[end]),
        (cue + "s", shape),
    ]
    columns = [_bucket(name, values) for name, values in pairs]
    return np.stack(columns, axis=1).astype(np.int32)


def _bucket(name: str, values: IntArray) -> IntArray:
    mixed = (values ^ crc32(name.encode("utf-8", "surrogatepass"))) & 0xFFFFFFFF
    mixed = (mixed * _PRIME) & 0xFFFFFFFF
    return (mixed ^ (mixed >> 15)) & ((1 << HASH_BITS) - 1)
