"""Figures of a report in words; what is unknown is told as such."""

from math import isinf, isnan

from ..statistics.intervals import Interval
from .figures_of_run import CostOfPass
from .resources import Resource, figure

UNKNOWN = "unknown"
"""A figure that should be there and is not known."""
NONE = "–"
"""A figure that does not apply."""


def percent(share: float | None) -> str:
    """Return a share as a percentage with one place.

    >>> percent(0.5333), percent(None)
    ('53.3 %', 'unknown')
    """
    return UNKNOWN if share is None else f"{100 * share:.1f} %"


def percent_interval(interval: Interval | None) -> str:
    """Return an interval of shares.

    >>> percent_interval(Interval(0.457, 0.6081))
    '45.7–60.8'
    """
    return "" if interval is None else f"{100 * interval.low:.1f}–{100 * interval.high:.1f}"


def points(gain: float) -> str:
    """Return a difference of shares in percentage points, with its sign.

    >>> points(0.031), points(-0.2), points(0.0)
    ('+3.1', '−20.0', '0.0')
    """
    sign = "+" if gain > 0 else "−" if gain < 0 else ""
    return f"{sign}{100 * abs(gain):.1f}"


def amount(value: float | None, resource: Resource) -> str:
    """Return an amount of a resource without its unit, but for the sign of the dollar."""
    if value is None or isnan(value):
        return UNKNOWN
    if isinf(value):
        return "∞"
    return f"${figure(value)}" if resource.name == "usd" else figure(value)


def amount_interval(interval: Interval | None, resource: Resource) -> str:
    """Return an interval of amounts; an upper bound without end reads ∞."""
    if interval is None or isnan(interval.low):
        return ""
    return f"{amount(interval.low, resource)}–{amount(interval.high, resource)}"


def cop_interval(cop: CostOfPass, resource: Resource) -> str:
    """Return the interval of a cost-of-pass; none where nothing passed and it says nothing."""
    if cop.value is None or (isinf(cop.value) and cop.interval and isinf(cop.interval.low)):
        return ""
    return amount_interval(cop.interval, resource)


def p_value(p: float) -> str:
    """Return a p-value.

    >>> p_value(0.0004), p_value(0.0312), p_value(1.0)
    ('<0.001', '0.031', '1.000')
    """
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def plain(value: float | None, places: int = 2) -> str:
    """Return a plain number.

    >>> plain(3.14159), plain(None)
    ('3.14', '–')
    """
    if value is None:
        return NONE
    return "∞" if isinf(value) else f"{value:.{places}f}"


def number(value: float | None) -> str:
    """Return a number with three figures that count; `unknown` where it is not known."""
    return UNKNOWN if value is None else figure(value)


def score_sum(total: float) -> str:
    """Return a sum of scores: whole where it is whole.

    >>> score_sum(88.0), score_sum(3.25)
    ('88', '3.25')
    """
    return f"{total:g}" if total == int(total) else f"{total:.2f}"
