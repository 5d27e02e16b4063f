"""Fitting: finds what it was made from, needs no seed, and says when there is nothing to learn."""

import numpy as np
import pytest
from scipy.special import expit

from sonde.policies.gating.fitting import GateLesson, fit_gate
from sonde.policies.gating.links import FEATURES

_ROLES = ("a", "b", "c")


def _lesson(
    runs: int, seed: int
) -> tuple[GateLesson, "np.ndarray[tuple[int], np.dtype[np.float64]]"]:
    rng = np.random.default_rng(seed)
    truth = rng.normal(0, 1.5, len(FEATURES))
    x = rng.uniform(0, 1, (runs, 3, 3, len(FEATURES)))
    x[..., 0] = 1.0
    is_needed = rng.random((runs, 3, 3)) < expit(x @ truth)
    return GateLesson(features=x, is_needed=is_needed, roles=_ROLES), truth


def test_the_fit_finds_the_weights_that_made_the_labels() -> None:
    lesson, truth = _lesson(20_000, seed=3)
    found = fit_gate(lesson, ridge=1e-3, bias_ridge=1e3)
    assert np.abs(found.weights[1:] - truth[1:]).max() < 0.25
    assert max(abs(each) for each in found.biases.values()) < 0.1


def test_the_fit_is_the_same_bit_by_bit_each_time() -> None:
    lesson, _ = _lesson(50, seed=1)
    one, other = fit_gate(lesson), fit_gate(lesson)
    assert one.weights.tobytes() == other.weights.tobytes()
    assert one.biases == other.biases


def test_links_with_unknown_figures_are_left_out() -> None:
    lesson, _ = _lesson(50, seed=1)
    whole = fit_gate(lesson)
    spoilt = GateLesson(
        features=np.concatenate([lesson.features, np.full((5, 3, 3, len(FEATURES)), np.nan)]),
        is_needed=np.concatenate([lesson.is_needed, np.ones((5, 3, 3), dtype=np.bool_)]),
        roles=_ROLES,
    )
    assert np.allclose(fit_gate(spoilt).weights, whole.weights)


def test_without_a_needed_message_there_is_nothing_to_learn() -> None:
    x = np.ones((4, 3, 3, len(FEATURES)))
    lesson = GateLesson(features=x, is_needed=np.zeros((4, 3, 3), dtype=np.bool_), roles=_ROLES)
    with pytest.raises(ValueError, match="of 24 recorded links 0 carried the answer"):
        fit_gate(lesson)


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="needs links of 3 members"):
        GateLesson(features=np.ones((4, 3, 3, 2)), is_needed=np.ones((4, 3, 3)) > 0, roles=_ROLES)
