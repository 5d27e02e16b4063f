"""A chat model's candidates, weighed by one of the sources that have to be asked."""

from dataclasses import replace

from ...records.belief import AnswerBelief, Candidate
from ...records.errors import SetupError
from ...records.view import View
from ..chat_model import ChatModel
from ..reasoner import Estimate
from .belief import answer_key
from .probabilities import CandidateProbabilities, LogprobProbabilities, StatedProbabilities
from .prompts import Prompts
from .samples import SampledProbabilities


class CandidateSources:
    """The sources of one model by name, each made when it is first asked."""

    def __init__(self, model: ChatModel, *, prompts: Prompts, seed: int | None) -> None:
        """Name the model; nothing is asked yet.

        Args:
            model: The model.
            prompts: The prompts `choose`, `rate` and `sample`.
            seed: Seed of the first sample; None sends none.
        """
        self._model = model
        self._prompts = prompts
        self._seed = seed
        self._made: dict[str, CandidateProbabilities] = {}

    async def estimate(self, view: View, belief: AnswerBelief, *, source: str) -> Estimate:
        """Return the candidates of a belief as a source weighs them, each with its evidence.

        Raises:
            SetupError: There is no such source, or it cannot do this with this model.
            ModelError: A call failed, or its reply stayed unreadable.
            BudgetExceeded: A call could pass a limit.
        """
        if source not in self._made:
            self._made[source] = self._make(source)
        names = [candidate.text for candidate in belief.candidates]
        found = await self._made[source].estimate(view.question, names, view.text)
        return replace(found, belief=_with_evidence(found.belief, belief))

    def _make(self, source: str) -> CandidateProbabilities:
        if source == "logprobs":
            return LogprobProbabilities(self._model, prompts=self._prompts)
        if source == "verbalized":
            return StatedProbabilities(self._model, prompts=self._prompts)
        if source == "samples":
            return SampledProbabilities(self._model, seed=self._seed, prompts=self._prompts)
        raise SetupError(f"no source {source!r} to ask; there are: logprobs, verbalized, samples")


def _with_evidence(found: AnswerBelief, stated: AnswerBelief) -> AnswerBelief:
    """Return a belief whose candidates keep the words and the evidence that they had."""
    known = {answer_key(one.text): one for one in stated.candidates}

    def kept(one: Candidate) -> Candidate:
        before = known.get(answer_key(one.text))
        return one if before is None else replace(before, probability=one.probability)

    return replace(found, candidates=tuple(map(kept, found.candidates)))
