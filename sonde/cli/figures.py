"""Figures in words: tokens, dollars, seconds, probabilities."""

from ..records.bits import bits
from ..records.usage import Usage


def percent(probability: float) -> str:
    """Return a probability as a percentage; only what is certain reads 0% or 100%.

    >>> percent(0.614), percent(0.999), percent(0.0)
    ('61%', '>99%', '0%')
    """
    if 0 < probability < 0.005:
        return "<1%"
    if 0.995 <= probability < 1:
        return ">99%"
    return f"{probability:.0%}"


def dollars(cost_usd: float) -> str:
    """Return a price with as many places as it takes to tell it from nothing.

    >>> dollars(0.0), dollars(1.5), dollars(0.00042)
    ('$0.00', '$1.50', '$0.0004')
    """
    if cost_usd == 0 or cost_usd >= 0.1:
        return f"${cost_usd:,.2f}"
    return f"${cost_usd:.4f}" if cost_usd >= 0.0001 else "<$0.0001"


def seconds(wall_s: float) -> str:
    """Return a duration.

    >>> seconds(0.04), seconds(12.34), seconds(125)
    ('0.04 s', '12.3 s', '2 min 5 s')
    """
    if wall_s < 1:
        return f"{wall_s:.2f} s"
    if wall_s < 60:
        return f"{wall_s:.1f} s"
    minutes, rest = divmod(round(wall_s), 60)
    return f"{minutes} min {rest} s"


def information(nats: float) -> str:
    """Return an entropy or a gain of information.

    >>> information(1.8391), information(-0.0)
    ('2.65 bits', '0.00 bits')
    """
    return f"{bits(nats):.2f} bits"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number of things.

    >>> count(1, "round"), count(2000, "entry", "entries")
    ('1 round', '2,000 entries')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def tokens(usage: Usage) -> str:
    """Return the tokens of a model in words; unknown is said to be unknown."""
    if usage.total is None:
        return "tokens unknown"
    about = "about " if usage.is_estimate else ""
    parts = [f"{usage.prompt:,} in"]
    if usage.cache_read:
        parts.append(f"{usage.cache_read:,} of them cached")
    parts.append(f"{usage.completion:,} out")
    return f"{about}{count(usage.total, 'token')} ({', '.join(parts)})"
