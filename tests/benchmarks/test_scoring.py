"""The scorer answers as HotpotQA's own script does."""

import json
from pathlib import Path

import pytest

from sonde.benchmarks.scoring import exact_match, f1, overlap

_CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "hotpot_em_f1_cases.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


@pytest.mark.parametrize("case", _CASES, ids=lambda case: repr(case["prediction"])[:40])
def test_every_case_of_the_official_rule(case: dict[str, object]) -> None:
    prediction, truth = str(case["prediction"]), str(case["truth"])
    assert exact_match(prediction, truth) is case["em"]
    assert list(overlap(prediction, truth)) == pytest.approx(case["f1"])


def test_f1_of_a_hand_worked_case() -> None:
    assert f1("Auguste Piccard of Basel", "Auguste Piccard") == pytest.approx(2 / 3)
