"""The learned gate: a logistic curve over a link's features, with rules that keep it safe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.special import expit

from ..distributions import Floats
from .gates import Opening
from .links import FEATURES, Flags, Links

SEND_FROM = 0.2
"""Messages go out from this probability on. Fixed, not tuned: only the fail-open threshold is
swept, since a search over both picks what looks better on the calibration tasks than it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedGate:
    """p(i -> j at t) = sigmoid(bias[role i > role j] + w . x), in the spirit of CommFormer.

    Three rules stand above the curve. The first answer that a member brings to the decider always
    goes through. A link whose features are not all numbers, or that joins a role which the gate
    does not know, follows the novelty rule. A message with nothing new is never sent.
    """

    weights: Floats
    """One weight a feature, in the order of `FEATURES`."""
    biases: Mapping[tuple[str, str], float] = field(default_factory=dict[tuple[str, str], float])
    """Added log odds by (sender's role, receiver's role); 0 where a pair is not listed."""
    known_roles: frozenset[str] | None = None
    """Roles that the gate was fitted or calibrated on; None knows every role."""
    send_from: float = SEND_FROM
    """Least probability with which a message is sent."""
    name: str = "learned"
    repeats: bool = False

    def __post_init__(self) -> None:
        if self.weights.shape != (len(FEATURES),) or not np.isfinite(self.weights).all():
            raise ValueError(
                f"a gate needs {len(FEATURES)} finite weights, not {self.weights.tolist()}"
            )

    def decide(self, links: Links) -> Opening:
        """Say which links are open in this round."""
        x = links.features
        is_sound: Flags = np.isfinite(x).all(axis=-1) & self._knows(links.roles)
        log_odds = np.where(is_sound[..., None], x, 0.0) @ self.weights
        learned: Floats = expit(log_odds + bias_matrix(self.biases, links.roles))
        novelty = links.is_novel.astype(np.float64)
        probability = np.where(is_sound, learned, novelty) * links.is_link
        is_wanted: Flags = (probability > self.send_from) | links.is_first_answer
        is_open: Flags = is_wanted & links.is_novel & links.is_link
        return Opening(is_open=is_open, probability=probability)

    def for_roles(self, roles: Sequence[str]) -> "LearnedGate":
        """Return the gate as another team takes it over: weights stay, strange biases go."""
        known = set(roles)
        kept = {pair: bias for pair, bias in self.biases.items() if set(pair) <= known}
        return replace(self, biases=kept)

    def _knows(self, roles: Sequence[str]) -> Flags:
        if self.known_roles is None:
            return np.ones((len(roles), len(roles)), dtype=np.bool_)
        known = np.array([role in self.known_roles for role in roles])
        both: Flags = known[:, None] & known[None, :]
        return both


def bias_matrix(biases: Mapping[tuple[str, str], float], roles: Sequence[str]) -> Floats:
    """Return the biases of every link of a team: (N, N)."""
    return np.array([[biases.get((a, b), 0.0) for b in roles] for a in roles])
