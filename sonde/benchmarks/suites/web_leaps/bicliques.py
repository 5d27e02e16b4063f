"""Maximal bicliques between trees and the relations that they tell."""

from collections.abc import Mapping
from typing import NamedTuple


class Biclique(NamedTuple):
    """Trees that all tell these relations; neither side can grow."""

    trees: frozenset[str]
    """Names of the trees."""
    relations: frozenset[str]
    """Every relation that all of them tell."""


def maximal_bicliques(told: Mapping[str, frozenset[str]]) -> list[Biclique]:
    """Return all maximal bicliques with at least one tree and one relation, in a stable order.

    They are the concepts of formal concept analysis: the relations of each are an intersection of
    what trees tell, and intersections are closed step by step.

    Args:
        told: The relations of each tree.
    """
    closed: set[frozenset[str]] = set()
    for relations in told.values():
        closed |= {relations & other for other in closed} | {relations}
    found = [
        Biclique(frozenset(t for t, has in told.items() if has >= relations), relations)
        for relations in closed
        if relations
    ]
    return sorted(found, key=lambda each: (sorted(each.trees), sorted(each.relations)))
