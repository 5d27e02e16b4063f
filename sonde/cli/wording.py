"""A result in words: headline, confidence, set of answers, bill. Every format says the same."""

from collections.abc import Sequence

from ..agents.team.result import TeamResult
from ..records.belief import SetMember, SetRule
from ..records.result import MODEL_FAILED, Certificate, Result
from ..records.stopping import StopReason
from .figures import count, dollars, percent, seconds, tokens
from .flag_words import in_flags

FEW = 5
"""Answers of a confidence set that still help."""
_DEGREES = (
    # The calibrated language of the IPCC (Mastrandrea et al., 2010), as far as it tells degrees.
    (0.99, "virtually certain"),
    (0.90, "very likely"),
    (0.66, "likely"),
    (0.33, "about as likely as not"),
    (0.10, "unlikely"),
    (0.01, "very unlikely"),
    (0.0, "exceptionally unlikely"),
)
_ENDS = {
    StopReason.ANSWERED: "answered",
    StopReason.ABSTAINED: "no answer found",
    StopReason.BUDGET_USD: "stopped at the limit of dollars",
    StopReason.BUDGET_TOKENS: "stopped at the limit of tokens",
    StopReason.BUDGET_ROUNDS: "stopped at the limit of rounds",
    StopReason.BUDGET_CALLS: "stopped at the limit of model calls",
    StopReason.DEADLINE: "stopped at the time limit",
    StopReason.NO_GAIN: "stopped: a further search would bring nothing new",
    StopReason.INTERRUPTED: "interrupted",
    StopReason.PROVIDER_ERROR: "stopped: a provider failed",
}
_DETAILS = {
    "content_filter": "its provider's content filter said no",
    "refused": "it refused the request",
    "context_overflow": "the prompt was longer than its context",
    "unreadable": "its replies could not be read",
    "unreachable": "it could not be reached",
}


def end_in_words(reason: StopReason) -> str:
    """Return why a run ended, in words."""
    return _ENDS[reason]


def ending(result: Result) -> str:
    """Return why a run ended, in words, with what exactly failed unless that is told already."""
    words, detail = end_in_words(result.stop_reason), result.stop_detail
    if result.failure is not None:
        return words
    return f"{words} ({_DETAILS.get(detail, detail)})" if detail else words


def headline_without_answer(result: Result) -> str:
    """Return what stands where the answer would: why there is none, and what to do about it."""
    if is_failure_told(result):
        return f"There is no answer: {in_flags(result.failure or '')}."
    if result.stop_reason in (StopReason.ABSTAINED, StopReason.ANSWERED, StopReason.NO_GAIN):
        return "I could not answer this from what was searched."
    return f"There is no answer: the run {ending(result)}."


def is_failure_told(result: Result) -> bool:
    """Return whether the headline tells what failed, so that nothing else need."""
    is_failed = result.stop_reason is StopReason.PROVIDER_ERROR
    return is_failed and result.answer is None and result.failure is not None


def is_partial(result: Result) -> bool:
    """Return whether the answer is the best one so far and not a finished one."""
    return result.answer is not None and result.stop_reason is not StopReason.ANSWERED


def confidence_in_words(result: Result) -> str:
    """Return how sure the answer is, in words and in figures, and what stands behind that."""
    ground = _ground(result.certificate)
    if result.confidence is None:
        return f"unknown ({ground})"
    degree = next(words for least, words in _DEGREES if result.confidence >= least)
    return f"{degree}, {percent(result.confidence)}{_source(result)} ({ground})"


def _source(result: Result) -> str:
    """Return where the confidence comes from, if a source was asked for it."""
    source = result.trail[-1].source if result.trail else None
    return f" from {source}" if source in ("logprobs", "verbalized", "samples") else ""


def _ground(certificate: Certificate | None) -> str:
    if certificate is None:
        return "uncertified: an estimate, not a promise"
    if certificate.is_valid:
        promise = f"{certificate.kind}, error at most {percent(certificate.alpha)}"
        return f"certified: {certificate.reason}" if certificate.reason else promise
    return f"{certificate.standing}: {certificate.reason}"


def rivals(result: Result) -> str | None:
    """Return the confidence set in words; None where it is the answer alone, or nothing is known.

    A belief that its candidates do not hold enough of has no set; that is told, for it says much.
    After an abstention the passages are shown, and not the answers that were not believed.
    """
    if result.stop_reason is StopReason.ABSTAINED:
        return None
    if result.set_rule is not None:
        is_told = result.answer is not None  # of a question that was declined it promises nothing
        return _by_rule(result.confidence_set, result.set_rule) if is_told else None
    members = result.confidence_set
    if not members and result.answer is not None and result.confidence is not None:
        return "cannot be listed: too much of the belief lies outside the likeliest candidates"
    if len(members) < 2:
        return None
    if len(members) > FEW:
        return f"too large to help ({len(members)} answers)"
    return _listed(members)


def _listed(members: Sequence[SetMember]) -> str:
    return "; ".join(f"{each.text} {percent(each.probability)}" for each in members)


def _by_rule(members: Sequence[SetMember], rule: SetRule) -> str | None:
    """Return a set with what its rule promises; of one that is too large that alone."""
    if not members:
        return None
    if len(members) > FEW:
        share = percent(rule.coverage)
        return f"too many to help (a set that is right {share} of the time takes over {FEW})"
    if len(members) == 1:
        return f"this one alone; {promise_in_words(rule)}"
    return f"{_listed(members)}; {promise_in_words(rule)}"


def promise_in_words(rule: SetRule) -> str:
    """Return what the rule of a set promises."""
    share = round(rule.coverage * 100)
    return f"such a set holds the right answer in {share} of 100 {rule.population}"


def warnings_in_words(result: Result) -> Sequence[str]:
    """Return the warnings that the headline does not tell, as the command line puts them."""
    told = f"{MODEL_FAILED}{result.failure}" if is_failure_told(result) else None
    return [in_flags(each) for each in result.warnings if each != told]


def chain_in_words(result: Result) -> str | None:
    """Return the steps of an argument over several documents: "A says B; B says C".

    None where there is one step, or a step whose telling words are not known.
    """
    cited = result.citations
    titles = {citation.title.strip() for citation in cited}
    is_chain = result.answer is not None and len(cited) > 1 and len(titles) == len(cited)
    if not is_chain or "" in titles or not all(citation.emphasis for citation in cited):
        return None
    return "; ".join(f"{citation.title} says {citation.emphasis}" for citation in cited)


def price_in_words(result: Result) -> str:
    """Return the price; unknown is said to be unknown."""
    if result.cost_usd is None:
        return "price unknown"
    if result.cost_usd == 0 and not _has_tokens(result):
        return "$0.00 (no model was paid)"
    return dollars(result.cost_usd)


def _has_tokens(result: Result) -> bool:
    """Return whether somebody sold tokens: a model, or an embedder beside the offline reader."""
    return result.cpu_s is None or result.usage.output is not None


def _steps(result: Result) -> str:
    if not isinstance(result, TeamResult):
        return count(result.steps, "step")
    return f"{count(result.messages, 'message')} of {count(result.message_tokens, 'token')}"


def bill(result: Result) -> tuple[str, ...]:
    """Return the parts of the bill, in the order in which they are read."""
    time = seconds(result.wall_s)
    used = tokens(result.usage) if _has_tokens(result) else "no model tokens"
    if result.cpu_s is not None:
        time += f" ({seconds(result.cpu_s)} reading)"
    return (
        count(result.rounds, "round"),
        _steps(result),
        used,
        time,
        price_in_words(result),
        ending(result),
        f"run {result.run_id}",
    )
