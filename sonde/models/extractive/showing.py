"""Which sentence to show: by the answers that it holds and by what it covers, together."""

import numpy as np

from .frame import Frame
from .tokens import FloatArray

SENTENCE_COLUMNS = 8
_LEAST_MASS = 0.005


def sentence_columns(frame: Frame, mass: FloatArray) -> FloatArray:
    """Return what sentences are judged by, one row for each row of the frame.

    Args:
        frame: The sentences.
        mass: Probability that the answer stands in each, if it stands in one of them.
    """
    most = max(row.coverage for row in frame.rows) or 1.0
    rows = [
        [
            float(np.log(held + _LEAST_MASS)),
            held,
            row.coverage,
            row.with_title,
            frame.passages[row.passage].relevance,
            frame.passages[row.passage].coverage,
            float(row.place == 0),
            row.coverage / most,
        ]
        for row, held in zip(frame.rows, mass.tolist(), strict=True)
    ]
    return np.array(rows, np.float32)
