"""Fixed graphs, and pruning that leaves everybody a way to the decider."""

import numpy as np
import pytest

from sonde.policies.gating.graphs import chain, cut_off, prune_by_usage, random_graph, star


def test_named_graphs_have_the_links_they_should() -> None:
    assert chain(4, decider=1).sum() == 3
    assert cut_off(chain(4, decider=1), decider=1) == []
    assert star(7).sum() == 12
    assert random_graph(7, 21, rng=np.random.default_rng(1)).sum() == 21
    assert not np.diagonal(random_graph(7, 42, rng=np.random.default_rng(1))).any()


@pytest.mark.parametrize("n_links", [6, 9, 21, 42])
def test_no_pruning_cuts_a_way_to_the_decider(n_links: int) -> None:
    rng = np.random.default_rng(n_links)
    for _ in range(50):
        usage = rng.poisson(0.4, (7, 7)).astype(np.float64)
        graph = prune_by_usage(usage, n_links, decider=2)
        assert graph.sum() == n_links
        assert cut_off(graph, decider=2) == []
        assert not np.diagonal(graph).any()


def test_the_most_used_links_stay() -> None:
    usage = np.zeros((3, 3))
    usage[1, 0], usage[2, 1], usage[0, 2], usage[1, 2] = 9, 8, 7, 1
    kept = prune_by_usage(usage, 3, decider=0)
    assert np.argwhere(kept).tolist() == [[0, 2], [1, 0], [2, 1]]


def test_too_few_links_are_refused() -> None:
    with pytest.raises(ValueError, match="5 links cannot give 6 members a way"):
        prune_by_usage(np.ones((7, 7)), 5, decider=0)


def test_who_is_cut_off_is_named() -> None:
    graph = np.zeros((3, 3), dtype=np.bool_)
    graph[1, 0] = True
    assert cut_off(graph, decider=0) == [2]
