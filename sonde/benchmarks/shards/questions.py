"""Questions of a world: a start, one to three relations to follow, and who invents what."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from .world import HOP_SHARES, MOST_HOPS, Flags, Floats, Ints, World

_INVENTED = 0.05
"""Share of hops for which a member claims something out of thin air."""
_PROFILE_NOISE = 0.3
"""Standard deviation of how able a member looks, around how able it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """B questions as arrays. N members, 3 hops; hops past a question's own are idle."""

    hops: Ints
    """(B,): relations to follow."""
    relations: Ints
    """(B, 3): the relations."""
    start: Ints
    """(B,): the entity that it begins at."""
    answer: Ints
    """(B,): the entity that it leads to."""
    is_invented: Flags
    """(B, N, 3): whether a member claims to know the hop out of thin air."""
    invented: Ints
    """(B, N, 3): what it then claims."""
    invented_confidence: Floats
    """(B, N, 3): and how sure it is."""
    match: Floats
    """(B, N, 3): how able a member looks to answer the hop: a noisy figure."""

    def __len__(self) -> int:
        return len(self.hops)

    def take(self, rows: Sequence[int] | Ints) -> "Questions":
        """Return some of the questions."""
        at = np.asarray(rows, dtype=np.int64)
        return Questions(**{each.name: getattr(self, each.name)[at] for each in fields(self)})

    def text(self, row: int) -> str:
        """Return one question in words, with its number, so that no two are alike.

        >>> from sonde.benchmarks.shards.world import make_world
        >>> make_questions(make_world(1), 1, seed=1).text(0).startswith("No. 0: start at e")
        True
        """
        steps = ", then ".join(f"r{r}" for r in self.relations[row, : self.hops[row]])
        return f"No. {row}: start at e{self.start[row]} and follow {steps}. Where do you arrive?"


def make_questions(world: World, n: int, *, seed: int) -> Questions:
    """Return n questions of a world, drawn from its own skewed workload.

    Args:
        world: The world.
        n: How many.
        seed: Another seed gives other questions of the same workload.
    """
    rng = np.random.default_rng(seed)
    hops = rng.choice(np.arange(1, MOST_HOPS + 1), n, p=HOP_SHARES)
    relations = _paths(world, rng, n)
    start = rng.integers(0, world.n_entities, n)
    places = [start]
    for hop in range(MOST_HOPS):
        places.append(world.truth[relations[:, hop], places[-1]])
    shape = (n, world.n_members, MOST_HOPS)
    is_used = np.arange(1, MOST_HOPS + 1) <= hops[:, None]
    ownership = world.ownership[:, relations].transpose(1, 0, 2)
    able = 0.6 * (ownership > 0) + 0.4 * (ownership == 2)
    return Questions(
        hops=hops,
        relations=relations,
        start=start,
        answer=np.stack(places, axis=1)[np.arange(n), hops],
        is_invented=(rng.random(shape) < _INVENTED) & is_used[:, None, :],
        invented=rng.integers(0, world.n_entities, shape),
        invented_confidence=rng.uniform(0.3, 0.8, shape),
        match=able + rng.normal(0, _PROFILE_NOISE, shape),
    )


def _paths(world: World, rng: np.random.Generator, n: int) -> Ints:
    relations = np.zeros((n, MOST_HOPS), dtype=np.int64)
    relations[:, 0] = rng.choice(world.n_relations, n, p=world.start_shares)
    for hop in range(1, MOST_HOPS):
        shares = np.cumsum(world.successor_shares[relations[:, hop - 1]], axis=1)
        drawn = (rng.random(n)[:, None] > shares).sum(axis=1)
        chosen = np.minimum(drawn, world.successors.shape[1] - 1)
        relations[:, hop] = world.successors[relations[:, hop - 1], chosen]
    return relations
