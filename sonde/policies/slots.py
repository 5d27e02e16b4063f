"""Slots of a task, and the factors that tie them together: the joint distribution of each group."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from .distributions import Floats, logarithms, normalised

LARGEST_JOINT = 2**20
"""Combinations of slot values that are enumerated at most: 8 MB of numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One attribute of a task, with the values that it may have.

    Raises:
        ValueError: There is no value, one stands there twice, or the weight is negative.
    """

    name: str
    """What it is called."""
    values: tuple[str, ...]
    """What it may be."""
    weight: float = 1.0
    """How much a nat of its entropy matters."""

    def __post_init__(self) -> None:
        if not self.values or len(set(self.values)) != len(self.values):
            raise ValueError(f"slot {self.name!r} needs values, each once, not {self.values}")
        if not (np.isfinite(self.weight) and self.weight >= 0):
            raise ValueError(f"the weight of slot {self.name!r} must be 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Factor:
    """How well the values of some slots go together: an axis a slot, 0 for impossible.

    Raises:
        ValueError: A slot stands there twice, the axes do not fit, or an entry is negative or not a
            number, or all are zero.
    """

    slots: tuple[int, ...]
    """Numbers of the slots, in the order of the axes."""
    table: Floats
    """Non-negative weights."""

    def __post_init__(self) -> None:
        if len(set(self.slots)) != len(self.slots) or self.table.ndim != len(self.slots):
            raise ValueError(f"{self.table.ndim} axes for the slots {self.slots}")
        if not np.isfinite(self.table).all() or (self.table < 0).any() or not self.table.any():
            raise ValueError("a factor needs finite weights of 0 or more, not all of them 0")

    @classmethod
    def of_rows(cls, slots: Sequence[int], rows: ArrayLike, *, sizes: Sequence[int]) -> Self:
        """Return the factor that allows these combinations alone, by how often each is given.

        Args:
            slots: Numbers of the slots, in the order of the columns.
            rows: Value numbers: a row a combination.
            sizes: How many values each of these slots has.

        Raises:
            ValueError: A row does not fit, or there are too many combinations to enumerate.
        """
        check_joint_size(sizes)
        found = np.asarray(rows, dtype=np.int64)
        if found.ndim != 2 or found.shape[1] != len(slots) or not len(found):
            raise ValueError(f"rows of {len(slots)} values needed, not {found.shape}")
        if (found < 0).any() or (found >= np.asarray(sizes)).any():
            raise ValueError("a row holds a value that its slot does not have")
        table = np.zeros(tuple(sizes))
        np.add.at(table, tuple(found.T), 1.0)
        return cls(slots=tuple(slots), table=table)


def check_joint_size(sizes: Sequence[int]) -> None:
    """Refuse a joint distribution that is too large to enumerate.

    Raises:
        ValueError: It has more than `LARGEST_JOINT` entries.
    """
    if prod(sizes) > LARGEST_JOINT:
        raise ValueError(
            f"{prod(sizes):,} combinations of {len(sizes)} slots are too many to enumerate (at "
            f"most {LARGEST_JOINT:,}); tie fewer slots together"
        )


def groups_of(count: int, factors: Sequence[Factor]) -> list[tuple[int, ...]]:
    """Return the groups of slots that factors tie together, directly or through others."""
    leader = list(range(count))
    for factor in factors:
        tied = {leader[slot] for slot in factor.slots}
        leader = [min(tied) if each in tied else each for each in leader]
    return [
        tuple(slot for slot in range(count) if leader[slot] == first)
        for first in sorted(set(leader))
    ]


def joint_of(
    group: Sequence[int], log_unaries: Sequence[Floats], factors: Sequence[Factor]
) -> Floats | None:
    """Return the distribution over the values of a group, an axis a slot.

    None where nothing is possible.
    """
    place = {slot: axis for axis, slot in enumerate(group)}
    sizes = [len(log_unaries[slot]) for slot in group]
    total = np.zeros(sizes)
    for slot in group:
        shape = [1] * len(group)
        shape[place[slot]] = -1
        total = total + log_unaries[slot].reshape(shape)
    for factor in factors:
        if factor.slots[0] in place:
            total = total + _spread(factor, place, len(group))
    if total.max() == -np.inf:
        return None
    return normalised(total.ravel()).reshape(sizes)


def marginal(joint: Floats, axis: int) -> Floats:
    """Return the distribution along one axis of a joint."""
    return joint.sum(axis=tuple(each for each in range(joint.ndim) if each != axis))


def _spread(factor: Factor, place: dict[int, int], axes: int) -> Floats:
    """Return a factor's logarithms with its axes where the group has them."""
    order = sorted(range(len(factor.slots)), key=lambda each: place[factor.slots[each]])
    shape = [1] * axes
    for each in order:
        shape[place[factor.slots[each]]] = factor.table.shape[each]
    return logarithms(factor.table.transpose(order)).reshape(shape)
