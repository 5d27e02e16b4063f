"""Polishing a gate by trial: REINFORCE with a leave-one-out baseline, over weights and biases."""

from dataclasses import dataclass, field, replace

import numpy as np

from ..distributions import Floats
from .gates import Opening
from .learned import LearnedGate, bias_matrix
from .links import FEATURES, Flags, Links

_BETAS = (0.9, 0.999)
_EPSILON = 1e-8


@dataclass(slots=True)
class ExploringGate:
    """A learned gate that opens links by chance, as likely as it holds them useful."""

    gate: LearnedGate
    """What is tried."""
    rng: np.random.Generator
    """Where chance comes from."""
    name: str = "exploring"
    repeats: bool = False
    seen: list[tuple[Links, Opening]] = field(default_factory=list[tuple[Links, Opening]])
    """What was seen and tried in each round."""

    def decide(self, links: Links) -> Opening:
        """Draw which links are open in this round."""
        probability = self.gate.decide(links).probability
        drawn = self.rng.random(probability.shape) < probability
        is_open: Flags = drawn & links.is_novel & links.is_link
        opening = Opening(is_open=is_open, probability=probability)
        self.seen.append((links, opening))
        return opening


@dataclass(slots=True)
class Polisher:
    """Adam over a gate's weights and biases, climbing the utility of what was tried."""

    roles: tuple[str, ...]
    """Role of each member."""
    rate: float = 0.05
    """Length of a step."""
    ridge: float = 1e-3
    """Pull towards zero."""
    _steps: int = 0
    _first: Floats = field(init=False)
    _second: Floats = field(init=False)

    def __post_init__(self) -> None:
        size = len(FEATURES) + len(self.roles) ** 2
        self._first, self._second = np.zeros(size), np.zeros(size)

    def step(self, tried: ExploringGate, advantage: Floats) -> LearnedGate:
        """Return the gate after one step.

        Args:
            tried: A gate with what it saw and tried, B runs at once.
            advantage: (B,): how much better each run was than the others of its question.
        """
        gate, size = tried.gate, len(self.roles)
        slope_w, slope_b = np.zeros(len(FEATURES)), np.zeros((size, size))
        for links, opening in tried.seen:
            chosen = links.is_novel & links.is_link
            score = (opening.is_open - opening.probability) * chosen * advantage[:, None, None]
            slope_b += score.mean(axis=0)
            slope_w += np.einsum("bij,bijf->f", score, links.features) / len(advantage)
        biases = bias_matrix(gate.biases, self.roles)
        slope = np.concatenate(
            [slope_w - self.ridge * gate.weights, (slope_b - self.ridge * biases).ravel()]
        )
        moved = self._moved(slope)
        new = biases + moved[len(FEATURES) :].reshape(size, size)
        pairs = {
            (a, b): float(new[i, j])
            for i, a in enumerate(self.roles)
            for j, b in enumerate(self.roles)
            if i != j
        }
        return replace(gate, weights=gate.weights + moved[: len(FEATURES)], biases=pairs)

    def _moved(self, slope: Floats) -> Floats:
        """Return Adam's step (arXiv 1412.6980, algorithm 1), uphill."""
        self._steps += 1
        fast, slow = _BETAS
        self._first = fast * self._first + (1 - fast) * slope
        self._second = slow * self._second + (1 - slow) * slope**2
        mean = self._first / (1 - fast**self._steps)
        spread = self._second / (1 - slow**self._steps)
        return self.rate * mean / (np.sqrt(spread) + _EPSILON)


def leave_one_out(utility: Floats) -> Floats:
    """Return how much better each trial was than the mean of the others: questions x trials.

    >>> leave_one_out(np.array([[1.0, 0.0, 0.5]])).tolist()
    [[0.75, -0.75, 0.0]]

    Raises:
        ValueError: A question was tried only once.
    """
    trials = utility.shape[1]
    if trials < 2:
        raise ValueError("a leave-one-out baseline needs at least two trials a question")
    others = (utility.sum(axis=1, keepdims=True) - utility) / (trials - 1)
    return utility - others
