"""How far confidences are from frequencies, and the temperatures that bring them closest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .answer_types import is_ruled_out
from .answerability import fit_gate, gate_columns, probability
from .candidates import answer_key
from .reading import left_by_sorts, prepare, softmax, with_sorts
from .relevance_training import holds_answer
from .same_answer import answer_keys
from .scorer import Weights, score_spans
from .tokens import BoolArray, FloatArray, IntArray
from .training import Example

_BINS = 10
_KEPT = 150
"""Best spans of a trial that are kept; the others hold next to no probability."""
_FIRST_STEP, _LAST_STEP = 0.3, 0.02
_SHRINKAGE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One question that is new to the span scorer, as the scorer sees it."""

    scores: FloatArray
    """Scores of its best spans."""
    plain: FloatArray
    """The same before the sorts of things count."""
    is_out: BoolArray
    """Which of them are of another sort than the question names."""
    answers: IntArray
    """Which answer each span is, by number: spans that say the same are one answer."""
    is_right: FloatArray
    """For each answer 1 where it is right, else 0."""
    columns: FloatArray
    """What answerability is judged by."""
    is_single: bool
    """Whether one passage was read."""
    is_answerable: bool
    """Whether a passage holds a right answer."""
    is_asked: bool
    """Whether the question has an answer at all, in these passages or elsewhere."""
    importance: float = 1.0
    """How much it counts for the gate."""


class Heat(NamedTuple):
    """What scores are divided by before they become probabilities."""

    usual: float
    """The temperature."""
    of_single: float
    """Log of the factor by which it differs where one passage was read."""


def trial_of(example: Example, weights: Weights, *, importance: float = 1.0) -> Trial | None:
    """Return a new example as a trial; None where there is nothing to read."""
    material = prepare(example.question, example.sources, weights)
    if material.spans is None or material.features is None:
        return None
    scores = score_spans(weights.arrays, material.features)
    empty = float(material.abstention @ weights.arrays["abstain_out"])
    is_single = len(material.passages) == 1
    columns = gate_columns(material.abstention, scores, empty, is_single=is_single)
    plain, scores = scores, with_sorts(scores, material.spans)
    best: list[int] = np.argsort(-scores, kind="stable")[:_KEPT].tolist()
    numbers: dict[str, int] = {}
    keys = answer_keys(material.spans, best)
    answers = [numbers.setdefault(keys[i], len(numbers)) for i in best]
    truths = frozenset(map(answer_key, example.answers)) - {""}
    return Trial(
        scores=scores[best],
        plain=plain[best],
        is_out=is_ruled_out(material.spans)[best],
        answers=np.array(answers, np.int64),
        is_right=np.array([key in truths for key in numbers], np.float32),
        columns=columns,
        is_single=is_single,
        is_answerable=any(holds_answer(p, example.answers) for p in material.passages),
        is_asked=bool(truths),
        importance=importance,
    )


def gate_of(trials: Sequence[Trial]) -> FloatArray:
    """Return the weights that tell answerable trials from the others."""
    columns = np.stack([trial.columns for trial in trials])
    return fit_gate(
        columns, [trial.is_answerable for trial in trials], [trial.importance for trial in trials]
    )


def heat_of(trials: Sequence[Trial], gate: FloatArray) -> Heat:
    """Return the temperatures under which the likeliest answers are right as often as they say.

    The log loss of "the likeliest answer is right" is made least, by a search along each of the
    two numbers in turn with ever smaller steps.
    """
    asked = [(trial, probability(trial.columns, gate)) for trial in trials if trial.is_asked]
    heat, step = Heat(1.0, 0.0), _FIRST_STEP
    least = _loss(asked, heat)
    while asked and step >= _LAST_STEP:
        tried = [
            Heat(heat.usual * float(np.exp(up * step)), heat.of_single + aside * step)
            for up, aside in ((1, 0), (-1, 0), (0, 1), (0, -1))
        ]
        losses = [_loss(asked, each) for each in tried]
        best = min(range(len(tried)), key=lambda i: losses[i])
        if losses[best] < least - 1e-6:
            heat, least = tried[best], losses[best]
        else:
            step /= 2
    return heat


def chances(trial: Trial, heat: Heat, *, is_here: float) -> FloatArray:
    """Return the probability of each answer of a trial, as a reading would give it.

    Args:
        trial: The trial.
        heat: The temperatures.
        is_here: Probability that an answer is here, by the gate.
    """
    temperature = np.float32(heat.usual * np.exp(heat.of_single * trial.is_single))
    left = is_here * left_by_sorts(trial.plain / temperature, trial.is_out)
    return np.bincount(trial.answers, weights=softmax(trial.scores / temperature)) * left


def _loss(asked: Sequence[tuple[Trial, float]], heat: Heat) -> float:
    total = 0.0
    for trial, is_here in asked:
        mass = chances(trial, heat, is_here=is_here)
        best = int(mass.argmax())
        sure = float(np.clip(mass[best], 1e-4, 1 - 1e-4))
        total -= float(np.log(sure if trial.is_right[best] else 1 - sure))
    return total / max(1, len(asked)) + _SHRINKAGE * heat.of_single**2


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
