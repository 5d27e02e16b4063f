"""A simulated reasoner: the exact one, with faults that are written down."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..exact.fact_table import MISSING, FactTable
from ..exact.reasoner import ExactReasoner
from ..reasoner import Capability


class SimulatedReasoner(ExactReasoner):
    """Plays a model that knows a table badly and reports its belief with the wrong confidence.

    Three faults, and no other: a share of its facts is wrong; it expects a certain share of wrong
    answers, whatever the true one is; and its reported belief is the exact one raised to a power
    that hangs on the number of answers. Above 1 it is over-confident, below 1 timid. No figure that
    it yields was measured on a model.
    """

    def __init__(
        self,
        table: FactTable,
        *,
        wrong_facts: float = 0.0,
        noise: float = 0.01,
        exponents: Sequence[float] = (1.0,),
        sure_at: float = 0.95,
        seed: int = 0,
    ) -> None:
        """Set it up.

        Args:
            table: The true facts.
            wrong_facts: Share of cells in which it believes another value.
            noise: Chance of a wrong answer that it reckons with.
            exponents: Power of its reports by the number of answers.
            sure_at: Reported probability from which it answers.
            seed: Decides which facts are wrong.

        Raises:
            ValueError: A share, the noise or an exponent cannot be used.
        """
        super().__init__(
            with_wrong_facts(table, wrong_facts, rng=np.random.default_rng(seed)),
            noise=noise,
            sure_at=sure_at,
            exponents=exponents,
            source="simulated",
            name=f"simulation over {table.name}",
        )

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What it can do; that it is a simulation is one of them."""
        return super().capabilities | {Capability.SIMULATED}


def with_wrong_facts(table: FactTable, share: float, *, rng: np.random.Generator) -> FactTable:
    """Return a table in which a share of the cells holds another value of its column.

    Raises:
        ValueError: The share does not lie between 0 and 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share of wrong facts must lie between 0 and 1, not {share}")
    counts = np.array([len(column.values) for column in table.columns])
    shift = rng.integers(1, counts, size=table.cells.shape)
    is_wrong = (rng.random(table.cells.shape) < share) & (table.cells != MISSING)
    cells = np.where(is_wrong, (table.cells + shift) % counts, table.cells)
    return replace(table, cells=cells)
