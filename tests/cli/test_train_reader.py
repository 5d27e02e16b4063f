"""`sonde train-reader`: questions in, weights out, put into use by SONDE_READER."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Sonde

TOWNS = "Visby Lund Kalmar Umea Falun Ystad Gavle Kiruna Boden Mora Arvika Eslov".split()


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A file of twenty-four questions over twelve articles."""
    articles: list[object] = []
    for number, town in enumerate(TOWNS):
        text = f"Vessel {number} was laid down in {town}. It was sold to Bo Ek in {1900 + number}."
        asked = [
            (f"Where was vessel {number} laid down?", town),
            (f"In which year was vessel {number} sold?", f"{1900 + number}"),
        ]
        qas = [{"question": q, "answers": [{"text": a}]} for q, a in asked]
        articles.append({"title": f"V{number}", "paragraphs": [{"context": text, "qas": qas}]})
    path = tmp_path / "train.json"
    path.write_text(json.dumps({"data": articles}), encoding="utf-8")
    return path


def test_training_writes_a_reader_that_answers(
    sonde: "Sonde",
    questions: Path,
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = tmp_path / "mine.npz"
    done = sonde("train-reader", questions, "-o", mine, "--passes", "1")
    assert done.code == 0
    assert "before: exact match" in done.out
    assert f"SONDE_READER={mine}" in done.out
    assert "pass 1: loss" in done.err
    assert mine.stat().st_size < 1_000_000

    monkeypatch.setenv("SONDE_READER", str(mine))
    asked = sonde("ask", "When was the Trieste launched?", "--corpus", corpus, "-q")
    assert (asked.code, "26 August 1953" in asked.out) == (0, True)
    assert str(mine) in sonde("config", "show").out


def test_quiet_training_says_nothing_on_the_way(
    sonde: "Sonde", questions: Path, tmp_path: Path
) -> None:
    done = sonde("train-reader", questions, "-o", tmp_path / "r.npz", "--passes", "1", "-q")
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "is no SQuAD file"),
        ('{"data": [{"paragraphs": [{"context": "a"}]}]}', "data.0.paragraphs.0.qas"),
        ('{"data": []}', "no usable question"),
        (
            '{"data": [{"paragraphs": [{"context": "a b", "qas": [{"question": "q?"}]}]}]}',
            "too few to learn from",
        ),
    ],
)
def test_a_bad_file_ends_with_one_line_and_2(
    sonde: "Sonde", tmp_path: Path, content: str, says: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content, encoding="utf-8")
    done = sonde("train-reader", path, "-o", tmp_path / "r.npz")
    assert done.code == 2
    assert says in done.err
    assert not (tmp_path / "r.npz").exists()


def test_a_reader_that_is_not_there_is_named(
    sonde: "Sonde", corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONDE_READER", "/nowhere/reader.npz")
    done = sonde("ask", "When?", "--corpus", corpus)
    assert done.code == 2
    assert "SONDE_READER" in done.err
