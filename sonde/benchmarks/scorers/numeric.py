"""Numbers within a tolerance, read from short answers such as "about 1,850 km"."""

import math
import re

_NUMBER = re.compile(
    r"(?<![\w.])[-+\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+|(?<=\d)\.?)(?:[eE][-+]?\d+)?"
)


def number_in(text: str) -> float | None:
    """Return the number that an answer tells; None where it tells none, or several.

    Commas part thousands. A sign of money, of per cent, and words around the number do not count.

    >>> number_in("about 1,850 km"), number_in("3 or 4")
    (1850.0, None)
    """
    found = {_value(match) for match in _NUMBER.findall(text) if any(c.isdigit() for c in match)}
    return found.pop() if len(found) == 1 else None


def is_close(said: float, wanted: float, *, absolute: float = 0.0, relative: float = 0.0) -> bool:
    """Return whether a number lies within the larger of two tolerances around the truth."""
    allowed = max(absolute, relative * abs(wanted))
    return math.isfinite(said) and abs(said - wanted) <= allowed * (1 + 1e-12)


def _value(text: str) -> float:
    return float(text.replace(",", "").replace("\u2212", "-"))
