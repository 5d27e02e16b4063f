"""Probabilities of candidate answers from asking a model the same question many times."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ...records.errors import SetupError
from ...records.messages import ChatReply, ChatRequest
from ..chat_model import ChatModel
from ..reasoner import Estimate
from .belief import answer_key
from .delimiters import Fence
from .parse import visible_text
from .probabilities import belief_from_shares, distinct
from .prompts import Prompts

_NO_ANSWER = "unknown"
"""The key of what the prompt asks for where the model has no answer."""


class SampledProbabilities:
    """Several calls: how often each answer comes when the model is asked again and again.

    Answers are clustered by their normalised text. With k clusters beside "none of these", n
    samples and a prior of strength s spread evenly, a cluster that came c times gets
    (c + s / (k + 1)) / (n + s): the mean of a Dirichlet posterior. Without candidates the clusters
    themselves are the candidates.
    """

    def __init__(
        self,
        model: ChatModel,
        *,
        samples: int = 8,
        prior_strength: float = 1.0,
        temperature: float = 1.0,
        seed: int | None = None,
        max_output_tokens: int = 512,
        prompts: Prompts | None = None,
    ) -> None:
        if samples < 1 or prior_strength <= 0:
            raise SetupError(
                f"sampling needs samples >= 1 and prior_strength > 0, not {samples} and "
                f"{prior_strength}"
            )
        self._model = model
        self._samples = samples
        self._prior_strength = prior_strength
        self._max_output_tokens = max_output_tokens
        self._temperature = temperature
        self._seed = seed
        self._prompts = prompts or Prompts.load()

    async def estimate(self, question: str, candidates: Sequence[str], context: str) -> Estimate:
        """Return how likely each candidate is, by as many calls as samples."""
        answers = await self._sample(question, context)
        counts = Counter(answer_key(answer) for answer in answers)
        spellings = {answer_key(answer): answer for answer in reversed(answers)}
        named = distinct(candidates) or [
            text for key, text in spellings.items() if key not in ("", _NO_ANSWER)
        ]
        pseudo = self._prior_strength / (len(named) + 1)
        whole = self._samples + self._prior_strength
        shares = [(counts[answer_key(name)] + pseudo) / whole for name in named]
        belief = belief_from_shares(named, shares, source="samples")
        return Estimate(belief=belief, calls=self._samples)

    async def _sample(self, question: str, context: str) -> list[str]:
        fence = Fence.around(question, context)
        messages = self._prompts.pair(
            "sample", {"question": question, "context": fence.wrap(context)}
        )
        request = ChatRequest(
            messages=messages,
            max_output_tokens=self._max_output_tokens,
            temperature=self._temperature,
        )
        seeds = [None if self._seed is None else self._seed + i for i in range(self._samples)]
        requests = [replace(request, seed=seed) for seed in seeds]
        # Where one fails the others are waited for: a call that is broken off has no known price.
        asked = [self._model.complete(one) for one in requests]
        replies = await asyncio.gather(*asked, return_exceptions=True)
        for reply in replies:
            if isinstance(reply, BaseException):
                raise reply
        return [visible_text(reply.text) for reply in replies if isinstance(reply, ChatReply)]
