"""Weighing a round's candidates: forecasts become a belief, and a policy ranks them per price."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..memory.workspace import Memory
from ..models.reasoner import Forecaster, Forecasts
from ..policies.conformal_pursuit import ConformalPursuit
from ..policies.model_belief import ModelBelief
from ..policies.query_policy import TIE_NATS, InformationGain, PerCost, Scores
from ..records.belief import AnswerBelief
from ..records.bits import bits
from ..records.choice import Choice, ScoredAction
from ..records.decision import Decision
from ..records.errors import BudgetExceeded, ModelError
from .chooser import Chooser
from .fitting import asked_fitting
from .run import Run


async def weigh(run: Run, decision: Decision, memory: Memory, plain: Choice) -> Choice:
    """Return what the run's policy makes of the candidates of a choice.

    The reasoner's own choice stands where there is one candidate, and where there is no belief or
    no forecast to weigh the others by; the reason says so.
    """
    belief = decision.belief
    if len(plain.candidates) < 2:
        return replace(plain, reason="the only candidate")
    if run.the_parts().chooser.policy is None:
        return _at_random(run, plain)
    if belief is None or len(_support(belief)) < 2:
        return replace(plain, reason="the reasoner's first choice: no belief to weigh by yet")
    forecasts = await _forecasts(run, decision, memory, plain)
    if isinstance(forecasts, str):
        return replace(plain, reason=f"the reasoner's first choice: {forecasts}")
    return _by_policy(run, plain, belief, forecasts)


def _at_random(run: Run, plain: Choice) -> Choice:
    """Return a candidate by luck that hangs on seed, question and round alone."""
    digest = hashlib.sha256(run.question.encode()).digest()
    luck = [run.the_parts().chooser.seed, run.round, int.from_bytes(digest[:8], "big")]
    candidates = plain.candidates
    place = int(np.random.default_rng(luck).integers(len(candidates)))
    reason = f"one of {len(candidates)} at random"
    return replace(plain, chosen=candidates[place].action, reason=reason)


async def _forecasts(
    run: Run, decision: Decision, memory: Memory, plain: Choice
) -> Forecasts | str:
    """Return the forecasts, or why there are none."""
    reasoner = run.the_parts().reasoner
    if not isinstance(reasoner, Forecaster):
        return f"{reasoner.name} forecasts nothing"
    actions = [decision.actions[each.action] for each in plain.candidates]
    try:
        with run.calling("forecast"):
            found = await asked_fitting(
                run, memory, lambda view: reasoner.forecast(view, decision, actions)
            )
    except BudgetExceeded as err:
        return f"the budget does not bear a forecast ({err})"
    except ModelError as err:
        return f"the forecast failed ({err})"
    return found or "nothing at hand tells the candidates apart"


def _by_policy(run: Run, plain: Choice, belief: AnswerBelief, forecasts: Forecasts) -> Choice:
    """Return the best candidate per price, or the end where none can be told from useless."""
    chooser = run.the_parts().chooser
    model = ModelBelief.of_answers(belief, forecasts.by_action)
    everything = range(len(forecasts.by_action))
    gains = InformationGain().score(model, everything)
    scores = _scores(chooser, model, plain, round_number=run.round)
    candidates = tuple(
        replace(
            each,
            gain_nats=float(gains.values[i]),
            standard_error=float(gains.standard_errors[i]),
            score=float(scores.values[i]),
        )
        for i, each in enumerate(plain.candidates)
    )
    weighed = replace(
        plain,
        candidates=candidates,
        entropy_before=model.entropy,
        basis=forecasts.basis,
        calls=forecasts.calls,
    )
    best = scores.best
    if best is None or _is_nothing_gained(gains):
        top = int(gains.values.argmax())
        gain, error = gains.values[top], gains.standard_errors[top]
        told = f"{bits(gain):.4f} bits +- {bits(error):.4f}"
        reason = f"the best candidate is expected to bring {told}: no gain"
        return replace(weighed, chosen=None, reason=reason, ends="no_gain")
    return replace(
        weighed,
        chosen=candidates[best].action,
        entropy_expected=max(0.0, model.entropy - float(gains.values[best])),
        reason=_reason(candidates, best),
    )


def _is_nothing_gained(gains: Scores) -> bool:
    """Return whether every gain is within its own standard error of zero (`MinimumGain`)."""
    least = np.maximum(gains.standard_errors, TIE_NATS)
    return bool((gains.values <= least).all())


def _scores(chooser: Chooser, model: ModelBelief, plain: Choice, *, round_number: int) -> Scores:
    policy = chooser.policy or InformationGain()
    if isinstance(
        policy, ConformalPursuit
    ):  # a model's belief is new in each round: shift the rest
        first = min(round_number - 1, len(policy.thresholds) - 1)
        policy = replace(policy, thresholds=policy.thresholds[first:])
    prices = {i: each.price for i, each in enumerate(plain.candidates)}
    return PerCost(inner=policy, costs=prices, unit="search").score(model, range(len(prices)))


def _reason(candidates: Sequence[ScoredAction], best: int) -> str:
    top = candidates[best]
    said = f"expected to bring {bits(top.gain_nats or 0):.3f} bits"
    if top.price != 1:
        said += f" at a price of {top.price:g} searches"
    others = [
        each.score for i, each in enumerate(candidates) if i != best and each.score is not None
    ]
    if not others or top.score is None:
        return said
    return f"{said}; score {bits(top.score):.3f}, the next best {bits(max(others)):.3f}"


def _support(belief: AnswerBelief) -> list[float]:
    chances = [each.probability for each in belief.candidates]
    return [each for each in (*chances, belief.none_of_these) if each > 0]
