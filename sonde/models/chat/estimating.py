"""A chat model's candidates, weighed by one of the sources that have to be asked."""

from dataclasses import replace
from typing import NamedTuple

from ...records.belief import AnswerBelief, Candidate
from ...records.errors import SetupError
from ...records.view import View
from ..chat_model import ChatModel
from ..reasoner import Estimate
from .belief import answer_key
from .probabilities import CandidateProbabilities, LogprobProbabilities, StatedProbabilities
from .prompts import Prompts
from .samples import SampledProbabilities


class Asking(NamedTuple):
    """How a model is asked."""

    model: ChatModel
    """The model."""
    prompts: Prompts
    """The prompts."""
    seed: int | None
    """Seed of the first sample; None sends none."""


async def estimated(asking: Asking, view: View, belief: AnswerBelief, *, source: str) -> Estimate:
    """Return the candidates of a belief as a source weighs them, each with its evidence.

    Raises:
        SetupError: There is no such source, or it cannot do this with this model.
        ModelError: A call failed, or its reply stayed unreadable.
        BudgetExceeded: A call could pass a limit.
    """
    names = [candidate.text for candidate in belief.candidates]
    found = await _source(asking, source).estimate(view.question, names, view.text)
    return replace(found, belief=_with_evidence(found.belief, belief))


def _source(asking: Asking, name: str) -> CandidateProbabilities:
    model, prompts, seed = asking
    if name == "logprobs":
        return LogprobProbabilities(model, prompts=prompts)
    if name == "verbalized":
        return StatedProbabilities(model, prompts=prompts)
    if name == "samples":
        return SampledProbabilities(model, seed=seed, prompts=prompts)
    raise SetupError(f"no source {name!r} to ask; there are: logprobs, verbalized, samples")


def _with_evidence(found: AnswerBelief, stated: AnswerBelief) -> AnswerBelief:
    """Return a belief whose candidates keep the words and the evidence that they had."""
    known = {answer_key(one.text): one for one in stated.candidates}

    def kept(one: Candidate) -> Candidate:
        before = known.get(answer_key(one.text))
        return one if before is None else replace(before, probability=one.probability)

    return replace(found, candidates=tuple(map(kept, found.candidates)))
