"""The span scorer: one hidden layer over numbers and classes, and a linear part over words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from .answerability import ABSTENTION_COLUMNS
from .features import FIELD_SIZES, HASH_BITS, Features
from .statistics import StemStatistics
from .tokens import FloatArray

FIELD_ROWS = sum(FIELD_SIZES)
_EXACT = frozenset({"set_out"})
"""Arrays that are stored in full: they hold counts."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Weights:
    """All that is learned, with the statistics of the texts it was learned on."""

    arrays: Mapping[str, FloatArray]
    """Parameters by name; see `fresh_parameters`."""
    temperature: float
    """What scores are divided by before they become probabilities."""
    statistics: StemStatistics
    """How common stems are."""

    @property
    def prior(self) -> float:
        """Log of the factor by which the odds of an answer being here are raised: people mostly ask
        what their documents hold, and the judge has learned from many that they do not."""
        learned = self.arrays.get("prior_out")
        return 0.0 if learned is None else float(learned[0])

    def heat(self, *, is_single: bool, is_followed: bool = False) -> float:
        """Return what scores are divided by.

        Args:
            is_single: Whether one passage is read.
            is_followed: Whether a passage was found by following names.
        """
        learned = self.arrays.get("heat_out")
        if learned is None:
            return self.temperature
        factor = learned[0] * is_single + learned[1] * is_followed
        return self.temperature * float(np.exp(factor))


def fresh_parameters(
    dense_columns: int, *, hidden: int, rng: np.random.Generator
) -> dict[str, FloatArray]:
    """Return untrained parameters."""
    spread = 0.5 / np.sqrt(dense_columns)
    shapes: dict[str, tuple[tuple[int, ...], float]] = {
        "dense_hidden": ((dense_columns, hidden), spread),
        "field_hidden": ((FIELD_ROWS, hidden), spread),
        "hidden_bias": ((hidden,), 0.0),
        "hidden_out": ((hidden,), 0.1),
        "dense_out": ((dense_columns,), 0.0),
        "field_out": ((FIELD_ROWS,), 0.0),
        "hash_out": ((1 << HASH_BITS,), 0.0),
        "abstain_out": ((ABSTENTION_COLUMNS,), 0.0),
    }
    return {
        name: rng.normal(0, 1, shape).astype(np.float32) * np.float32(scale)
        for name, (shape, scale) in shapes.items()
    }


def score_spans(parameters: Mapping[str, FloatArray], features: Features) -> FloatArray:
    """Return one score for each span; higher is likelier."""
    hidden = features.dense @ parameters["dense_hidden"] + parameters["hidden_bias"]
    field_hidden = parameters["field_hidden"]
    for column in features.fields.T:
        hidden += field_hidden[column]
    np.maximum(hidden, 0, out=hidden)
    score = hidden @ parameters["hidden_out"] + features.dense @ parameters["dense_out"]
    score += parameters["field_out"][features.fields].sum(axis=1)
    score += parameters["hash_out"][features.hashed].sum(axis=1)
    return score.astype(np.float32)


def save_weights(weights: Weights) -> bytes:
    """Return weights as the bytes of an npz file, in half precision."""
    buffer = BytesIO()
    stems = sorted(weights.statistics.counts)
    counts = np.array([weights.statistics.counts[s] for s in stems], np.uint32)
    arrays: dict[str, NDArray[np.generic]] = {
        name: array.astype(np.float32 if name in _EXACT else np.float16)
        for name, array in weights.arrays.items()
    }
    arrays["stems"] = np.frombuffer("\n".join(stems).encode("utf-8"), np.uint8)
    arrays["stem_counts"] = counts
    arrays["passages"] = np.array([weights.statistics.passages], np.uint32)
    arrays["temperature"] = np.array([weights.temperature], np.float32)
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def read_weights(data: bytes) -> Weights:
    """Return weights from the bytes of an npz file."""
    with np.load(BytesIO(data), allow_pickle=False) as archive:
        stems = archive["stems"].tobytes().decode("utf-8").split("\n")
        counts = [int(n) for n in archive["stem_counts"]]
        others = ("stems", "stem_counts", "passages", "temperature")
        return Weights(
            arrays={n: archive[n].astype(np.float32) for n in archive.files if n not in others},
            temperature=float(archive["temperature"][0]),
            statistics=StemStatistics(
                passages=int(archive["passages"][0]),
                counts=dict(zip(stems, counts, strict=False)),
            ),
        )


@lru_cache(maxsize=1)
def default_weights() -> Weights:
    """Return the weights that ship with the package."""
    return read_weights(files("sonde.models.extractive").joinpath("weights.npz").read_bytes())
