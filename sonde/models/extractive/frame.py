"""The sentences that are worth reading, as one run of token arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .passages import WeighedPassage, share, uncovered
from .question import Question
from .tokens import BoolArray, FloatArray, IntArray, Token

MOST_SENTENCES = 18
_MOST_TOKENS = 150
"""Tokens of one sentence that are read."""
_DECAY = 0.8
_GAPS = np.subtract.outer(np.arange(_MOST_TOKENS), np.arange(_MOST_TOKENS)) - 1.0
_POWERS = np.where(_GAPS >= 0, _DECAY ** np.maximum(_GAPS, 0), 0.0).astype(np.float32)
"""Row i, column t: how much a word at t < i weighs for a span that starts at i."""


class SentenceRow(NamedTuple):
    """One sentence with the shares of the question's weight that it holds."""

    passage: int
    place: int
    coverage: float
    with_title: float
    before: float
    after: float
    rest: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Tokens of the chosen sentences, one after another; arrays run over the tokens."""

    question: Question
    """The question that is read for."""
    passages: Sequence[WeighedPassage]
    """The passages, best first."""
    rows: tuple[SentenceRow, ...]
    """The chosen sentences, best first."""
    tokens: tuple[Token, ...]
    """The tokens."""
    row: IntArray
    """Index of each token's sentence in `rows`."""
    first: IntArray
    """Index of the first token of each token's sentence."""
    last: IntArray
    """Index after the last token of each token's sentence."""
    starts: IntArray
    """First character of each token in its passage."""
    ends: IntArray
    """Character after each token in its passage."""
    flags: BoolArray
    """Flags of the tokens, as in `TokenTable`."""
    contexts: IntArray
    """Context classes of the tokens."""
    codes: IntArray
    """Hashes of the tokens."""
    classes: IntArray
    """Word classes of the tokens."""
    weight: FloatArray
    """Share of the question's weight that a token carries."""
    rest: FloatArray
    """The same, of the part that the passage's partner leaves uncovered."""
    left: FloatArray
    """Decayed weight before each token: of the question, of the rest, of word pairs."""
    right: FloatArray
    """The same after each token."""


def frame_of(
    question: Question, passages: Sequence[WeighedPassage], *, limit: int = MOST_SENTENCES
) -> Frame | None:
    """Return the sentences worth reading; None where the passages hold no word."""
    rows = _choose(question, passages)[:limit]
    if not rows:
        return None
    pieces = [_piece(passages[row.passage], row.place) for row in rows]
    tables = [passages[row.passage].table for row in rows]
    parts = list(zip(tables, pieces, strict=True))
    tokens = tuple(token for table, piece in parts for token in table.tokens[piece])
    lengths = np.array([piece.stop - piece.start for piece in pieces])
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    total = question.total
    weight = np.array([question.weights.get(t.stem, 0.0) for t in tokens], np.float32) / total
    open_stems = [uncovered(question, passages, row.passage) for row in rows]
    row_of = np.repeat(np.arange(len(rows)), lengths)
    is_open = [t.stem in open_stems[row] for t, row in zip(tokens, row_of.tolist(), strict=True)]
    rest = weight * np.array(is_open, np.float32)
    channels = np.stack([weight, rest, _pairs(question, tokens, weight)], axis=1)
    left, right = _near(channels, bounds)
    return Frame(
        question=question,
        passages=passages,
        rows=tuple(rows),
        tokens=tokens,
        row=row_of,
        first=np.repeat(bounds[:-1], lengths),
        last=np.repeat(bounds[1:], lengths),
        starts=np.concatenate([table.starts[piece] for table, piece in parts]),
        ends=np.concatenate([table.ends[piece] for table, piece in parts]),
        flags=np.concatenate([table.flags[:, piece] for table, piece in parts], axis=1),
        contexts=np.concatenate([table.contexts[piece] for table, piece in parts]),
        codes=np.concatenate([table.codes[piece] for table, piece in parts]),
        classes=np.concatenate([table.classes[piece] for table, piece in parts]),
        weight=weight,
        rest=rest,
        left=left,
        right=right,
    )


def _choose(question: Question, passages: Sequence[WeighedPassage]) -> list[SentenceRow]:
    rows: list[SentenceRow] = []
    for index in range(len(passages)):
        rows.extend(_rows_of(question, passages, index, rank=index / max(8, len(passages))))
    return sorted(rows, key=lambda row: (-row.score, row.passage, row.place))


def _rows_of(
    question: Question, passages: Sequence[WeighedPassage], index: int, *, rank: float
) -> list[SentenceRow]:
    passage = passages[index]
    held = passage.sentences
    covered = [share(question, stems) for stems in held]
    open_stems = uncovered(question, passages, index)
    base = 0.4 * passage.partner_coverage + 0.2 * passage.title_overlap - 0.3 * rank
    base += 0.5 * passage.relevance
    rows: list[SentenceRow] = []
    for place, stems in enumerate(held):
        rest = share(question, stems & open_stems)
        lead = 0.15 if place == 0 else 0.0
        rows.append(
            SentenceRow(
                passage=index,
                place=place,
                coverage=covered[place],
                with_title=share(question, stems | passage.title_stems),
                before=covered[place - 1] if place else 0.0,
                after=covered[place + 1] if place + 1 < len(held) else 0.0,
                rest=rest,
                score=covered[place] + 0.3 * rest + base + lead,
            )
        )
    return rows


def _piece(passage: WeighedPassage, place: int) -> slice:
    start, end = np.searchsorted(passage.table.sentence, [place, place + 1]).tolist()
    return slice(start, min(end, start + _MOST_TOKENS))


def _pairs(question: Question, tokens: Sequence[Token], weight: FloatArray) -> FloatArray:
    """Return the weight of each token that begins a word pair of the question."""
    pairs = np.zeros_like(weight)
    for i in range(len(tokens) - 1):
        if (tokens[i].stem, tokens[i + 1].stem) in question.bigrams:
            pairs[i] = weight[i] + weight[i + 1]
    return pairs


def _near(channels: FloatArray, bounds: IntArray) -> tuple[FloatArray, FloatArray]:
    left, right = np.zeros_like(channels), np.zeros_like(channels)
    for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        powers = _POWERS[: end - start, : end - start]
        left[start:end] = powers @ channels[start:end]
        right[start:end] = powers.T @ channels[start:end]
    return left, right
