"""Lint names the truths that a scorer reads otherwise than their author does."""

from pathlib import Path

import pytest

from sonde.benchmarks.scorers.gaia import gaia_match
from sonde.benchmarks.suites.lint import lint_suite
from sonde.benchmarks.suites.suite import Suite, Task


def kinds(*tasks: Task, scorer: str = "gaia") -> list[tuple[str, str]]:
    suite = Suite(name="s", tasks=tasks, scorer=scorer)
    return [(remark.kind, remark.severity) for remark in lint_suite(suite)]


TRAPS = {
    "inf": ("not-finite", "error"),
    "a, nan": ("not-finite", "error"),
    "1,000": ("thousands-comma", "error"),
    "$1,200.50": ("thousands-comma", "error"),
    "$42": ("unit", "warning"),
    "42 km": ("unit", "warning"),
    "42%": ("unit", "warning"),
    "a,,b": ("empty-element", "warning"),
    "...": ("only-punctuation", "error"),
    "O’Brien": ("typography", "warning"),
}


@pytest.mark.parametrize("truth", TRAPS)
def test_each_trap_is_named(truth: str) -> None:
    assert kinds(Task(id="a", input="?", target=(truth,))) == [TRAPS[truth]]


def test_the_traps_are_traps_indeed() -> None:
    assert gaia_match("I do not know", "inf")
    assert not gaia_match("1000", "1,000")
    assert not gaia_match("42", "42 km")
    assert gaia_match("", "...")


@pytest.mark.parametrize(
    "truth", ["42", "Paris", "a, b", "-3.5", "1, 2, 3", "St. Louis", "3 to 5", "22 May"]
)
def test_a_plain_truth_gets_no_remark(truth: str) -> None:
    assert kinds(Task(id="a", input="?", target=(truth,))) == []


def test_the_traps_of_one_rule_are_none_of_another() -> None:
    assert kinds(Task(id="a", input="?", target=("1,000",)), scorer="numeric") == []


def test_duplicates_missing_truths_and_missing_files(tmp_path: Path) -> None:
    one = Task(id="a", input="Who  is it?", target=("x",))
    two = Task(id="b", input="who is it?", target=("x",))
    three = Task(id="c", input="What?", files=(tmp_path / "no.csv",))
    assert kinds(one, two, three) == [
        ("duplicate", "warning"),
        ("missing-file", "error"),
        ("no-truth", "error"),
    ]


def test_a_suite_without_any_truth_is_no_fault() -> None:
    assert kinds(Task(id="a", input="x?"), Task(id="b", input="y?")) == []


def test_choices_that_cannot_be_chosen() -> None:
    twice = Task(id="a", input="?", choices=("x", "x"), target=("x",))
    wrong = Task(id="b", input="??", choices=("x", "y"), target=("z",))
    none = Task(id="c", input="???", target=("z",))
    assert [kind for kind, _ in kinds(twice, wrong, none, scorer="choice")] == [
        "same-choices",
        "no-such-choice",
        "no-such-choice",
        "no-choices",
    ]
