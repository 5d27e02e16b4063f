"""A model's candidates with handed-in forecasts behave as any other belief."""

from math import log, nan

import numpy as np
import pytest

from sonde.policies.model_belief import NONE_OF_THESE, Forecast, ModelBelief
from sonde.records.belief import AnswerBelief, Candidate

_TELLS = Forecast(query="tells", likelihood=((1.0, 0.0), (0.0, 1.0)))
_BLURS = Forecast(query="blurs", likelihood=((0.5, 0.5), (0.5, 0.5)), standard_error=0.02)
_LEANS = Forecast(query="leans", likelihood=((0.8, 0.4), (0.2, 0.6)))


def _belief() -> ModelBelief:
    return ModelBelief(
        support=("Bern", "Basel"), probs=np.array([0.25, 0.75]), forecasts=(_TELLS, _BLURS, _LEANS)
    )


def test_gains_follow_from_the_forecasts() -> None:
    estimates = _belief().gains([0, 1])
    entropy = -0.25 * log(0.25) - 0.75 * log(0.75)
    assert estimates.values == pytest.approx([entropy, 0])
    assert estimates.standard_errors.tolist() == [0, 0.02]


def test_the_update_is_the_one_the_gain_was_computed_with() -> None:
    belief = _belief()
    left = sum(
        chance * belief.update(2, answer).entropy
        for answer, chance in enumerate(belief.predictive(2))
    )
    assert belief.gains([2]).values[0] == pytest.approx(belief.entropy - left)
    after = belief.update(2, 0)
    assert after.probs == pytest.approx([0.4, 0.6])
    assert after.asked == (2,)


def test_a_stated_belief_keeps_what_was_not_named() -> None:
    stated = AnswerBelief(
        candidates=(Candidate(text="Bern", probability=0.7),), none_of_these=0.3, source="reader"
    )
    belief = ModelBelief.of_answers(stated)
    assert belief.support == ("Bern", NONE_OF_THESE)
    assert belief.probs == pytest.approx([0.7, 0.3])
    nothing = AnswerBelief(candidates=(), none_of_these=1.0, source="reader")
    assert ModelBelief.of_answers(nothing).entropy == 0


def test_an_answer_that_no_candidate_gives_is_noise_and_is_told() -> None:
    forecast = Forecast(query="sure", likelihood=((1.0, 1.0), (0.0, 0.0)))
    belief = ModelBelief(support=("a", "b"), probs=np.array([0.2, 0.8]), forecasts=(forecast,))
    after = belief.update(0, 1)
    assert after.note is not None
    assert "no chance under any candidate" in after.note
    assert after.probs == pytest.approx([0.2, 0.8])


def test_what_is_no_belief_or_no_forecast_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a belief must sum to 1, not 0\.8"):
        ModelBelief(support=("a", "b"), probs=np.array([0.4, 0.4]))
    with pytest.raises(ValueError, match="a belief needs finite entries"):
        ModelBelief(support=("a", "b"), probs=np.array([nan, 1.0]))
    with pytest.raises(ValueError, match="a belief needs at least one entry"):
        ModelBelief(support=(), probs=np.array([]))
    with pytest.raises(ValueError, match="2 probabilities for 1 candidates"):
        ModelBelief(support=("a",), probs=np.array([0.5, 0.5]))
    with pytest.raises(ValueError, match="about 2 candidates, the belief about 1"):
        ModelBelief(support=("a",), probs=np.array([1.0]), forecasts=(_TELLS,))
    with pytest.raises(ValueError, match="rows of one length"):
        Forecast(query="q", likelihood=((1.0,), (0.0, 0.0)))
    with pytest.raises(ValueError, match=r"forecast 'q', entry 0 must sum to 1, not 0\.5"):
        Forecast(query="q", likelihood=((0.5,),))
    with pytest.raises(ValueError, match="standard error"):
        Forecast(query="q", likelihood=((1.0,),), standard_error=nan)
    with pytest.raises(ValueError, match="query 3 is unknown"):
        _belief().update(3, 0)
    with pytest.raises(ValueError, match="answer 2 to 'tells' is unknown"):
        _belief().update(0, 2)
