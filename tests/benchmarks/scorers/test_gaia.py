"""The scorer answers as GAIA's own does, traps included."""

import json
from pathlib import Path

import pytest

from sonde.benchmarks.scorers.gaia import gaia_match

_CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "gaia_scorer_cases.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


@pytest.mark.parametrize(
    "case", _CASES, ids=lambda case: f"{case['tag']} {case['prediction']!r:.30}"
)
def test_every_case_of_the_official_rule(case: dict[str, object]) -> None:
    assert gaia_match(str(case["prediction"]), str(case["truth"])) is case["expected"]


def test_all_cases_are_there() -> None:
    assert len(_CASES) == 150
    assert sum(bool(case["expected"]) for case in _CASES) == 92
