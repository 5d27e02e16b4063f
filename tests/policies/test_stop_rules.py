"""Stop rules stop where they say, and a certified one only with a valid certificate."""

from math import log, nan

import numpy as np
import pytest

from sonde.policies.belief import Belief, Estimates
from sonde.policies.certificate import Certificate, Setup, Standing
from sonde.policies.drift import measure_drift
from sonde.policies.learn_then_test import Refusal
from sonde.policies.query_policy import InformationGain, Scores
from sonde.policies.stop_rules import (
    CertifiedStop,
    Confidence,
    FirstOf,
    LowEntropy,
    MaximumQueries,
    MinimumGain,
)
from sonde.policies.table import Table
from sonde.policies.table_belief import TableBelief

_SETUP = Setup(policy="p", stop_rule="s", source="table", model="m")
_CERTIFICATE = Certificate(
    kind="stop error", alpha=0.1, delta=0.1, n=100, threshold=0.85, setup=_SETUP
)


def _belief(answers: int = 0) -> TableBelief:
    belief = TableBelief.start(Table.binary([[0.9] * 4, [0.1] * 4]))
    for query in range(answers):
        belief = belief.update(query, 1)
    return belief


def _scores(gain: float, error: float) -> Scores:
    estimates = Estimates(values=np.array([gain]), standard_errors=np.array([error]))
    return Scores.masked(_belief(), [0], estimates)


def test_a_count_stops_at_its_limit() -> None:
    assert not MaximumQueries(limit=2).decide(_belief(1), None).stop
    done = MaximumQueries(limit=2).decide(_belief(2), None)
    assert (done.stop, done.reason) == (True, "2 of 2 queries")


def test_a_confidence_stops_where_it_is_reached() -> None:
    rule = Confidence(threshold=0.9)
    assert not rule.decide(_belief(0), None).stop
    assert rule.decide(_belief(2), None).stop


def test_an_entropy_stops_where_little_is_left() -> None:
    assert LowEntropy(nats=log(2)).decide(_belief(0), None).stop
    assert not LowEntropy(nats=0.2).decide(_belief(1), None).stop
    assert LowEntropy(nats=0.2).decide(_belief(2), None).stop


@pytest.mark.parametrize(
    ("gain", "error", "least", "stops"),
    [
        (0.2, 0.0, 0.0, False),
        (0.0, 0.0, 0.0, True),
        (1e-12, 0.0, 0.0, True),
        (0.2, 0.3, 0.0, True),
        (0.2, 0.1, 0.0, False),
        (0.2, 0.1, 0.25, True),
    ],
)
def test_a_gain_within_its_standard_error_of_zero_stops(
    gain: float, error: float, least: float, stops: bool
) -> None:
    assert MinimumGain(least=least).decide(_belief(), _scores(gain, error)).stop is stops


def test_no_query_left_stops() -> None:
    everything = InformationGain().score(_belief(4), range(4))
    assert MinimumGain().decide(_belief(4), everything).stop
    assert MinimumGain().decide(_belief(4), None).reason == "no query is left to score"


def test_a_certified_stop_carries_its_promise() -> None:
    rule = CertifiedStop(certificate=_CERTIFICATE, setup=_SETUP)
    early = rule.decide(_belief(0), None)
    assert not early.stop
    assert early.verdict is not None
    assert early.verdict.standing is Standing.UNCERTIFIED
    assert "below the certified 0.85" in early.reason
    done = rule.decide(_belief(1), None)
    assert done.stop
    assert done.verdict is not None
    assert done.verdict.standing is Standing.CERTIFIED


@pytest.mark.parametrize("certificate", [None, Refusal(reason="no", alpha=0.1, delta=0.1, n=3)])
def test_without_a_certificate_it_never_stops(certificate: Refusal | None) -> None:
    rule = CertifiedStop(certificate=certificate, setup=_SETUP)
    decision = rule.decide(_belief(4), None)
    assert not decision.stop
    assert decision.verdict is not None
    assert decision.verdict.standing in (Standing.UNCERTIFIED, Standing.REFUSED)


def test_a_certificate_of_another_model_or_a_stale_one_does_not_stop() -> None:
    other = Setup(policy="p", stop_rule="s", source="table", model="another")
    assert not CertifiedStop(certificate=_CERTIFICATE, setup=other).decide(_belief(4), None).stop
    moved = measure_drift(np.linspace(0, 1, 300), np.linspace(0, 0.4, 300))
    stale = CertifiedStop(certificate=_CERTIFICATE, setup=_SETUP, drift=moved)
    decision = stale.decide(_belief(4), None)
    assert not decision.stop
    assert decision.verdict is not None
    assert decision.verdict.standing is Standing.STALE


def test_a_certificate_about_sets_cannot_stop_a_run() -> None:
    sets = Certificate(
        kind="length sets", alpha=0.1, delta=None, n=100, threshold=0.1, setup=_SETUP
    )
    with pytest.raises(ValueError, match="promises nothing about the error at the stop"):
        CertifiedStop(certificate=sets, setup=_SETUP)


def test_the_first_rule_to_stop_gives_the_reason_and_the_claim_is_kept() -> None:
    rules = FirstOf(
        rules=[
            CertifiedStop(certificate=_CERTIFICATE, setup=_SETUP),
            MinimumGain(),
            MaximumQueries(limit=9),
        ]
    )
    going = rules.decide(_belief(0), _scores(0.3, 0.0))
    assert not going.stop
    assert "0 of 9 queries" in going.reason
    spent = rules.decide(_belief(0), _scores(0.0, 0.0))
    assert spent.stop
    assert spent.reason.startswith("best gain 0")
    assert spent.verdict is not None
    assert spent.verdict.standing is Standing.UNCERTIFIED
    assert rules.description.startswith("first of: certified stop, error 0.1 at 0.1; gain above")


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="confidence must lie"):
        Confidence(threshold=0)
    with pytest.raises(ValueError, match="entropy must be 0 or more"):
        LowEntropy(nats=nan)
    with pytest.raises(ValueError, match="least gain must be 0 or more"):
        MinimumGain(least=-1)


def test_the_default_of_a_run_stops_on_the_certificate_before_its_queries_are_spent() -> None:
    rule = FirstOf(
        rules=[
            CertifiedStop(certificate=_CERTIFICATE, setup=_SETUP),
            MinimumGain(),
            MaximumQueries(limit=4),
        ]
    )
    belief: Belief = _belief()
    for _ in range(4):
        scores = InformationGain().score(belief, range(4))
        if rule.decide(belief, scores).stop:
            break
        assert scores.choice is not None
        belief = belief.update(scores.choice, 1)
    assert len(belief.asked) == 1
