"""Odd corpora and questions: a sensible answer, or 4 with the best passages; never a crash."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Sonde

ONE = {"a.txt": "The bridge opened in 1931."}
COPIES = {f"{n}.txt": "The lighthouse at Skagen was built by Knud Larsen." for n in range(40)}
TABLE = {
    "t.csv": "town,river,people\n" + "\n".join(f"Town{n},River{n},{1000 * n}" for n in range(60))
}
CODE = {"m.py": '"""Adds numbers."""\n\nMAX_RETRIES = 7\n\ndef add(a, b):\n    return a + b\n'}
LANGUAGES = {
    "de.txt": "Der Leuchtturm in Skagen wurde 1858 von Knud Larsen gebaut.",
    "zh.txt": "斯卡恩灯塔由克努德·拉森于1858年建造。",
}


@pytest.mark.parametrize(
    ("pages", "question", "answer"),
    [
        (ONE, "When did the bridge open?", "1931"),
        (COPIES, "Who built the lighthouse at Skagen?", "Knud Larsen"),
        (TABLE, "How many people live in Town44?", "44000"),
    ],
)
def test_an_answer_is_found(
    sonde: "Sonde", tmp_path: Path, pages: dict[str, str], question: str, answer: str
) -> None:
    done = sonde("ask", question, "--corpus", written(tmp_path, pages), "-q")
    assert (done.code, done.out.splitlines()[0]) == (0, answer)


@pytest.mark.parametrize(
    ("pages", "question"),
    [
        (ONE, "Who painted the bridge?"),
        (COPIES, "How tall is the lighthouse at Skagen?"),
        (CODE, "Who is the king of Norway?"),
        (LANGUAGES, "谁建造了斯卡恩灯塔?"),
        (LANGUAGES, "¿?"),
        (LANGUAGES, "🙂🙂"),
    ],
)
def test_what_the_pages_do_not_say_is_declined(
    sonde: "Sonde", tmp_path: Path, pages: dict[str, str], question: str
) -> None:
    done = sonde("ask", question, "--corpus", written(tmp_path, pages), "-q")
    assert (done.code, "Traceback" in done.err) == (4, False)


def test_a_question_in_another_language_is_shown_its_passage(
    sonde: "Sonde", tmp_path: Path
) -> None:
    corpus = written(tmp_path, LANGUAGES)
    done = sonde("ask", "Wer hat den Leuchtturm in Skagen gebaut?", "--corpus", corpus, "-q")
    assert done.code in (0, 4)
    assert "Knud Larsen gebaut" in done.out
    told = "seems to be in German, and the offline reader reads English alone: trust it little"
    assert f"Warning: the question {told}" in done.out
    assert f"Warning: what was found {told}" in done.out
    assert "(-m NAME)" in done.out


def test_an_answer_in_another_language_is_believed_less(sonde: "Sonde", tmp_path: Path) -> None:
    pages = {"a.txt": "The lighthouse at Skagen was built by Knud Larsen."}
    corpus = written(tmp_path, pages)
    asked = (
        "Who built the lighthouse at Skagen?",
        "Wer hat the lighthouse at Skagen gebaut und wann?",
    )
    plain, mixed = (
        json.loads(sonde("ask", each, "--corpus", corpus, "--format", "json").out) for each in asked
    )
    assert not plain["warnings"]
    assert mixed["warnings"]
    assert (mixed["confidence"] or 0) <= 0.5


def written(folder: Path, pages: dict[str, str]) -> Path:
    place = folder / "pages"
    place.mkdir()
    for name, text in pages.items():
        (place / name).write_text(text, encoding="utf-8")
    return place
