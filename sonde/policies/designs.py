"""Two experiments to design, as tables: hyperbolic discounting and the death process.

Both follow the environments of the same names in BoxingGym (arXiv 2501.01540). The parameters are
laid out on a grid, so that the expected information gain is a finite sum and no nested sampling.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, ndtr, xlog1py, xlogy

from .distributions import Floats
from .table import Table
from .table_belief import TableBelief


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Experiment:
    """An experiment: a table of outcomes by parameters and designs, with a prior."""

    table: Table
    """P(outcome | parameters, design)."""
    prior: Floats
    """Probability of each grid point."""
    parameters: Floats
    """The grid points: a row each."""
    designs: Floats
    """The designs: a row each."""

    def belief(self) -> TableBelief:
        """Return the belief before the first experiment."""
        return TableBelief.start(self.table, prior=self.prior)


DELAYED_REWARD = 100.0
"""What is offered for later, in every design."""
_DELAYS = (1, 3, 7, 14, 21, 30, 45, 60, 90, 120, 180, 240, 365, 500, 730)
_LAPSE = 0.01
"""Chance of an answer at random, on either side."""


def hyperbolic_discounting(*, rates: int = 81, scales: int = 50) -> Experiment:
    """Return the choice between less money now and more money later.

    Someone takes the later offer with chance e + (1 - 2 e) Phi((V1 - V0) / s), where V0 is the
    immediate reward, V1 = 100 / (1 + k days), and e = 0.01. Prior: log k ~ N(-4.25, 0.5), s ~
    half-normal(2). Designs: immediate rewards of 5 to 95 by 15 delays.

    Args:
        rates: Grid points of log k, within four standard deviations.
        scales: Grid points of s.
    """
    log_rate = np.linspace(-6.25, -2.25, rates)
    scale = np.linspace(0.05, 7.0, scales)
    weights = np.exp(-0.5 * ((log_rate + 4.25) / 0.5) ** 2)[:, None]
    weights = (weights * np.exp(-0.5 * (scale / 2.0) ** 2)).ravel()
    grid = np.stack([each.ravel() for each in np.meshgrid(log_rate, scale, indexing="ij")], axis=1)
    designs = np.array([(now, days) for now in range(5, 100, 5) for days in _DELAYS], dtype=float)
    later = DELAYED_REWARD / (1 + np.exp(grid[:, :1]) * designs[:, 1])
    accepts: Floats = ndtr((later - designs[:, 0]) / grid[:, 1:])
    return Experiment(
        table=Table.binary(
            _LAPSE + (1 - 2 * _LAPSE) * accepts,
            queries=[f"{now:g} now or 100 in {days:g} days" for now, days in designs],
        ),
        prior=weights / weights.sum(),
        parameters=grid,
        designs=designs,
    )


POPULATION = 50
"""Individuals of the death process."""


def death_process(*, rates: int = 400, times: int = 200) -> Experiment:
    """Return the choice of when to count how many of 50 have been infected.

    Each is infected by time t with chance 1 - exp(-r t), so the count is binomial. Prior: r ~
    N(1, 1) cut to 0 to 2. Designs: times up to 2.

    Args:
        rates: Grid points of r, at the middle of equal cells.
        times: Grid points of t.
    """
    rate = (np.arange(rates) + 0.5) * 2 / rates
    weights = np.exp(-0.5 * (rate - 1) ** 2)
    time = 2 * np.arange(1, times + 1) / times
    infected = -np.expm1(-rate[:, None] * time)
    counts = np.arange(POPULATION + 1)[:, None, None]
    ways = gammaln(POPULATION + 1) - gammaln(counts + 1) - gammaln(POPULATION - counts + 1)
    chances = np.exp(ways + xlogy(counts, infected) + xlog1py(POPULATION - counts, -infected))
    return Experiment(
        table=Table(
            likelihood=chances / chances.sum(axis=0),
            queries=tuple(f"count at time {each:g}" for each in time),
        ),
        prior=weights / weights.sum(),
        parameters=rate[:, None],
        designs=time[:, None],
    )
