"""Gates without a lesson: open, novelty, the hand rule, and fixed graphs."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..distributions import Floats
from .links import FEATURES, Flags, Links

_MATCH = FEATURES.index("receiver_match")
_ANSWERED = FEATURES.index("receiver_answered")
_FINAL_TO_DECIDER = FEATURES.index("novelty*final*decider")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Which links a gate opens for one round."""

    is_open: Flags
    """(..., N, N), false on the diagonal."""
    probability: Floats
    """What the gate made of each link, 0 to 1; 0 or 1 from a gate that does not weigh."""


class Gate(Protocol):
    """Anything that says which links are open. Arithmetic only: no model, no file, no clock."""

    @property
    def name(self) -> str:
        """Its name, in reports."""
        ...

    @property
    def repeats(self) -> bool:
        """Whether messages hold all that the sender knows, said before or not."""
        ...

    def decide(self, links: Links) -> Opening:
        """Say which links are open in this round."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGate:
    """Everybody tells everybody everything, each round: a group chat."""

    name: str = "open"
    repeats: bool = True

    def decide(self, links: Links) -> Opening:
        """Open every link."""
        return surely(np.ones(links.is_novel.shape, dtype=np.bool_) & links.is_link)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedGate:
    """Nobody tells anybody anything: a gate at its worst."""

    name: str = "closed"
    repeats: bool = False

    def decide(self, links: Links) -> Opening:
        """Open no link."""
        return surely(np.zeros(links.is_novel.shape, dtype=np.bool_))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoveltyGate:
    """Send what is new to the receiver; the default of a team that has learned nothing."""

    name: str = "novelty"
    repeats: bool = False

    def decide(self, links: Links) -> Opening:
        """Open the links with something new."""
        return surely(links.is_novel & links.is_link)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandGate:
    """What one would write by hand: something new, for one who looks able or who decides."""

    name: str = "hand"
    repeats: bool = False
    least_match: float = 0.5
    """From here on a receiver looks able to answer what is open."""
    answered: float = 0.5
    """From this confidence on a receiver needs nothing more."""

    def decide(self, links: Links) -> Opening:
        """Open the links that the rule names."""
        x = links.features
        is_useful = (x[..., _MATCH] > self.least_match) | (x[..., _FINAL_TO_DECIDER] > 0)
        is_waiting = x[..., _ANSWERED] < self.answered
        return surely(links.is_novel & is_useful & is_waiting & links.is_link)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticGate:
    """A fixed graph: the same links every round, as in the literature."""

    graph: Flags
    """(N, N): whether i may speak to j."""
    name: str = "static"
    repeats: bool = True

    def decide(self, links: Links) -> Opening:
        """Open the links of the graph.

        Raises:
            ValueError: The graph is of another team's size.
        """
        size = len(links.roles)
        if self.graph.shape != (size, size):
            raise ValueError(
                f"a graph over {self.graph.shape[0]} members cannot gate a team of {size}"
            )
        is_open: Flags = np.broadcast_to(self.graph, links.is_novel.shape) & links.is_link
        return surely(is_open)


def surely(is_open: Flags) -> Opening:
    """Return the opening of a gate that does not weigh."""
    return Opening(is_open=is_open, probability=is_open.astype(np.float64))
