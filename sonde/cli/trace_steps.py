"""One event of a run as a step of its story."""

from dataclasses import dataclass

from ..records.belief_events import BeliefEstimated, QueryChosen, UncertaintyMeasured
from ..records.bits import bits
from ..records.choice import Choice, ScoredAction
from ..records.decision import Decision
from ..records.events import (
    DecisionMade,
    Event,
    LimitReached,
    ModelCalled,
    PersonAsked,
    RunInterrupted,
    RunResumed,
    ToolCalled,
    ToolReturned,
    Warned,
)
from ..records.tooling import ToolResult
from .figures import count, dollars, information, percent, seconds, tokens
from .flag_words import in_flags
from .printable import one_line, shortened
from .progress_lines import doubt_in_words, texts_in

_RUNNERS_UP = 3
_CANDIDATES = 6
_LONGEST_TITLE = 100
_LONGEST_WORDS = 400
_SEARCH_LINES = 20
_NODES = ("decide", "answer")
"""What model calls are made for, unless they say otherwise."""
_DECIDED = {"act": "to go on", "answer": "to answer", "abstain": "that there is no answer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened."""

    verb: str
    """What the run did: `calls`, `finds`, `believes`."""
    words: str
    """What came of it, on one line."""
    items: tuple[tuple[str, str], ...] = ()
    """Its parts: a short mark (an id, a share) and words."""
    is_trouble: bool = False
    """Whether something went wrong."""


def step_of(event: Event, *, decision: Decision | None, result: ToolResult | None) -> Step | None:
    """Return an event as a step, or None where it is none.

    Args:
        event: The event.
        decision: The round's decision, where the store still has it.
        result: The round's tool result, where the store still has it.
    """
    match event:
        case DecisionMade():
            return _decided(event)
        case BeliefEstimated():
            return _weighed(event)
        case UncertaintyMeasured():
            return _believed(event, decision)
        case QueryChosen():
            return _chose(event.choice)
        case ToolCalled():
            return _called(event)
        case ToolReturned():
            return _returned(event, result)
        case ModelCalled():
            return _asked_model(event)
        case _:
            return _incident(event)


def _incident(event: Event) -> Step | None:
    match event:
        case PersonAsked():
            return Step(verb="asks you", words=shortened(event.question, _LONGEST_WORDS))
        case RunResumed():
            lost = f"; {count(event.calls_in_flight, 'call')} lost" if event.calls_in_flight else ""
            return Step(verb="resumes", words=f"after a break{lost}")
        case LimitReached():
            words = f"at the limit of {event.limit}: {in_flags(event.message)}"
            return _trouble("stops", words)
        case Warned():
            return _trouble("warns", in_flags(event.message))
        case RunInterrupted():
            return _trouble("breaks off", event.message)
        case _:
            return None


def _trouble(verb: str, words: str) -> Step:
    return Step(verb=verb, words=shortened(words, _LONGEST_WORDS), is_trouble=True)


def _decided(event: DecisionMade) -> Step:
    words = _DECIDED[event.kind]
    if event.is_forced:
        words += ", since the search has ended"
    words += f"; notes of {count(event.report_tokens, 'token')}"
    if event.passages_read:
        words += f"; {count(event.passages_read, 'passage')} read in {seconds(event.cpu_s)} of CPU"
    return Step(verb="decides", words=words)


def _weighed(event: BeliefEstimated) -> Step:
    words = f"its candidates by {event.source}, {count(event.calls, 'call')}"
    if event.problem is None:
        return Step(verb="weighs", words=words)
    return _trouble("weighs", f"{words}: the reply's own belief stands, since {event.problem}")


def _believed(event: UncertaintyMeasured, decision: Decision | None) -> Step:
    if event.top is None or event.probability is None:
        return Step(verb="believes", words="in no answer yet")
    rest = f"none of those found {percent(event.none_of_these)}; {doubt_in_words(event)}"
    belief = decision.belief if decision else None
    others = belief.candidates[1 : 1 + _RUNNERS_UP] if belief else ()
    items = tuple((percent(each.probability), one_line(each.text)) for each in others)
    words = f"{percent(event.probability)} {one_line(event.top)}; {rest}"
    return Step(verb="believes", words=words, items=items)


def _chose(choice: Choice) -> Step:
    """Tell a policy's choice: the candidates by score, the chosen one marked."""
    ranked = sorted(choice.candidates, key=lambda each: -(each.score or 0.0))
    items = tuple(
        ("→" if each.action == choice.chosen else "·", _candidate(each))
        for each in ranked[:_CANDIDATES]
    )
    words = f"by {choice.policy}: {choice.reason}"
    if choice.entropy_before is not None:
        words += f"; uncertainty {information(choice.entropy_before)}"
    if choice.entropy_expected is not None:
        words += f", {information(choice.entropy_expected)} expected after it"
    if choice.basis is not None:
        words += f" (from {choice.basis})"
    verb = "chooses" if choice.chosen is not None else "stops"
    return Step(verb=verb, words=shortened(words, _LONGEST_WORDS), items=items)


def _candidate(scored: ScoredAction) -> str:
    words = shortened(f"{scored.tool}: {scored.words}", _LONGEST_TITLE)
    if scored.gain_nats is None or scored.score is None:
        return words
    error = f" ± {bits(scored.standard_error):.3f}" if scored.standard_error else ""
    gain, score = bits(scored.gain_nats), bits(scored.score)
    return f"{words} [expected to bring {gain:.3f}{error} bits; score {score:.3f}]"


def _called(event: ToolCalled) -> Step:
    texts = [text for value in event.arguments.values() for text in texts_in(value)]
    words = shortened(" | ".join([event.tool, *texts]), _LONGEST_WORDS)
    return Step(verb="calls", words=words)


def _returned(event: ToolReturned, result: ToolResult | None) -> Step:
    if event.is_error:
        why = shortened(in_flags(result.text), _LONGEST_WORDS) if result else "reason lost"
        return Step(verb="fails", words=f"{event.tool}: {why}", is_trouble=True)
    if not event.is_step:
        price = "price unknown" if event.cost_usd is None else dollars(event.cost_usd)
        return Step(verb="buys", words=f"what the index of the corpus took, {price}")
    pages = result.passages if result else ()
    titles = {page.evidence_id: page.title or page.source for page in pages}
    items = tuple(
        (each, shortened(titles.get(each, ""), _LONGEST_TITLE)) for each in event.evidence_ids
    )
    found = f"{count(len(items), 'passage')}, {event.new_evidence} new, {seconds(event.wall_s)}"
    if event.purchases:  # a search of the web: who answered, what was read, and how old it is
        found += ", price unknown" if event.cost_usd is None else f", {dollars(event.cost_usd)}"
        lines = result.text.splitlines()[:_SEARCH_LINES] if result else []
        items = (*(("·", shortened(line, _LONGEST_WORDS)) for line in lines), *items)
    if not items:
        said = shortened(result.text, _LONGEST_WORDS) if result else ""
        found = f"{said or 'nothing'}, {seconds(event.wall_s)}"
    return Step(verb="finds", words=found, items=items)


def _asked_model(event: ModelCalled) -> Step:
    price = "price unknown" if event.cost_usd is None else dollars(event.cost_usd)
    asked = one_line(event.model)
    if event.node not in _NODES:
        asked += f" ({event.node})"
    words = f"{asked}: {tokens(event.usage)}, {price}, {seconds(event.wall_s)}"
    if event.error is not None:
        words += f"; failed: {shortened(in_flags(event.error), _LONGEST_WORDS)}"
    return Step(verb="asks", words=words, is_trouble=event.error is not None)
