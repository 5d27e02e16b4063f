"""A belief carried by weighted samples, for supports that are too large to list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .belief import Estimates, check_answer, check_query
from .distributions import Floats, checked_distribution, entropies, entropy, logarithms, normalised

Particles = NDArray[np.float64]
"""Samples: a row a particle, a column a parameter."""
Likelihood = Callable[[Particles, int], ArrayLike]
"""P(answer | particle, query): answers x particles."""

_TOLERANCE = 1e-6
FALLBACK_NOISE = 0.05
"""Chance of an answer without rhyme or reason, once an answer has ruled every particle out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParticleBelief:
    """Weighted samples of the parameters, with a likelihood.

    Its entropy is that of the weights, so it is at most log(particles) and says nothing about what
    lies between them. Its gains are estimates from the samples and carry a standard error. Where an
    answer has no chance under any particle, it is weighed as noise and `note` says so.
    """

    particles: Particles
    """The samples."""
    likelihood: Likelihood
    """Chance of each answer for each particle."""
    queries: tuple[str, ...]
    """Names of the queries."""
    log_weights: Floats
    """Logarithms of the weights, up to a constant."""
    asked: tuple[int, ...] = ()
    """Queries answered so far, in order."""
    note: str | None = None
    """What had to be assumed; None where nothing was."""
    probs: Floats = field(init=False)
    """Weight of each particle; sums to one."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "probs", normalised(self.log_weights))

    @classmethod
    def start(
        cls,
        particles: ArrayLike,
        likelihood: Likelihood,
        *,
        queries: Sequence[str],
        weights: ArrayLike | None = None,
    ) -> Self:
        """Return the belief before the first answer; without weights all particles are alike.

        Raises:
            ValueError: There are no particles or queries, or the weights are no distribution over
                the particles.
        """
        samples = np.asarray(particles, dtype=np.float64)
        samples = samples[:, None] if samples.ndim == 1 else samples
        if samples.ndim != 2 or not samples.size or not np.isfinite(samples).all():
            raise ValueError(f"particles must be rows of finite numbers, not {samples.shape}")
        if not queries:
            raise ValueError("a belief needs at least one query")
        count = len(samples)
        shares = np.full(count, 1 / count) if weights is None else weights
        chances = checked_distribution(shares, name="particle weights")
        if len(chances) != count:
            raise ValueError(f"{len(chances)} weights for {count} particles")
        return cls(
            particles=samples,
            likelihood=likelihood,
            queries=tuple(queries),
            log_weights=logarithms(chances),
        )

    @property
    def support(self) -> Sequence[str]:
        """The particles, written out."""
        return [", ".join(f"{value:.6g}" for value in row) for row in self.particles]

    @property
    def entropy(self) -> float:
        """Entropy of the weights in nats."""
        return entropy(self.probs)

    @property
    def effective_size(self) -> float:
        """Effective number of particles, 1 / sum of squared weights: from 1 to all of them."""
        return float(1 / (self.probs**2).sum())

    def predictive(self, query: int) -> Floats:
        """Return the probability of each answer to a query."""
        chances = self._chances(query) @ self.probs
        return chances / chances.sum()

    def update(self, query: int, answer: int) -> Self:
        """Return the belief with the particles weighed by an answer; this one stays as it is."""
        chances = self._chances(query)
        check_answer(answer, len(chances), query=self.queries[query])
        weights = self.log_weights + logarithms(chances[answer])
        note = self.note
        if weights.max() == -np.inf:
            noisy = (1 - FALLBACK_NOISE) * chances[answer] + FALLBACK_NOISE / len(chances)
            weights = self.log_weights + logarithms(noisy)
            note = (
                f"answer {answer} to {self.queries[query]!r} has no chance under any particle, so "
                f"it is taken as noise of probability {FALLBACK_NOISE}; draw new particles"
            )
        return replace(
            self, log_weights=weights - weights.max(), asked=(*self.asked, query), note=note
        )

    def resampled(self, rng: np.random.Generator, *, least_share: float = 0.5) -> Self:
        """Return the belief with equal weights again, where too few particles carry it.

        Systematic resampling: a particle is drawn about as often as its weight says. Nothing
        changes while the effective size is at least `least_share` of all particles.

        Raises:
            ValueError: The share is not between 0 and 1.
        """
        if not 0 < least_share <= 1:
            raise ValueError(f"a share must lie between 0 and 1, not {least_share}")
        count = len(self.particles)
        if self.effective_size >= least_share * count:
            return self
        places = (np.arange(count) + rng.random()) / count
        drawn = np.searchsorted(np.cumsum(self.probs), places)
        return replace(
            self,
            particles=self.particles[np.minimum(drawn, count - 1)],
            log_weights=np.zeros(count),
        )

    def gains(self, queries: Sequence[int]) -> Estimates:
        """Return the expected information gains as the samples tell them.

        The gain is the mean over particles of KL(their answers || the predicted answer); its
        standard error is that of a weighted mean. The mean answer of n particles fits them too
        well, so the estimate is low by about (answers - 1) / 2n at most.
        """
        pairs = [self._gain(query) for query in queries]
        table = np.array(pairs, dtype=np.float64).reshape(len(pairs), 2)
        return Estimates(values=table[:, 0], standard_errors=table[:, 1])

    def _gain(self, query: int) -> tuple[float, float]:
        chances = self._chances(query)
        mean = chances @ self.probs
        with np.errstate(divide="ignore"):
            surprise = -np.where(mean > 0, np.log(mean), 0.0)
        each = surprise @ chances - entropies(chances, axis=0)
        gain = float(each @ self.probs)
        return gain, float(np.sqrt((self.probs**2 * (each - gain) ** 2).sum()))

    def _chances(self, query: int) -> Floats:
        check_query(query, self.queries)
        chances = np.asarray(self.likelihood(self.particles, query), dtype=np.float64)
        if chances.ndim != 2 or chances.shape[1] != len(self.particles):
            raise ValueError(
                f"the likelihood of {self.queries[query]!r} must be answers x "
                f"{len(self.particles)} particles, not {chances.shape}"
            )
        if not np.isfinite(chances).all() or (chances < 0).any():
            raise ValueError(f"the likelihood of {self.queries[query]!r} is no probability")
        worst = float(np.abs(chances.sum(axis=0) - 1).max())
        if worst > _TOLERANCE:
            raise ValueError(
                f"the answers to {self.queries[query]!r} must sum to 1 for each particle; one is "
                f"off by {worst:.3g}"
            )
        return chances
