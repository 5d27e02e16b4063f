"""Where answers may stand in the rows of a table: in cells, and never in a heading."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...text.rows import Cell, cells_of
from ...text.words import content_stems
from .frame import Frame
from .tokens import BoolArray, IntArray

_LONGEST = 8
"""Tokens of a cell that is taken as one value; a longer one is a text with answers in it."""


class Bounds(NamedTuple):
    """Where answers may begin and end."""

    opens: BoolArray
    """Tokens that one may begin with."""
    closes: BoolArray
    """Tokens that one may end with."""


def within_cells(frame: Frame, free: Bounds) -> Bounds:
    """Return where answers may begin and end, in plain text and in the rows of tables.

    A heading is no answer, nor is a piece of a short cell: its value is the cell whole. Where the
    question names columns, no other cell of the row is one.

    Args:
        frame: The sentences that are read.
        free: Where answers may begin and end in plain text.
    """
    bounds = Bounds(free.opens.copy(), free.closes.copy())
    for place, row in enumerate(frame.rows):
        cells = cells_of(frame.passages[row.passage].source.text)
        if not cells:
            continue
        tokens = np.flatnonzero(frame.row == place)
        bounds.opens[tokens] = bounds.closes[tokens] = False
        for inside in _asked(frame, tokens, cells):
            _open(bounds, free, inside)
    return bounds


def _asked(frame: Frame, tokens: IntArray, cells: Sequence[Cell]) -> list[IntArray]:
    """Return the tokens of each cell that may be the answer: in the columns that are asked for.

    A column is asked for where the question names it and says nothing of what stands in it.
    """
    starts, ends = frame.starts[tokens], frame.ends[tokens]
    parts = [tokens[(starts >= cell.start) & (ends <= cell.end)] for cell in cells]
    named = [
        part
        for cell, part in zip(cells, parts, strict=True)
        if _is_named(cell.heading, frame) and not frame.weight[part].any()
    ]
    return named or parts


def _is_named(heading: str, frame: Frame) -> bool:
    stems = content_stems(heading)
    return bool(stems) and all(stem in frame.question.weights for stem in stems)


def _open(bounds: Bounds, free: Bounds, inside: IntArray) -> None:
    begins, ends = inside[free.opens[inside]], inside[free.closes[inside]]
    is_short = len(inside) <= _LONGEST
    bounds.opens[begins[:1] if is_short else begins] = True
    bounds.closes[ends[-1:] if is_short else ends] = True
