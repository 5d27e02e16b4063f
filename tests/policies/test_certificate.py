"""A certificate holds for the setup it was made for, and for no other."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sonde.policies.certificate import (
    Certificate,
    Setup,
    Standing,
    stop_certificate,
    verdict,
)
from sonde.policies.drift import measure_drift
from sonde.policies.learn_then_test import Refusal, StoppingConfidence

_SETUP = Setup(
    policy="information gain", stop_rule="confidence", source="logprobs", model="llama-8b"
)
_FOUND = StoppingConfidence(
    value=0.8, alpha=0.1, delta=0.05, n=200, errors=9, tested=180, population="answered"
)
_REFUSAL = Refusal(reason="too few", alpha=0.1, delta=0.05, n=3)


def _certificate() -> Certificate:
    found = stop_certificate(_FOUND, setup=_SETUP)
    assert isinstance(found, Certificate)
    return found


def test_a_proved_confidence_becomes_a_certificate_that_says_what_it_promises() -> None:
    found = verdict(_certificate(), setup=_SETUP)
    assert found.standing is Standing.CERTIFIED
    assert found.reason == (
        "answers at the stop are wrong in at most 0.1 of the runs that stop so, with confidence "
        "0.95 (n = 200)"
    )


@pytest.mark.parametrize("part", ["policy", "stop_rule", "source", "model"])
def test_any_change_makes_it_invalid_and_is_named(part: str) -> None:
    changes: dict[str, Any] = {part: "another"}
    found = verdict(_certificate(), setup=replace(_SETUP, **changes))
    assert found.standing is Standing.UNCERTIFIED
    assert f"{part} was " in found.reason
    assert "is 'another'; calibrate again" in found.reason


def test_parts_that_run_together_have_different_fingerprints() -> None:
    one = Setup(policy="ab", stop_rule="c", source="d", model="e")
    other = Setup(policy="a", stop_rule="bc", source="d", model="e")
    assert one.fingerprint != other.fingerprint
    assert one.fingerprint == replace(one).fingerprint


def test_a_refusal_stays_one() -> None:
    assert stop_certificate(_REFUSAL, setup=_SETUP) is _REFUSAL
    found = verdict(_REFUSAL, setup=_SETUP)
    assert (found.standing, found.reason) == (Standing.REFUSED, "too few")


def test_no_calibration_is_uncertified() -> None:
    assert verdict(None, setup=_SETUP).standing is Standing.UNCERTIFIED


def test_drift_makes_it_stale() -> None:
    rng = np.random.default_rng(0)
    moved = measure_drift(rng.random(400), rng.random(400) ** 4)
    assert verdict(_certificate(), setup=_SETUP, drift=moved).standing is Standing.STALE
    same = measure_drift(rng.random(400), rng.random(400))
    assert verdict(_certificate(), setup=_SETUP, drift=same).standing is Standing.CERTIFIED


def test_the_record_is_plain_and_whole() -> None:
    assert _certificate().record() == {
        "kind": "stop error",
        "alpha": 0.1,
        "delta": 0.05,
        "n": 200,
        "threshold": 0.8,
        "population": "answered",
        "fingerprint": _SETUP.fingerprint,
        "policy": "information gain",
        "stop_rule": "confidence",
        "source": "logprobs",
        "model": "llama-8b",
    }


def test_levels_outside_their_range_and_no_episodes_are_refused() -> None:
    with pytest.raises(ValueError, match="levels must lie"):
        Certificate(
            kind="terminal set", alpha=0, delta=None, n=9, threshold=0.1, setup=_SETUP
        )  # fmt: skip
    with pytest.raises(ValueError, match="needs calibration episodes"):
        Certificate(kind="terminal set", alpha=0.1, delta=None, n=0, threshold=0.1, setup=_SETUP)
