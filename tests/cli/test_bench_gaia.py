"""A folder as GAIA is published, from its files to the file that is handed in."""

import json
from pathlib import Path

import pytest

from sonde.benchmarks.runner.loading import load_run
from sonde.benchmarks.suites.writing.pdf import pdf
from sonde.benchmarks.suites.writing.xlsx import packed, xlsx
from sonde.cli.main import main

_CAPTAINS = (
    "Asgard Brenk|Dora Fenwick|Ilse Kormann|Otto Maren|Pia Lund|Ravi Anand|Sune Dahl|Ute Voss"
)
_SHIPS = "Halcyon|Meridian|Petrel|Quarry|Saffron|Tamarisk|Umber|Verity"
_FACTS = tuple(zip(_SHIPS.split("|"), _CAPTAINS.split("|"), strict=True))


def _sentence(ship: str, captain: str) -> str:
    return f"The captain of the {ship} was {captain}."


def _files() -> dict[str, bytes]:
    """Return an attachment of each of eight formats, each with one fact."""
    said = [_sentence(ship, captain) for ship, captain in _FACTS]
    rows = [("ship", "captain"), _FACTS[2]]
    return {
        "a.txt": said[0].encode(),
        "b.md": f"# Log\n\n{said[1]}\n".encode(),
        "c.csv": "".join(f"{ship},{captain}\n" for ship, captain in rows).encode(),
        "d.json": json.dumps([{"title": "Log", "text": said[3]}]).encode(),
        "e.html": f"<html><body><p>{said[4]}</p></body></html>".encode(),
        "f.pdf": pdf([said[5]]),
        "g.zip": packed({"log.txt": said[6].encode()}),
        "h.xlsx": xlsx({"log": [("ship", "captain"), _FACTS[7]]}),
    }


@pytest.fixture
def gaia(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A validation split with answers and a test split without, three levels each."""
    pytest.importorskip("openpyxl")
    monkeypatch.setenv("SONDE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    for split in ("validation", "test"):
        folder = tmp_path / "gaia" / split
        folder.mkdir(parents=True)
        lines: list[str] = []
        for number, (name, data) in enumerate(_files().items()):
            ship, captain = _FACTS[number]
            (folder / name).write_bytes(data)
            row = {
                "task_id": f"{split}-{number}",
                "Question": f"Who was the captain of the {ship}?",
                "Level": number % 3 + 1,
                "Final answer": captain if split == "validation" else "?",
                "file_name": name,
            }
            lines.append(json.dumps(row) + "\n")
        (folder / "metadata.jsonl").write_text("".join(lines), encoding="utf-8")
    return tmp_path / "gaia"


def test_a_split_with_answers_is_scored_over_all_levels_and_formats(gaia: Path) -> None:
    assert main(["bench", "run", str(gaia / "validation"), "--agent", "extractive", "-q"]) == 0
    run = load_run("bench/validation")
    assert {attempt.level for attempt in run.attempts} == {"1", "2", "3"}
    assert {attempt.status for attempt in run.attempts} == {"scored"}
    right = [attempt.task_id for attempt in run.attempts if attempt.score == 1.0]
    assert len(right) >= 6  # the reader is no part of what is tested here
    assert not Path("bench/validation/submission.jsonl").exists()


def test_a_split_without_answers_is_run_for_its_submission(
    gaia: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "run", str(gaia / "test"), "--agent", "extractive", "-q"]) == 0
    assert "8 tasks have an answer" in capsys.readouterr().out
    text = Path("bench/test/submission.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    assert [row["task_id"] for row in rows] == [f"test-{number}" for number in range(8)]
    assert {frozenset(row) for row in rows} == {
        frozenset({"task_id", "model_answer", "reasoning_trace"})
    }
    assert {attempt.status for attempt in load_run("bench/test").attempts} == {"unscored"}
