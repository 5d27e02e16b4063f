"""A small ranked index in memory, for the paragraphs that a reader is trained among."""

from collections import Counter
from collections.abc import Sequence
from math import log
from typing import NamedTuple

import numpy as np

from ...text.words import content_stems
from .tokens import FloatArray, IntArray

_SATURATION, _SLOPE = 1.2, 0.75


class Paragraph(NamedTuple):
    """A paragraph with its title."""

    title: str
    text: str


class ParagraphIndex:
    """BM25 over paragraphs; the title counts twice."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = list(paragraphs)
        postings: dict[str, list[tuple[int, int]]] = {}
        lengths: list[int] = []
        for number, (title, text) in enumerate(self.paragraphs):
            counts = Counter(content_stems(f"{title} {title} {text}"))
            lengths.append(sum(counts.values()))
            for stem, count in counts.items():
                postings.setdefault(stem, []).append((number, count))
        usual = np.float32(np.mean(lengths or [1]) or 1)
        norm: FloatArray = np.array(lengths, np.float32) / usual
        self._postings = {
            stem: _impact(rows, norm, len(self.paragraphs)) for stem, rows in postings.items()
        }

    def search(self, query: str, *, limit: int) -> list[int]:
        """Return the numbers of the paragraphs that fit best, best first."""
        scores = np.zeros(len(self.paragraphs), np.float32)
        for stem in dict.fromkeys(content_stems(query)):
            if stem in self._postings:
                numbers, impact = self._postings[stem]
                scores[numbers] += impact
        order: list[int] = np.argsort(-scores, kind="stable")[:limit].tolist()
        return [number for number in order if scores[number] > 0]


def _impact(
    rows: Sequence[tuple[int, int]], norm: FloatArray, size: int
) -> tuple[IntArray, FloatArray]:
    numbers = np.array([number for number, _ in rows], np.int64)
    counts = np.array([count for _, count in rows], np.float32)
    rarity = log(1 + (size - len(rows) + 0.5) / (len(rows) + 0.5))
    slope = _SATURATION * (1 - _SLOPE + _SLOPE * norm[numbers])
    impact = rarity * counts * (1 + _SATURATION) / (counts + slope)
    return numbers, impact.astype(np.float32)
