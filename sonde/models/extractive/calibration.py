"""How far confidences are from frequencies, and the temperature that brings them closest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .answerability import fit_gate, gate_columns, probability
from .candidates import answer_key
from .reading import prepare, softmax
from .scorer import Weights, score_spans
from .tokens import FloatArray
from .training import Example

_BINS = 10
_TEMPERATURES = tuple(step / 20 for step in range(12, 31))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One held-out question as the span scorer sees it."""

    scores: FloatArray
    """Scores of its spans."""
    keys: tuple[str, ...]
    """The spans as answers are compared."""
    columns: FloatArray
    """What answerability is judged by."""
    truths: frozenset[str]
    """Right answers as they are compared; empty where the question has none here."""


def trial_of(example: Example, weights: Weights) -> Trial | None:
    """Return a held-out example as a trial; None where there is nothing to read."""
    material = prepare(example.question, example.sources, weights)
    if material.spans is None or material.features is None:
        return None
    scores = score_spans(weights.arrays, material.features)
    empty = float(material.abstention @ weights.arrays["abstain_out"])
    return Trial(
        scores=scores,
        keys=material.spans.keys,
        columns=gate_columns(material.abstention, scores, empty),
        truths=frozenset(map(answer_key, example.answers)) - {""},
    )


def gate_of(trials: Sequence[Trial]) -> FloatArray:
    """Return the weights that tell answerable trials from the others."""
    columns = np.stack([trial.columns for trial in trials])
    return fit_gate(columns, [bool(trial.truths) for trial in trials])


def temperature_of(trials: Sequence[Trial], gate: FloatArray) -> float:
    """Return the temperature with the least calibration error on the answerable trials."""
    answerable = [trial for trial in trials if trial.truths]
    errors = {t: _error_at(answerable, gate, t) for t in _TEMPERATURES}
    return min(errors, key=lambda t: errors[t])


def _error_at(trials: Sequence[Trial], gate: FloatArray, temperature: float) -> float:
    confidences: list[float] = []
    hits: list[bool] = []
    for trial in trials:
        probs = softmax(trial.scores / np.float32(temperature))
        mass: dict[str, float] = {}
        for key, prob in zip(trial.keys, probs.tolist(), strict=True):
            mass[key] = mass.get(key, 0.0) + prob
        best = max(mass, key=lambda key: mass[key])
        confidences.append(mass[best] * probability(trial.columns, gate))
        hits.append(best in trial.truths)
    return calibration_error(confidences, hits)


def calibration_error(confidences: Sequence[float], hits: Sequence[bool]) -> float:
    """Return the expected calibration error over ten bins of equal width.

    >>> calibration_error([0.5, 0.5], [True, False])
    0.0
    """
    if not confidences:
        return 0.0
    levels, right = np.array(confidences), np.array(hits, np.float64)
    bins = np.minimum((levels * _BINS).astype(np.int64), _BINS - 1)
    gaps = [
        abs(float(levels[bins == b].mean() - right[bins == b].mean())) * float((bins == b).mean())
        for b in range(_BINS)
        if bool((bins == b).any())
    ]
    return sum(gaps)
