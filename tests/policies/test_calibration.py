"""Calibrations: what frozen episodes let a setup promise, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from sonde.policies.calibration import Calibration, Episode, Part
from sonde.policies.certificate import Certificate, Setup
from sonde.policies.learn_then_test import Refusal

SETUP = Setup(policy="gain", stop_rule="none", source="table", model="m")


def episode(task: str, part: Part, confidences: list[float], right: list[bool]) -> Episode:
    truths = [c if r else 1 - c for c, r in zip(confidences, right, strict=True)]
    return Episode(
        task=task,
        part=part,
        confidences=tuple(confidences),
        is_right=tuple(right),
        true_probs=tuple(truths),
    )


def calibration(count: int, *, seed: int = 0, error: float = 0.02) -> Calibration:
    """Return one whose runs are right with .5 at first and, at .99, wrong as often as `error`."""
    rng = np.random.default_rng(seed)
    episodes = [
        episode(
            f"t{n}",
            "stop" if n % 3 else "set",
            [0.6, 0.99],
            [bool(rng.random() < 0.5), bool(rng.random() >= error)],
        )
        for n in range(count)
    ]
    return Calibration(
        setup=SETUP,
        suite="s",
        suite_sha256="0",
        delta=0.1,
        population="answered",
        episodes=tuple(episodes),
    )


def test_the_stop_waits_for_the_confidence_that_keeps_the_error() -> None:
    found = calibration(600).stop(alpha=0.1)
    assert isinstance(found, Certificate)
    assert 0.6 < found.threshold <= 0.99
    assert found.n == 400
    assert found.population == "answered"


def test_what_the_episodes_do_not_prove_is_refused() -> None:
    assert isinstance(calibration(600, error=0.3).stop(alpha=0.1), Refusal)
    few = calibration(9).stop(alpha=0.1)
    assert isinstance(few, Refusal)
    assert "too few" in few.reason
    none = replace(calibration(9), episodes=()).stop(alpha=0.1)
    assert isinstance(none, Refusal)


def test_the_set_is_calibrated_on_its_own_episodes_at_the_stop() -> None:
    found = calibration(600).terminal_set(alpha=0.1)
    assert isinstance(found, Certificate)
    assert found.kind == "terminal set"
    assert found.n == 200
    assert found.threshold == pytest.approx(0.99)
    tiny = calibration(9).terminal_set(alpha=0.1)
    assert isinstance(tiny, Refusal)
    assert "too few" in tiny.reason


def test_a_truth_without_probability_refuses_a_set_of_everything() -> None:
    blind = Episode(task="x", part="set", confidences=(0.9,), is_right=(False,), true_probs=(0.0,))
    many = tuple(replace(blind, task=str(n)) for n in range(40))
    found = replace(calibration(9), episodes=many).terminal_set(alpha=0.1)
    assert isinstance(found, Refusal)
    assert "only the set of everything" in found.reason


def test_runs_end_with_the_confidence_of_their_stop() -> None:
    ends = calibration(600).final_confidences(alpha=0.1)
    assert ends.tolist() == [0.99] * 600


def test_a_task_that_stands_there_twice_is_refused() -> None:
    twice = (episode("a", "stop", [0.5], [True]),) * 2
    with pytest.raises(ValueError, match="more than once"):
        replace(calibration(9), episodes=twice)


def test_rows_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ValueError, match="rows of one length"):
        Episode(task="a", part="stop", confidences=(0.5,), is_right=(), true_probs=(0.5,))
    with pytest.raises(ValueError, match="no probability"):
        Episode(task="a", part="stop", confidences=(1.5,), is_right=(True,), true_probs=(0.5,))


@pytest.mark.parametrize(
    "broken", [{"grid": ()}, {"grid": (0.5, 0.9)}, {"set_thresholds": (1.5,)}, {"delta": 1.0}]
)
def test_a_calibration_that_could_not_be_used_is_none(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"grid|thresholds|delta"):
        replace(calibration(9), **broken)  # pyright: ignore[reportArgumentType] -- wrong on purpose
