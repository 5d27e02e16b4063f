"""What `web-leaps` is made of, and how what an agent finds is counted."""

import json
import random
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from sonde.benchmarks.scorers.entities import required_entities
from sonde.benchmarks.scorers.registry import scorer
from sonde.benchmarks.scorers.score import ANSWER_ALONE, Obtained, Seen
from sonde.benchmarks.suites.loading import load_suite
from sonde.benchmarks.suites.suite import Suite
from sonde.benchmarks.suites.web_leaps.bicliques import maximal_bicliques
from sonde.memory.home import Home


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    return load_suite("web-leaps", home=Home(tmp_path_factory.mktemp("home")))


def all_bicliques(told: dict[str, frozenset[str]]) -> set[tuple[frozenset[str], frozenset[str]]]:
    """Return the maximal bicliques by looking at every set of trees."""
    found: set[tuple[frozenset[str], frozenset[str]]] = set()
    for count in range(1, len(told) + 1):
        for trees in combinations(told, count):
            first, *others = (told[tree] for tree in trees)
            shared = first.intersection(*others)
            if shared:
                grown = frozenset(tree for tree, has in told.items() if has >= shared)
                found.add((grown, shared))
    return found


def test_maximal_bicliques_of_a_hand_worked_case() -> None:
    told = {"a": frozenset("xy"), "b": frozenset("yz"), "c": frozenset("xyz")}
    assert [("".join(sorted(t)), "".join(sorted(r))) for t, r in maximal_bicliques(told)] == [
        ("abc", "y"),
        ("ac", "xy"),
        ("bc", "yz"),
        ("c", "xyz"),
    ]


def test_maximal_bicliques_equal_brute_force() -> None:
    rng = random.Random(5)
    for _ in range(40):
        told = {
            f"t{n}": frozenset(rng.sample("uvwxyz", rng.randint(0, 5)))
            for n in range(rng.randint(1, 7))
        }
        assert set(map(tuple, maximal_bicliques(told))) == all_bicliques(told)


def test_it_has_the_three_sorts_alike(suite: Suite) -> None:
    assert Counter(task.metadata["kind"] for task in suite.tasks) == {
        "basic": 30,
        "union": 30,
        "reverse-union": 30,
    }
    assert suite.scorer == "set"


def test_the_anchor_of_a_reverse_union_is_never_named(suite: Suite) -> None:
    for task in suite.tasks:
        if task.metadata["kind"] == "reverse-union":
            anchor, *_ = required_entities(task.metadata["required"])
            assert anchor[0] not in task.input


def test_whoever_reads_every_page_has_found_every_entity(suite: Suite) -> None:
    pages = map(json.loads, Path(suite.corpus[0]).read_text(encoding="utf-8").splitlines())
    seen = tuple(Seen(text=p["text"], title=p["title"], is_opened=True) for p in pages)
    for task in suite.tasks[:12]:
        score = scorer("set")(task, ", ".join(task.target), Obtained(seen=seen, steps=len(seen)))
        assert score.value == 1.0
        assert score.detail["isr"] == 1.0
        assert score.entities_found == score.entities_required
        assert score.detail["ise_paper"] == score.detail["ise_found"]


def test_whoever_reads_nothing_has_found_none(suite: Suite) -> None:
    score = scorer("set")(suite.tasks[1], None, Obtained(seen=()))
    assert (score.value, score.entities_found, score.detail["ise_found"]) == (0.0, 0, None)


def test_what_nobody_kept_is_unknown_and_not_none_found(suite: Suite) -> None:
    score = scorer("set")(suite.tasks[1], None, ANSWER_ALONE)
    assert (score.value, score.entities_found) == (0.0, None)
    assert "ise_found" not in score.detail
