"""The cost axis of a drawing, linear and logarithmic."""

from collections.abc import Sequence
from math import ceil, floor, inf, log10
from typing import TypeAlias

from ...records.json_types import JsonValue
from .resources import Resource

Spec: TypeAlias = dict[str, JsonValue]
_ROOM = 1.6  # factor left free at both ends of a logarithmic axis
_TICKS = ((0.9, (1, 1.5, 2, 3, 4, 5, 7)), (2.2, (1, 2, 5)), (3.5, (1, 3)), (inf, (1,)))
"""Decades of an axis below which a decade has these ticks."""


class CostAxis:
    """A cost axis, linear and logarithmic; what costs nothing stands left of the latter."""

    def __init__(self, costs: Sequence[float], resource: Resource) -> None:
        paid = [cost for cost in costs if cost > 0] or [1.0]
        self.resource = resource
        self.has_free = any(cost <= 0 for cost in costs)
        self.least, self.most = min(paid), max(paid)
        self.floor = self.least / 4 if self.has_free else self.least / _ROOM
        self.top = self.most * _ROOM

    def logarithmic(self, cost: float) -> float:
        """Return where a cost stands on the logarithmic axis."""
        return max(cost, self.floor * 1.25) if cost > 0 else self.floor * 1.25

    def places(self, costs: Sequence[float]) -> Spec:
        """Return positions on both axes."""
        return {"linear": list(costs), "log": [self.logarithmic(cost) for cost in costs]}

    def as_spec(self, title: str | None = None) -> Spec:
        """Return the axis; the page sets its type and takes the ticks of that type."""
        ticks = self._ticks()
        values, texts = [value for value, _ in ticks], [text for _, text in ticks]
        if self.has_free:
            values, texts = [self.logarithmic(0), *values], ["0", *texts]
        return {
            "title": {"text": title or self.resource.label},
            "tickprefix": "$" if self.resource.name == "usd" else "",
            "sonde": {
                "log": {
                    "tickvals": values,
                    "ticktext": texts,
                    "range": [log10(self.floor), log10(self.top)],
                },
                "linear": {"range": [0, self.most * 1.12]},
            },
        }

    def _ticks(self) -> list[tuple[float, str]]:
        decades = log10(self.top / self.floor)
        steps = next(steps for most, steps in _TICKS if decades < most)
        sign = "$" if self.resource.name == "usd" else ""
        powers = range(floor(log10(self.floor)), ceil(log10(self.top)) + 1)
        values = [step * 10.0**power for power in powers for step in steps]
        least = self.least * 0.8 if self.has_free else self.floor
        return [(v, f"{sign}{_short(v)}") for v in values if least <= v <= self.top]


def _short(value: float) -> str:
    """Return a tick's value without trailing zeros."""
    if value >= 1e6:
        return f"{value / 1e6:g}M"
    if value >= 1e4:
        return f"{value / 1e3:g}k"
    return f"{value:,.0f}" if value >= 100 else f"{value:.10f}".rstrip("0").rstrip(".")
