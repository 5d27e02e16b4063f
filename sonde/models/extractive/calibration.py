"""How far confidences are from frequencies, and the temperatures that bring them closest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .answer_sets import Setting, setting_of
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
_PRIORS = np.arange(-1.0, 3.01, 0.05)
"""Priors that are tried, in nats."""


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
    covered: float
    """The largest share of the question that one sentence with its title holds."""
    is_single: bool
    """Whether one passage was read."""
    is_answerable: bool
    """Whether a passage holds a right answer."""
    is_asked: bool
    """Whether the question has an answer at all, in these passages or elsewhere."""
    importance: float = 1.0
    """How much it counts for the gate."""
    is_followed: bool = False
    """Whether a passage was found by following names."""


class Heat(NamedTuple):
    """What turns scores into probabilities."""

    usual: float
    """The temperature: what scores are divided by."""
    of_single: float = 0.0
    """Log of the factor by which it differs where one passage was read."""
    of_followed: float = 0.0
    """The same where passages were found by following names."""
    prior: float = 0.0
    """Log of the factor by which the odds of an answer being here are raised."""

    @property
    def arrays(self) -> dict[str, FloatArray]:
        """What of it stands in the arrays of weights, by name; the usual temperature does not."""
        return {
            "heat_out": np.array([self.of_single, self.of_followed], np.float32),
            "prior_out": np.array([self.prior], np.float32),
        }


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
        covered=max(passage.best_sentence for passage in material.passages),
        is_single=is_single,
        is_answerable=any(holds_answer(p, example.answers) for p in material.passages),
        is_asked=bool(truths),
        importance=importance,
        is_followed=setting_of(example.sources) is Setting.FOLLOWED,
    )


def gate_of(trials: Sequence[Trial]) -> FloatArray:
    """Return the weights that tell answerable trials from the others."""
    columns = np.stack([trial.columns for trial in trials])
    return fit_gate(
        columns, [trial.is_answerable for trial in trials], [trial.importance for trial in trials]
    )


def heat_of(trials: Sequence[Trial], gate: FloatArray) -> Heat:
    """Return the temperatures and the prior under which likeliest answers are right as they say.

    The log loss of "the likeliest answer is right" is made least over the questions that have an
    answer: by a search along each number in turn with ever smaller steps, and each time by the best
    prior.
    """
    asked = [trial for trial in trials if trial.is_asked]
    if not asked:
        return Heat(1.0)
    step = _FIRST_STEP
    least, heat = _with_prior(asked, gate, Heat(1.0))
    while step >= _LAST_STEP:
        tried = [_with_prior(asked, gate, each) for each in _neighbours(heat, step)]
        best, found = min(tried, key=lambda pair: pair[0])
        if best < least - 1e-6:
            least, heat = best, found
        else:
            step /= 2
    return heat


def _neighbours(heat: Heat, step: float) -> list[Heat]:
    """Return what differs by a step in one of the temperatures."""
    steps = (step, -step)
    return [
        *(heat._replace(usual=heat.usual * float(np.exp(each))) for each in steps),
        *(heat._replace(of_single=heat.of_single + each) for each in steps),
        *(heat._replace(of_followed=heat.of_followed + each) for each in steps),
    ]


def _with_prior(asked: Sequence[Trial], gate: FloatArray, heat: Heat) -> tuple[float, Heat]:
    """Return the loss at some temperatures under the best prior, and all of these."""
    found = [shares(trial, heat) for trial in asked]
    sure = np.array([float(share.max()) for share in found])
    is_right = np.array(
        [trial.is_right[int(each.argmax())] > 0 for trial, each in zip(asked, found, strict=True)]
    )
    log_odds = np.array([float(trial.columns @ gate) for trial in asked])
    chance = sure / (1 + np.exp(-(log_odds + _PRIORS[:, None])))
    chance = np.clip(np.where(is_right, chance, 1 - chance), 1e-4, 1)
    losses = -np.log(chance).mean(axis=1)
    best = int(losses.argmin())
    loss = float(losses[best]) + _SHRINKAGE * (heat.of_single**2 + heat.of_followed**2)
    return loss, heat._replace(prior=float(_PRIORS[best]))


def shares(trial: Trial, heat: Heat) -> FloatArray:
    """Return the probability of each answer of a trial, if an answer is here at all."""
    factor = heat.of_single * trial.is_single + heat.of_followed * trial.is_followed
    temperature = np.float32(heat.usual * np.exp(factor))
    left = left_by_sorts(trial.plain / temperature, trial.is_out)
    mass = np.bincount(trial.answers, weights=softmax(trial.scores / temperature))
    return (mass * left).astype(np.float32)


def chances(trial: Trial, heat: Heat, *, gate: FloatArray) -> FloatArray:
    """Return the probability of each answer of a trial, as a reading would give it."""
    is_here = probability(trial.columns, gate, prior=heat.prior)
    return shares(trial, heat) * np.float32(is_here)


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
