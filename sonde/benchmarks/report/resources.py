"""What an attempt takes: the axis that accuracy is drawn against."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from ...records.attempt import Attempt
from .outcomes import Outcomes

ResourceName: TypeAlias = Literal["usd", "tokens", "steps", "rounds", "cpu_s", "wall_s"]
"""Resources by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource of an attempt."""

    name: ResourceName
    """Its name."""
    label: str
    """Title of its axis."""
    unit: str
    """Unit after a figure; `$` stands before it."""
    of: Callable[[Attempt], float | None]
    """What an attempt took of it; None is unknown."""

    def told(self, amount: float) -> str:
        """Return an amount in words.

        >>> RESOURCES["usd"].told(0.00042), RESOURCES["tokens"].told(12345.6)
        ('$0.000420', '12,346 tokens')
        """
        return f"${figure(amount)}" if self.name == "usd" else f"{figure(amount)} {self.unit}"


def _resource(
    name: ResourceName, label: str, unit: str, of: Callable[[Attempt], float | None]
) -> Resource:
    return Resource(name=name, label=label, unit=unit, of=of)


RESOURCES: Mapping[str, Resource] = MappingProxyType(
    {
        each.name: each
        for each in (
            _resource("usd", "Dollars a task, list price", "$", lambda a: a.cost_usd),
            _resource("tokens", "Tokens a task", "tokens", lambda a: a.usage.total),
            _resource("steps", "Steps a task", "steps", lambda a: a.steps),
            _resource("rounds", "Rounds a task", "rounds", lambda a: a.rounds),
            _resource("cpu_s", "Processor seconds a task", "s", lambda a: a.cpu_s),
            _resource("wall_s", "Seconds a task", "s", lambda a: a.wall_s),
        )
    }
)
"""All resources."""


def choose_resource(outcomes: Sequence[Outcomes]) -> Resource:
    """Return dollars where any run cost some, else the first resource that all runs know.

    Agents that need no model cost nothing: then dollars cannot tell them apart.
    """
    usd = RESOURCES["usd"]
    if any(amount > 0 for each in outcomes for amount in each.known(usd.of)):
        return usd
    for name in ("tokens", "steps", "rounds"):
        resource = RESOURCES[name]
        means = [each.mean(resource.of) for each in outcomes]
        if means and all(mean is not None and mean > 0 for mean in means):
            return resource
    return usd


def figure(amount: float) -> str:
    """Return a positive amount with three figures that count, thousands set apart.

    >>> figure(0.0), figure(0.2), figure(1.5), figure(1234567.8)
    ('0', '0.200', '1.50', '1,234,568')
    """
    if amount == 0:
        return "0"
    if abs(amount) >= 100:
        return f"{amount:,.0f}"
    if abs(amount) >= 1:
        return f"{amount:.1f}" if abs(amount) >= 10 else f"{amount:.2f}"
    return f"{amount:#.3g}" if abs(amount) >= 1e-4 else f"{amount:.2g}"
