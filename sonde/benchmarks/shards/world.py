"""The world of shards: relations over entities, each known for sure by one worker of a team.

A coordinator (member 0) knows nothing; a worker owns two relations. Each relation has one stale
copy with another worker: partly there, partly wrong, and less sure of itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_HOPS = 3
HOP_SHARES = (0.35, 0.40, 0.25)
"""Shares of questions of one, two and three hops."""
NOWHERE = -1
"""Stands for an entity that is not known."""
_OWNED = 2
"""Relations that a worker owns."""
_SUCCESSORS = 2
"""Relations that may follow a relation in a question."""
_COVERAGE, _ERROR = 0.6, 0.35
"""Share of a stale copy that is there, and share of that which is wrong."""
_START_SKEW = 0.6
"""Dirichlet weight of the first relation: some are asked for far more than others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One world. R relations over E entities, N members; member 0 is the coordinator."""

    seed: int
    """What it was made from."""
    truth: Ints
    """(R, E): where each relation leads."""
    table: Ints
    """(N, R, E): where a member believes that it leads; -1 where it does not know."""
    confidence: Floats
    """(N, R, E): how sure the member is of that."""
    ownership: Ints
    """(N, R): 2 owns, 1 holds the stale copy, 0 neither."""
    successors: Ints
    """(R, 2): relations that may follow."""
    start_shares: Floats
    """(R,): how often a question begins with a relation."""
    successor_shares: Floats
    """(R, 2): how often each successor follows."""
    n_rounds: int = 3
    """Rounds of messages."""

    @property
    def n_members(self) -> int:
        """Members, the coordinator too."""
        return len(self.table)

    @property
    def n_relations(self) -> int:
        """Relations."""
        return len(self.truth)

    @property
    def n_entities(self) -> int:
        """Entities."""
        return self.truth.shape[1]

    @property
    def roles(self) -> tuple[str, ...]:
        """Role of each member, which is also its name."""
        return ("lead", *(f"w{i}" for i in range(1, self.n_members)))


def make_world(seed: int, *, n_workers: int = 6, n_entities: int = 300) -> World:
    """Return the world of a seed.

    Args:
        seed: Any whole number.
        n_workers: Workers beside the coordinator; at least two.
        n_entities: Entities.

    Raises:
        ValueError: There are too few workers for a stale copy to stand elsewhere.
    """
    if n_workers < 2:
        raise ValueError(f"a world needs at least 2 workers, not {n_workers}")
    rng = np.random.default_rng(seed)
    n_relations = n_workers * _OWNED
    truth = rng.integers(0, n_entities, (n_relations, n_entities))
    others = [np.delete(np.arange(n_relations), r) for r in range(n_relations)]
    successors = np.stack([rng.choice(each, _SUCCESSORS, replace=False) for each in others])
    ownership = _ownership(rng, n_workers, n_relations)
    table, confidence = _tables(rng, truth, ownership)
    return World(
        seed=seed,
        truth=truth,
        table=table,
        confidence=confidence,
        ownership=ownership,
        successors=successors,
        start_shares=rng.dirichlet(np.full(n_relations, _START_SKEW)),
        successor_shares=rng.dirichlet(np.ones(_SUCCESSORS), n_relations),
    )


def _ownership(rng: np.random.Generator, n_workers: int, n_relations: int) -> Ints:
    ownership = np.zeros((n_workers + 1, n_relations), dtype=np.int64)
    dealt = rng.permutation(n_relations).reshape(n_workers, _OWNED)
    for worker, relations in enumerate(dealt, start=1):
        ownership[worker, relations] = 2
    for relation in range(n_relations):
        rest = [w for w in range(1, n_workers + 1) if ownership[w, relation] == 0]
        ownership[int(rng.choice(rest)), relation] = 1
    return ownership


def _tables(rng: np.random.Generator, truth: Ints, ownership: Ints) -> tuple[Ints, Floats]:
    shape = (*ownership.shape, truth.shape[1])
    is_there = rng.random(shape) < _COVERAGE
    is_wrong = rng.random(shape) < _ERROR
    stale = np.where(is_wrong, rng.integers(0, truth.shape[1], shape), truth)
    owns, copies = (ownership == 2)[..., None], (ownership == 1)[..., None]
    table = np.where(owns, truth, np.where(copies & is_there, stale, NOWHERE))
    sure = np.clip(rng.normal(0.92, 0.05, shape), 0.6, 0.99)
    unsure = np.clip(rng.normal(0.72, 0.15, shape), 0.2, 0.97)
    return table.astype(np.int64), np.where(owns, sure, unsure)
