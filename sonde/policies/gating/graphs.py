"""Fixed graphs of a team: chain, star, random, and what recorded runs leave of the whole."""

import numpy as np

from ..distributions import Floats
from .links import Flags


def chain(size: int, *, decider: int = 0) -> Flags:
    """Return a line of members that ends at the decider: size - 1 links."""
    order = [*(i for i in range(size - 1, -1, -1) if i != decider), decider]
    graph = np.zeros((size, size), dtype=np.bool_)
    graph[order[:-1], order[1:]] = True
    return graph


def star(size: int, *, decider: int = 0) -> Flags:
    """Return the graph in which everybody speaks with the decider: 2 (size - 1) links."""
    graph = np.zeros((size, size), dtype=np.bool_)
    graph[decider, :] = graph[:, decider] = True
    graph[decider, decider] = False
    return graph


def random_graph(size: int, n_links: int, *, rng: np.random.Generator) -> Flags:
    """Return a graph with so many links, each as likely as any other."""
    graph = np.zeros((size, size), dtype=np.bool_)
    off = np.flatnonzero(~np.eye(size, dtype=np.bool_).ravel())
    graph.ravel()[rng.choice(off, n_links, replace=False)] = True
    return graph


def prune_by_usage(usage: Floats, n_links: int, *, decider: int) -> Flags:
    """Return the links that right answers rested on most, and a way to the decider for everybody.

    The ways come first: starting at the decider, the most used link into what is reached already is
    added until everybody is reached. The other links follow by usage.

    Args:
        usage: (N, N): how often a right answer rested on a link.
        n_links: Links to keep.
        decider: The member whose answer is the team's.

    Raises:
        ValueError: So few links cannot give every member a way to the decider.
    """
    size = len(usage)
    if n_links < size - 1:
        raise ValueError(
            f"{n_links} links cannot give {size - 1} members a way to the decider; "
            f"keep {size - 1} or more"
        )
    graph = np.zeros((size, size), dtype=np.bool_)
    reached = {decider}
    while len(reached) < size:
        rest = [i for i in range(size) if i not in reached]
        sender, receiver = max(
            ((i, j) for i in rest for j in sorted(reached)), key=lambda link: usage[link]
        )
        graph[sender, receiver] = True
        reached.add(sender)
    left = np.where(graph | np.eye(size, dtype=np.bool_), -np.inf, usage)
    for link in np.argsort(-left, axis=None, kind="stable")[: n_links - (size - 1)]:
        graph.ravel()[link] = True
    return graph


def cut_off(graph: Flags, *, decider: int) -> list[int]:
    """Return the members that have no way to the decider."""
    reached, edge = {decider}, [decider]
    while edge:
        receiver = edge.pop()
        for sender in np.flatnonzero(graph[:, receiver]).tolist():
            if sender not in reached:
                reached.add(sender)
                edge.append(sender)
    return [i for i in range(len(graph)) if i not in reached]
