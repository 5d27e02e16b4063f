"""Memory that appends while the provider's cache makes that cheaper, then rebuilds the workspace.

An append-only prompt repeats itself, and providers sell what repeats at a fraction of the price; a
rebuilt one is short and almost all new. Appending for some rounds and then rebuilding is a cycle;
the length of cycle that costs least a round is reckoned anew in every round, from the sizes seen.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from ..records.report import Report
from ..records.tooling import Action, ToolResult
from ..records.view import View
from .cutting import CountTokens
from .transcript import Transcript

_UNBOUNDED = 2**62
_LONGEST_CYCLE = 512
_LENGTH_MARGIN, _PRICE_MARGIN = 1.5, 1.1
_TURNS_TO_SPARE = 3
"""Room under the cap, in mean turns, with which a cycle ends."""
_TYPICAL_REPORT = 400
"""Tokens of a report while none was written yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptPrices:
    """What prompt tokens cost, relative to an uncached one, and what a provider caches."""

    cached: float = 1.0
    """Price of a cached prompt token; 1 where there is no cache, or none is known of."""
    fixed_tokens: int = 0
    """Tokens that stand before the history in every prompt: rules, tools, question."""
    least_cached: int = 1_024
    """The shortest prefix that is cached (OpenAI's rule)."""
    step: int = 128
    """Cached prefixes come in multiples of this (OpenAI's rule)."""

    def price(self, *, repeated: int, fresh: int) -> float:
        """Return what a prompt costs, in uncached tokens.

        Args:
            repeated: Tokens behind the fixed ones that the last prompt held at the same place.
            fresh: Tokens that are new.
        """
        prefix = self.fixed_tokens + repeated
        hit = prefix // self.step * self.step if prefix >= self.least_cached else 0
        return self.cached * hit + (prefix - hit) + fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class ThriftyTranscript:
    """A history that is dropped for its report when the cheapest length of a cycle is reached.

    Going on costs the whole history at the cached price; rebuilding costs the report anew at the
    full price, and leaves a short history. A report is asked for only in the last round of a cycle:
    before that, the history says all that it would.
    """

    history: Transcript
    """What has been kept since the workspace was last rebuilt."""
    max_tokens: int
    """The cap of a rendered view."""
    count_tokens: CountTokens
    """What counts."""
    prices: PromptPrices
    """What prompt tokens cost."""

    @property
    def kept_turns(self) -> int:
        """Turns since the workspace was last rebuilt."""
        return self.history.kept_turns

    @property
    def is_last(self) -> bool:
        """Whether this round ends a cycle: the next prompt would be longer or dearer than the best.

        Each bound has a margin: how long the run will go on is unknown, and a report that was paid
        for just before the end is lost.
        """
        kept = self.history.kept_turns
        if not kept:
            return False
        whole = self._tokens(self.history)
        report = self._tokens(replace(self.history, turns=()))
        turn = max(1, (whole - report) // kept)
        if whole + _TURNS_TO_SPARE * turn > self.max_tokens:
            return True
        report = report if self.history.report.text else report + _TYPICAL_REPORT
        best = cheapest_cycle(self.prices, report=report, turn=turn, most=self.max_tokens)
        next_price = self.prices.price(repeated=whole, fresh=turn)
        is_short = kept + 1 <= _LENGTH_MARGIN * best.turns
        return not (is_short or next_price <= _PRICE_MARGIN * best.price)

    def advance(self, report: Report, action: Action, result: ToolResult) -> "ThriftyTranscript":
        """Return the history with one more turn, or, at a cycle's end, with that turn alone."""
        is_written = report.text != self.history.report.text  # else nothing would stand for it
        step = self.history.restart if self.is_last and is_written else self.history.advance
        return replace(self, history=step(report, action, result))

    def render(self, max_tokens: int, *, count_tokens: CountTokens, round_number: int = 1) -> View:
        """Render the history into at most `max_tokens` tokens.

        Raises:
            ValueError: The cap is under 32 tokens.
        """
        view = self.history.render(max_tokens, count_tokens=count_tokens, round_number=round_number)
        return replace(view, is_report_due=self.is_last)

    def _tokens(self, history: Transcript) -> int:
        return history.render(_UNBOUNDED, count_tokens=self.count_tokens).tokens


class Cycle(NamedTuple):
    """Appending for some turns behind a report, over and over."""

    turns: int
    """Turns before the report is written into the prompt anew; 1 is the workspace."""
    price: float
    """Mean price of a prompt, in uncached tokens."""


def cheapest_cycle(prices: PromptPrices, *, report: int, turn: int, most: int) -> Cycle:
    """Return the cycle that costs least a round.

    It begins with a report that is new and one turn; each later prompt repeats what the last one
    held and adds a turn.

    Args:
        prices: What prompt tokens cost.
        report: Tokens of question and report.
        turn: Tokens of a turn.
        most: Cap of the history.
    """
    total = prices.price(repeated=0, fresh=report + turn)
    best = Cycle(1, total)
    for length in range(2, _LONGEST_CYCLE):
        history = report + (length - 1) * turn
        if history + turn > most:
            break
        total += prices.price(repeated=history, fresh=turn)
        if total / length < best.price:
            best = Cycle(length, total / length)
    return best
