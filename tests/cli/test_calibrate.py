"""Calibrating at the command line: a file, a page, a table of promises; and asking under it."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import ModelServer, Outcome

    Sonde = Callable[..., Outcome]

YEARS = {f"Vessel {name}": 1900 + place for place, name in enumerate("ABCDEFGHIJKLMNOPQRSTUVWX")}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    corpus = [
        {"doc_id": name, "title": name, "text": f"{name} was launched in {year} near Basel."}
        for name, year in YEARS.items()
    ]
    tasks = [
        {"id": name, "input": f"When was {name} launched?", "target": str(year)}
        for name, year in YEARS.items()
    ]
    for file, rows in (("ships_corpus.jsonl", corpus), ("ships.jsonl", tasks)):
        text = "\n".join(json.dumps(row) for row in rows)
        (tmp_path / file).write_text(text, encoding="utf-8")
    return tmp_path / "ships.jsonl"


def test_a_suite_is_calibrated_on_and_asked_under(
    sonde: "Sonde", suite: Path, tmp_path: Path
) -> None:
    file, page = tmp_path / "c.json", tmp_path / "c.html"
    code, out, err = sonde("calibrate", suite, "-o", file, "--html", page, "--delta", "0.3")
    assert code == 0
    assert "24 of 24 episodes" in err
    assert "certified stop" in out
    stored = json.loads(file.read_text(encoding="utf-8"))
    assert len(stored["episodes"]) == 18
    assert {each["part"] for each in stored["episodes"]} == {"stop", "set"}
    assert len(re.findall(r'^  \{"task"', file.read_text(encoding="utf-8"), re.M)) == 18
    assert "<svg" in page.read_text(encoding="utf-8")
    assert "http" not in page.read_text(encoding="utf-8").replace("http-equiv", "")

    question = "When was Vessel C launched?"
    corpus = suite.with_name("ships_corpus.jsonl")
    asked = ("ask", question, "--corpus", corpus, "--calibration", file, "--format", "json")
    result = json.loads(sonde(*asked, "--alpha", "0.3").out)
    assert "1902" in result["answer"]
    assert result["certificate"]["kind"] == "stop error"
    assert result["certificate"]["standing"] in ("certified", "uncertified", "refused")
    assert result["certificate"]["reason"]
    strict = json.loads(sonde(*asked, "--alpha", "0.01").out)
    assert strict["certificate"]["standing"] == "refused"
    assert "too few" in strict["certificate"]["reason"]
    other = json.loads(sonde(*asked, "--workspace-tokens", "9000").out)
    assert other["certificate"]["standing"] in ("uncertified", "refused")


def test_thresholds_that_leave_nothing_to_choose_by_are_told(
    sonde: "Sonde", suite: Path, tmp_path: Path
) -> None:
    code, out, _ = sonde("calibrate", suite, "--policy", "cip", "-o", tmp_path / "c.json")
    assert code == 0
    assert "all thresholds of cip are 0" in out


def test_too_few_tasks_are_refused(sonde: "Sonde", suite: Path) -> None:
    code, _, err = sonde("calibrate", suite, "--size", "5")
    assert code == 2
    assert "5 independent tasks with a truth; a calibration needs 12" in err


def test_a_file_that_is_no_calibration_is_refused(
    sonde: "Sonde", suite: Path, tmp_path: Path
) -> None:
    file = tmp_path / "no.json"
    file.write_text('{"format": 99}', encoding="utf-8")
    corpus = suite.with_name("ships_corpus.jsonl")
    code, _, err = sonde("ask", "What?", "--corpus", corpus, "--calibration", file)
    assert code == 2
    assert "is no calibration that this version reads" in err


def test_a_limit_of_all_episodes_together_is_kept_and_nothing_is_stored(
    sonde: "Sonde", suite: Path, tmp_path: Path, model_server: "ModelServer"
) -> None:
    call = '{"name": "search_corpus", "arguments": {"queries": ["Vessel"]}}'
    model_server.replies = [
        reply
        for _ in range(40)
        for reply in (
            f"<report>r</report><belief>1900: 60%</belief><tool_call>{call}</tool_call>",
            "<report>r</report><belief>1900: 90%</belief><answer>1900</answer>",
        )
    ]
    file = tmp_path / "c.json"
    code, _, err = sonde(
        *("calibrate", suite, "-m", "openai:tiny", "--base-url", model_server.url),
        *("--max-tokens", "5000", "-o", file),
    )
    assert code == 3
    assert "nothing was stored" in err
    assert not file.exists()
