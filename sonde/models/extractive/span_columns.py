"""Numbers that describe candidate spans: what is covered, what is near, what is repeated."""

from collections import Counter
from math import fsum

import numpy as np
from numpy.typing import NDArray

from .answer_types import type_columns
from .candidates import (
    CAPITAL,
    MONTH,
    NUMBER,
    PARTICIPLE,
    STOP,
    UNIT,
    WORD,
    Spans,
    answer_key,
)
from .frame import Frame
from .passages import link_key
from .tokens import Context, FloatArray, IntArray

COVERAGE_COLUMN = 0
"""Where the coverage of a span's sentence stands in the rows of `dense_columns`."""
_WINDOW = 6


def dense_columns(spans: Spans) -> FloatArray:
    """Return the numbers of each span, one row a span."""
    columns = [*_sentence_columns(spans), *_span_columns(spans), *_near_columns(spans)]
    columns += [*_question_columns(spans), *_repetition_columns(spans), *_title_columns(spans)]
    columns += type_columns(spans)
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _sentence_columns(spans: Spans) -> list[FloatArray]:
    """Return what the sentence and the passage of a span cover."""
    frame = spans.frame
    most = max(row.coverage for row in frame.rows) or 1.0
    reach = max(p.best_sentence for p in frame.passages)
    joint = max(p.partner_coverage for p in frame.passages)
    table: list[list[float]] = []
    for rank, row in enumerate(frame.rows):
        p = frame.passages[row.passage]
        table.append(
            [
                row.coverage,
                row.with_title,
                row.before,
                row.after,
                row.rest,
                row.coverage / most,
                rank / 10,
                float(row.place == 0),
                row.passage / 10,
                p.coverage,
                p.title_coverage,
                p.title_overlap,
                p.bigrams,
                p.best_sentence,
                row.with_title / (p.best_sentence or 1.0),
                p.partner_coverage,
                p.partner_coverage - p.coverage,
                float(p.is_linked),
                float(p.names_other),
                min(2, p.source.hop) / 2,
                float(p.partner is not None),
                p.relevance,
                frame.passages[p.partner].relevance if p.partner is not None else 0.0,
                reach,
                joint - reach,
                frame.passages[0].relevance,
            ]
        )
    return list(np.array(table, np.float32)[frame.row[spans.begin]].T)


def _span_columns(spans: Spans) -> list[FloatArray]:
    """Return what a span is like by itself and at its edges."""
    frame, begin, end = spans.frame, spans.begin, spans.end
    flags, first, last = frame.flags, frame.first[begin], frame.last[begin]
    length = end - begin + 1
    has_before, has_after = begin > first, end + 1 < last
    before, after = np.maximum(begin - 1, 0), np.minimum(end + 1, len(frame.tokens) - 1)
    capital, number = flags[CAPITAL], flags[NUMBER]
    is_asked = frame.weight > 0
    rarity = _rarity(frame)
    rare = np.concatenate([[0.0], np.cumsum(rarity)])
    columns = [
        length / 8,
        length == 1,
        count_inside(is_asked, begin, end) / length,
        count_inside(flags[STOP], begin, end) / 3,
        count_inside(~flags[WORD], begin, end) / 3,
        count_inside(capital, begin, end) / length,
        count_inside(number, begin, end) / length,
        count_inside(flags[MONTH], begin, end) > 0,
        count_inside(flags[UNIT], begin, end) > 0,
        ~has_before,
        ~has_after,
        has_before & capital[before] & capital[begin],
        has_after & capital[after] & capital[end],
        has_before & number[before],
        has_after & number[after] & number[end],
        has_before & flags[WORD][before] & ~flags[STOP][before],
        has_after & flags[WORD][after] & ~flags[STOP][after],
        (rare[end + 1] - rare[begin]) / length,
        is_asked[begin],
        is_asked[end],
        has_before & is_asked[before],
        has_after & is_asked[after],
        flags[PARTICIPLE][begin],
        flags[PARTICIPLE][end],
        (begin - first) / np.maximum(1, last - first),
        _in_title(spans),
        _in_partner(spans),
    ]
    return [np.asarray(column, np.float32) for column in columns]


def count_inside(mask: NDArray[np.bool_], begin: IntArray, end: IntArray) -> IntArray:
    """Return how many marked tokens each span holds."""
    running = np.concatenate([[0], np.cumsum(mask)])
    return running[end + 1] - running[begin]


def _rarity(frame: Frame) -> FloatArray:
    """Return for each token how rare it is among the chosen sentences, 0 to 1."""
    seen = Counter(token.stem for token in frame.tokens)
    return np.array(
        [1 / seen[t.stem] if t.is_word and not t.is_stop else 0 for t in frame.tokens], np.float32
    )


def _in_title(spans: Spans) -> FloatArray:
    """Return which part of a span's tokens stands in the title of its passage."""
    frame = spans.frame
    titles = [frame.passages[row.passage].title_stems for row in frame.rows]
    rows = frame.row.tolist()
    held = np.array([t.stem in titles[r] for t, r in zip(frame.tokens, rows, strict=True)])
    return (count_inside(held, spans.begin, spans.end) / (spans.end - spans.begin + 1)).astype(
        np.float32
    )


def _in_partner(spans: Spans) -> FloatArray:
    """Return which part of a span's tokens stands in the title of its passage's partner."""
    frame = spans.frame
    partners = [frame.passages[row.passage].partner for row in frame.rows]
    titles = [
        frame.passages[p].title_stems if p is not None else frozenset[str]() for p in partners
    ]
    rows = frame.row.tolist()
    held = np.array([t.stem in titles[r] for t, r in zip(frame.tokens, rows, strict=True)])
    return (count_inside(held, spans.begin, spans.end) / (spans.end - spans.begin + 1)).astype(
        np.float32
    )


def _near_columns(spans: Spans) -> list[FloatArray]:
    """Return how much of the question stands close to a span."""
    frame, begin, end = spans.frame, spans.begin, spans.end
    running = np.concatenate([[0.0], np.cumsum(frame.weight)])
    columns = [*frame.left[begin].T, *frame.right[end].T]
    columns.append(running[np.minimum(end + 1 + _WINDOW, frame.last[begin])] - running[end + 1])
    columns.append(running[begin] - running[np.maximum(begin - _WINDOW, frame.first[begin])])
    clause = _clauses(frame)
    sums = np.bincount(clause, weights=frame.weight, minlength=int(clause[-1]) + 3)
    sentence_of_clause = np.full(len(sums), -1)
    sentence_of_clause[clause] = frame.row
    here = clause[begin]
    columns.append(sums[here])
    for step in (-1, 1):
        same = sentence_of_clause[here + step] == frame.row[begin]
        columns.append(np.where(same, sums[here + step], 0.0))
    return [np.asarray(column, np.float32) for column in columns]


def _clauses(frame: Frame) -> IntArray:
    """Return the number of each token's clause; 0 is left free, clauses end at marks."""
    is_mark = np.isin(frame.contexts, (Context.COMMA, Context.OPEN, Context.CLOSE))
    is_mark |= np.array([token.lower in (";", ":") for token in frame.tokens])
    is_start = frame.first == np.arange(len(frame.tokens))
    return np.cumsum(is_mark | is_start)


def _question_columns(spans: Spans) -> list[FloatArray]:
    """Return how a span stands to the head noun and the cues of the question."""
    frame, begin, end = spans.frame, spans.begin, spans.end
    question = frame.question
    stems = [token.stem for token in frame.tokens]
    is_head = np.array([bool(question.head) and stem == question.head for stem in stems])
    columns: list[FloatArray] = []
    for mask in (is_head, *(np.array([s == cue for s in stems]) for cue in _three(question.cues))):
        before, after = _gaps(mask, frame)
        columns.append(np.exp(-before[begin] / 4))
        columns.append(np.exp(-after[end] / 4))
    columns.append(is_head[end].astype(np.float32))
    columns.append((count_inside(is_head, begin, end) > 0).astype(np.float32))
    columns.append(np.full(len(begin), float(bool(question.head)), np.float32))
    columns.append(np.full(len(begin), len(question.weights) / 10, np.float32))
    return columns


def _three(cues: tuple[str, ...]) -> list[str]:
    return [*cues, "\n", "\n", "\n"][:2]


def _gaps(mask: NDArray[np.bool_], frame: Frame) -> tuple[FloatArray, FloatArray]:
    """Return the distance of each token to the nearest marked one before and after it."""
    size = len(mask)
    places = np.arange(size)
    last_seen = np.maximum.accumulate(np.where(mask, places, -1))
    before = np.where(last_seen >= frame.first, places - last_seen, 40)
    next_seen = np.minimum.accumulate(np.where(mask, places, 10 * size + 99)[::-1])[::-1]
    after = np.where(next_seen < frame.last, next_seen - places, 40)
    return np.minimum(before, 40).astype(np.float32), np.minimum(after, 40).astype(np.float32)


def _repetition_columns(spans: Spans) -> list[FloatArray]:
    """Return how often the same words are a candidate, and in how many places."""
    frame = spans.frame
    rows: list[int] = frame.row[spans.begin].tolist()
    counts = Counter(spans.keys)
    sentences: dict[str, set[int]] = {}
    passages: dict[str, set[int]] = {}
    for key, row in zip(spans.keys, rows, strict=True):
        sentences.setdefault(key, set()).add(row)
        passages.setdefault(key, set()).add(frame.rows[row].passage)
    table = [
        [np.log(counts[k]), (len(sentences[k]) - 1) / 5, (len(passages[k]) - 1) / 5]
        for k in spans.keys
    ]
    return list(np.array(table, np.float32).reshape(-1, 3).T)


def _title_columns(spans: Spans) -> list[FloatArray]:
    """Return whether a span is the title of a passage, and what that passage says it is."""
    frame = spans.frame
    leads: dict[str, tuple[float, float, float]] = {}
    for passage in frame.passages:
        held = passage.sentences[0] if passage.sentences else frozenset[str]()
        lead = [
            t for t, s in zip(passage.table.tokens, passage.table.sentence, strict=True) if not s
        ]
        has_head = float(any(t.stem == frame.question.head for t in lead))
        is_life = float(any(t.lower == "born" for t in lead[:20]))
        named = fsum(frame.question.weights[s] for s in held) / frame.question.total
        leads.setdefault(answer_key(link_key(passage.source.title)), (has_head, is_life, named))
    none = (0.0, 0.0, 0.0)
    found = [(float(key in leads), *leads.get(key, none)) for key in spans.keys]
    return list(np.array(found, np.float32).reshape(-1, 4).T)
