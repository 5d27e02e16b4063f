"""Confidence: trials weigh as readings do, and the prior changes what is believed, not declined."""

from dataclasses import replace

import numpy as np
import pytest

from sonde.models.extractive.calibration import Heat, chances, gate_of, heat_of, trial_of
from sonde.models.extractive.passages import Source
from sonde.models.extractive.reading import Reading, read
from sonde.models.extractive.scorer import Weights, default_weights
from sonde.models.extractive.training import Example

TRIESTE = Source(
    evidence_id="e1",
    title="Trieste",
    text="The Trieste was launched on 26 August 1953 near Naples. She was sold in 1958.",
)
KAIKO = Source(evidence_id="e2", title="Kaiko", text="Kaiko was lost in 2003 in a typhoon.")
QUESTION = "When was the Trieste launched?"


def heat_in_force(weights: Weights) -> Heat:
    single, followed = weights.arrays["heat_out"].tolist()
    return Heat(weights.temperature, single, followed, weights.prior)


@pytest.mark.parametrize(
    "sources", [(TRIESTE,), (TRIESTE, KAIKO), (TRIESTE, replace(KAIKO, hop=1))]
)
def test_a_trial_weighs_answers_as_a_reading_does(sources: tuple[Source, ...]) -> None:
    weights = default_weights()
    example = Example(question=QUESTION, answers=("26 August 1953",), sources=sources)
    trial = trial_of(example, weights)
    assert trial is not None
    found = chances(trial, heat_in_force(weights), gate=weights.arrays["gate_out"])
    best = read(QUESTION, sources, weights).answers[0]
    assert float(found.max()) == pytest.approx(best.probability, rel=1e-3)
    assert trial.is_right[int(found.argmax())] == 1


def with_prior(prior: float, question: str) -> Reading:
    weights = default_weights()
    raised = np.array([prior], np.float32)
    weights = replace(weights, arrays={**weights.arrays, "prior_out": raised})
    return read(question, (TRIESTE, KAIKO), weights)


@pytest.mark.parametrize("question", [QUESTION, "Who wrote the opera about the Kaiko?"])
def test_the_prior_raises_the_belief_and_leaves_what_is_declined(question: str) -> None:
    low, high = with_prior(0.0, question), with_prior(2.0, question)
    assert high.none_of_these < low.none_of_these
    assert high.doubt == pytest.approx(low.doubt, abs=1e-6)
    assert high.is_declined is low.is_declined
    assert low.doubt == pytest.approx(low.none_of_these, abs=1e-6)


def test_confidences_rise_where_likeliest_answers_are_always_right() -> None:
    weights = default_weights()
    right = Example(question=QUESTION, answers=("26 August 1953",), sources=(TRIESTE, KAIKO))
    none = Example(question=QUESTION, answers=(), sources=(KAIKO,))
    trials = [trial for each in (right, none) if (trial := trial_of(each, weights)) is not None]
    gate = gate_of(trials)
    fitted = heat_of(trials, gate)
    before = float(chances(trials[0], Heat(1.0), gate=gate).max())
    assert float(chances(trials[0], fitted, gate=gate).max()) > max(before, 0.9)
