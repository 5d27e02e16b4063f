"""Training of verdicts: which of two options of a closed question is right."""

from collections.abc import Iterable

import numpy as np

from .candidates import answer_key
from .comparison import CHOICE_COLUMNS, YES_COLUMNS, Case, case_of
from .question import analyse_question
from .relevance import rank_passages
from .scorer import Weights
from .tokens import FloatArray
from .training import Adam, Example, Settings

_STEPS = 600
_DECAY = 0.02
"""There are few closed questions: weights stay small unless many agree."""


def train_cases(examples: Iterable[Example], weights: Weights) -> dict[str, FloatArray]:
    """Return weights that judge closed questions; relevance must already be learned."""
    found: dict[str, list[tuple[Case, int]]] = {"choice_out": [], "yes_out": []}
    for example in examples:
        question = analyse_question(example.question, weights.statistics)
        case = case_of(question, rank_passages(question, example.sources, weights.arrays))
        right = {answer_key(answer) for answer in example.answers}
        if case is not None:
            hits = [i for i, option in enumerate(case.options) if answer_key(option) in right]
            if len(hits) == 1:
                found[case.weights_name].append((case, hits[0]))
    sizes = {"choice_out": CHOICE_COLUMNS, "yes_out": YES_COLUMNS}
    return {name: _fit(cases, sizes[name]) for name, cases in found.items()}


def _fit(cases: list[tuple[Case, int]], size: int) -> FloatArray:
    parameters = {"out": np.zeros(size, np.float32)}
    adam = Adam(parameters, Settings(rate=0.02, decay=_DECAY))
    for step in range(_STEPS if cases else 0):
        slope = np.zeros(size, np.float32)
        for case, right in cases:
            scores = case.columns @ parameters["out"]
            probs = np.exp(scores - scores.max())
            probs /= probs.sum()
            probs[right] -= 1
            slope += case.columns.T @ probs / len(cases)
        adam.step(parameters, {"out": slope}, share_left=1 - step / _STEPS)
    return parameters["out"]
