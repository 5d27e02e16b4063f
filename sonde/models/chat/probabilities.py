"""Probabilities of given candidate answers, from several sources behind one protocol.

Here from token logprobs and from percentages that the model states; sampled answers stand in
`samples.py`. None of them is calibrated; each tells how many calls it took.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import exp, isnan
from string import ascii_uppercase
from typing import NamedTuple, Protocol

from ...records.belief import AnswerBelief, BeliefSource, Candidate
from ...records.errors import ContentFiltered, ModelRefused, ReplyUnreadable, SetupError
from ...records.messages import ChatReply, ChatRequest, Message, TokenAlternative
from ..chat_model import ChatModel
from ..reasoner import Estimate
from .belief import answer_key, read_belief
from .delimiters import Fence
from .parse import visible_text
from .prompts import Prompts
from .tags import find_tags, region_of

_NONE_OF_THESE = "none of these"
_LABEL_TOKENS = 4
"""A label is one token; some servers send empty or blank ones before it."""
_FEW_LOGPROBS = 5
"""What servers allow that refuse 20: older ones of vLLM, and several that host models."""
_AROUND_A_LABEL = " \t\r\n\"'`*().:ĠĊ▁"
"""White space, also as tokenizers write it, and what models put around a label."""


class CandidateProbabilities(Protocol):
    """A source of probabilities for candidate answers."""

    async def estimate(self, question: str, candidates: Sequence[str], context: str) -> Estimate:
        """Return how likely each candidate answers the question, given what is known.

        Raises:
            SetupError: The source cannot do this with this model or so many candidates.
            ModelError: The model failed, or its reply stayed unreadable.
            BudgetExceeded: A call that it needs could pass a limit.
        """
        ...


def distinct(candidates: Sequence[str]) -> list[str]:
    """Return the candidates on one line each, those that are spelled alike only once."""
    by_key: dict[str, str] = {}
    for text in candidates:
        line = " ".join(text.split())
        by_key.setdefault(answer_key(line), line)
    return list(by_key.values())


def belief_from_shares(
    candidates: Sequence[str], shares: Sequence[float], *, source: BeliefSource
) -> AnswerBelief:
    """Return a belief, likeliest first; what is missing to 1 goes to none of these."""
    ranked = [
        Candidate(text=text, probability=share)
        for text, share in zip(candidates, shares, strict=True)
    ]
    ranked.sort(key=lambda candidate: -candidate.probability)
    rest = max(0.0, 1 - sum(shares))
    return AnswerBelief(candidates=tuple(ranked), none_of_these=rest, source=source)


class LogprobProbabilities:
    """One call: the probability of each candidate's label as the reply's first token.

    Where a server refuses so many alternatives it takes another, with five of them.

    Spellings of a label (`A`, ` A`, `A.`) are summed. "None of these" has a label of its own; its
    mass and that of every token that is no label go to none of these, and are never shared out.
    """

    def __init__(
        self, model: ChatModel, *, top_logprobs: int = 20, prompts: Prompts | None = None
    ) -> None:
        self._model = model
        self._top_logprobs = top_logprobs
        self._prompts = prompts or Prompts.load()

    async def estimate(self, question: str, candidates: Sequence[str], context: str) -> Estimate:
        """Return how likely each candidate is, by one call.

        Raises:
            SetupError: There are too many candidates, or the reply has no logprobs.
            ReplyUnreadable: The reply begins with no label at all.
        """
        candidates = distinct(candidates)
        most = min(self._top_logprobs, len(ascii_uppercase) - 1)
        if not 0 < len(candidates) <= most:
            raise SetupError(
                f"{len(candidates)} candidates cannot be told apart by top_logprobs="
                f"{self._top_logprobs}; give 1 to {most}, or use sampled or stated probabilities"
            )
        labels = ascii_uppercase[: len(candidates) + 1]
        listed = zip(labels, (*candidates, _NONE_OF_THESE), strict=True)
        fence = Fence.around(question, context, *candidates)
        values = {
            "question": question,
            "context": fence.wrap(context),
            "candidates": fence.wrap("\n".join(f"{label}. {text}" for label, text in listed)),
        }
        reply, calls = await self._asked(self._prompts.pair("choose", values), len(labels))
        if not reply.logprobs:
            raise SetupError(
                f"{reply.model} returned no logprobs; use sampled or stated probabilities"
            )
        mass = _label_mass(_first_place(reply.logprobs))
        if not any(mass[label] for label in labels):
            raise ReplyUnreadable(
                f"{reply.model} began with none of the labels {labels[0]} to {labels[-1]}; it said "
                f"{reply.text[:200]!r}. Next step: use sampled or stated probabilities"
            )
        belief = belief_from_shares(candidates, _shares(mass, labels), source="logprobs")
        return Estimate(belief=belief, calls=calls)

    async def _asked(self, messages: tuple[Message, ...], labels: int) -> "_Asked":
        """Ask; a server that refuses so many alternatives is asked for fewer, from then on."""
        request = ChatRequest(
            messages=messages,
            max_output_tokens=_LABEL_TOKENS,
            temperature=0.0,
            top_logprobs=self._top_logprobs,
        )
        try:
            return _Asked(await self._model.complete(request), calls=1)
        except ContentFiltered:
            raise
        except ModelRefused:
            if self._top_logprobs <= _FEW_LOGPROBS or labels > _FEW_LOGPROBS:
                raise
        self._top_logprobs = _FEW_LOGPROBS
        fewer = replace(request, top_logprobs=_FEW_LOGPROBS)
        return _Asked(await self._model.complete(fewer), calls=2)


class _Asked(NamedTuple):
    """A reply, and the calls that it took."""

    reply: ChatReply
    calls: int


class StatedProbabilities:
    """One call: percentages that the model puts into words, clipped and normalised."""

    def __init__(
        self, model: ChatModel, *, prompts: Prompts | None = None, max_output_tokens: int = 1024
    ) -> None:
        self._model = model
        self._prompts = prompts or Prompts.load()
        self._max_output_tokens = max_output_tokens

    async def estimate(self, question: str, candidates: Sequence[str], context: str) -> Estimate:
        """Return how likely each candidate is, by one call."""
        candidates = distinct(candidates)
        if not candidates:
            raise SetupError("stated probabilities need candidates; sampled ones find their own")
        fence = Fence.around(question, context, *candidates)
        values = {
            "question": question,
            "context": fence.wrap(context),
            "candidates": fence.wrap("\n".join(candidates)),
        }
        reply = await self._model.complete(
            ChatRequest(
                messages=self._prompts.pair("rate", values),
                max_output_tokens=self._max_output_tokens,
            )
        )
        belief = read_belief(_belief_part(visible_text(reply.text)))
        if belief is None or reply.finish == "length":
            raise ReplyUnreadable(
                f"{reply.model} stated no probabilities that can be read (finish: {reply.finish}); "
                f"it began: {reply.text[:200]!r}. Next step: use sampled probabilities"
            )
        return Estimate(belief=_only(candidates, belief), calls=1)


def _first_place(
    places: Sequence[Sequence[TokenAlternative]],
) -> Sequence[TokenAlternative]:
    """Return the alternatives where the reply begins to say something."""
    for place in places:
        likeliest = max(place, key=lambda one: one.log_prob, default=None)
        if likeliest and likeliest.token.strip(_AROUND_A_LABEL):
            return place
    return ()


def _label_mass(place: Sequence[TokenAlternative]) -> defaultdict[str, float]:
    """Return the mass of each token at a place, spellings of one label summed."""
    mass: defaultdict[str, float] = defaultdict(float)
    for alternative in place:
        if not isnan(alternative.log_prob):
            label = alternative.token.strip(_AROUND_A_LABEL)
            mass[label] += exp(min(0.0, alternative.log_prob))
    return mass


def _shares(mass: Mapping[str, float], labels: str) -> list[float]:
    """Return the share of each candidate's label; the last label is that of none of these."""
    seen = max(1.0, sum(mass.values()))
    return [mass.get(label, 0.0) / seen for label in labels[:-1]]


def _belief_part(text: str) -> str:
    """Return what stands in the tags, or the whole text of a model that wrote none."""
    opening = next((tag for tag in find_tags(text, "belief") if not tag.is_closing), None)
    return region_of(text, opening).inner if opening else text


def _only(candidates: Sequence[str], belief: AnswerBelief) -> AnswerBelief:
    """Return the belief over the candidates that were asked for; others are none of these."""
    stated = {answer_key(one.text): one.probability for one in belief.candidates}
    shares = [stated.get(answer_key(name), 0.0) for name in candidates]
    return belief_from_shares(candidates, shares, source="verbalized")
