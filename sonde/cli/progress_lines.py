"""What a person reads of a run under way: one line for each thing that is worth one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..records.belief_events import BeliefEstimated, QueryChosen, UncertaintyMeasured
from ..records.events import (
    DecisionMade,
    Event,
    LimitReached,
    ModelCalled,
    ModelCallStarted,
    ModelRetried,
    RoundStarted,
    RunResumed,
    RunStarted,
    ToolCalled,
    ToolReturned,
    Warned,
)
from ..records.json_types import JsonObject, JsonValue
from ..records.unknown import add_known
from .figures import count, dollars, information, percent, seconds
from .flag_words import in_flags
from .printable import shortened
from .team_lines import team_line

_LONGEST_ARGUMENT = 70
_LONGEST_ANSWER = 40
_LONGEST_MESSAGE = 300


@dataclass(slots=True)
class RunSoFar:
    """Where a run stands, as its events tell it."""

    round: int = 0
    """The round under way."""
    doing: str = "starting"
    """What goes on at the moment."""
    tokens: int | None = 0
    """Tokens so far; None is unknown."""
    cost_usd: float | None = 0.0
    """Dollars so far; None is unknown."""
    has_model: bool = False
    """Whether a model was called."""
    has_failed: bool = False
    """Whether the last call of a model failed; the result tells how."""
    top: str | None = None
    """The likeliest answer."""
    probability: float | None = None
    """Its probability."""

    def note(self, event: Event) -> None:
        """Take an event in."""
        self.round = max(self.round, event.round)
        if isinstance(event, RoundStarted):
            self.doing = "reading"
        elif isinstance(event, ModelCallStarted):
            self.has_model = True
            self.doing = f"asking {shortened(event.model, _LONGEST_ANSWER)}"
        elif isinstance(event, ModelRetried):
            self.doing = f"asking again in {seconds(event.wait_s)}: {event.error}"
        elif isinstance(event, ModelCalled):
            self.has_failed = event.error is not None
            self.tokens = add_known(self.tokens, event.usage.total)
            self.cost_usd = add_known(self.cost_usd, event.cost_usd)
        elif isinstance(event, ToolReturned):
            for bought in event.purchases:
                if bought.usage is not None:
                    self.has_model = True
                    self.tokens = add_known(self.tokens, bought.usage.total)
                    self.cost_usd = add_known(self.cost_usd, bought.cost_usd)
        elif isinstance(event, ToolCalled):
            self.doing = call_in_words(event.tool, event.arguments)
        elif isinstance(event, UncertaintyMeasured):
            self.top, self.probability = event.top, event.probability

    @property
    def bill(self) -> str:
        """Tokens and dollars so far."""
        if not self.has_model:
            return "no model tokens"
        used = "tokens unknown" if self.tokens is None else count(self.tokens, "token")
        price = "price unknown" if self.cost_usd is None else dollars(self.cost_usd)
        return f"{used}, {price}"

    @property
    def belief(self) -> str:
        """The likeliest answer with its probability; empty where there is none."""
        if self.top is None or self.probability is None:
            return ""
        return f"{percent(self.probability)} {shortened(self.top, _LONGEST_ANSWER)}"


class LineWriter:
    """Turns events into lines."""

    def __init__(self, *, is_verbose: bool) -> None:
        self.so_far = RunSoFar()
        self._is_verbose = is_verbose

    def lines(self, event: Event) -> Sequence[str]:
        """Take an event in and return the lines that it is worth."""
        self.so_far.note(event)
        return [*self._always(event), *(self._verbosely(event) if self._is_verbose else ())]

    def _always(self, event: Event) -> Iterator[str]:
        if isinstance(event, RunStarted):
            yield f"run {event.run_id}"
        elif isinstance(event, RunResumed):
            yield "the run goes on"
        elif isinstance(event, ToolReturned) and event.is_step:
            yield self._line(event, f"{self.so_far.doing} → {_outcome(event)}")
        elif isinstance(event, DecisionMade) and event.kind != "act":
            if event.kind == "abstain" and self.so_far.has_failed:
                return
            forced = ", since the search has ended" if event.is_forced else ""
            words = "answers" if event.kind == "answer" else "finds no answer"
            yield self._line(event, f"{words}{forced}")
        elif (line := team_line(event)) is not None:
            yield self._line(event, line)
        elif isinstance(event, LimitReached):
            message = shortened(in_flags(event.message), _LONGEST_MESSAGE)
            yield self._line(event, f"limit of {event.limit} reached: {message}")

    def _verbosely(self, event: Event) -> Iterator[str]:
        if isinstance(event, RoundStarted):
            yield self._line(event, f"workspace of {count(event.tokens, 'token')}")
        elif isinstance(event, ModelRetried):
            error = shortened(event.error, _LONGEST_MESSAGE)
            again = f"again in {seconds(event.wait_s)}"
            yield self._line(event, f"attempt {event.attempt} failed, {again}: {error}")
        elif isinstance(event, ModelCalled) and event.error is not None:
            error = shortened(in_flags(event.error), _LONGEST_MESSAGE)
            yield self._line(event, f"the model failed: {error}")
        elif isinstance(event, ModelCalled):
            total = event.usage.total
            used = "tokens unknown" if total is None else count(total, "token")
            yield self._line(event, f"{event.model}: {used}, {seconds(event.wall_s)}")
        elif isinstance(event, BeliefEstimated):
            failed = " failed" if event.problem else ""
            yield self._line(
                event, f"belief by {event.source}{failed}, {count(event.calls, 'call')}"
            )
        elif isinstance(event, UncertaintyMeasured):
            belief = self.so_far.belief or "no answer yet"
            yield self._line(event, f"believes {belief}; {doubt_in_words(event)}")
        elif isinstance(event, QueryChosen):
            yield self._line(event, f"{event.choice.policy}: {event.choice.reason}")
        elif isinstance(event, Warned):
            yield self._line(
                event, f"warning: {shortened(in_flags(event.message), _LONGEST_MESSAGE)}"
            )

    def _line(self, event: Event, words: str) -> str:
        parts = [words]
        if isinstance(event, ToolReturned) and self.so_far.belief:
            parts.append(self.so_far.belief)
        if isinstance(event, (ToolReturned, DecisionMade)) and self.so_far.has_model:
            parts.append(self.so_far.bill)
        return f"[{event.round}] {' · '.join(parts)}"


def doubt_in_words(event: UncertaintyMeasured) -> str:
    """Return how uncertain a belief leaves the answer: in bits, and in answers still possible."""
    doubt = f"uncertainty {information(event.entropy_nats)}"
    if event.set_size is None:
        return f"{doubt}, too spread to list the possible answers"
    return f"{doubt}, {count(event.set_size, 'possible answer')}"


def call_in_words(tool: str, arguments: JsonObject) -> str:
    """Return a tool call in a few words: its name and the texts that it was given."""
    texts = [text for value in arguments.values() for text in texts_in(value)]
    return shortened(f"{tool} {' | '.join(texts)}", _LONGEST_ARGUMENT)


def texts_in(value: JsonValue) -> Iterator[str]:
    """Yield the texts of an argument, of lists too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from texts_in(each)


def _outcome(event: ToolReturned) -> str:
    if event.is_error:
        return f"failed after {seconds(event.wall_s)}"
    if not event.evidence_ids:
        return f"done, {seconds(event.wall_s)}"
    found = count(len(event.evidence_ids), "passage")
    return f"{found}, {event.new_evidence} new, {seconds(event.wall_s)}"
