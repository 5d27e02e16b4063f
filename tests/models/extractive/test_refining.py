"""Further training from SQuAD files: it learns, it measures itself, and bad files are named."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from sonde.models.extractive.reader_file import VARIABLE, weights_at, weights_in_force
from sonde.models.extractive.refining import refine
from sonde.models.extractive.scorer import default_weights, save_weights
from sonde.models.extractive.squad_file import Lesson, read_lessons
from sonde.models.extractive.training import Settings
from sonde.records.errors import SetupError

CITIES = "Visby Lund Kalmar Umea Falun Ystad Gavle Kiruna Boden Mora Arvika Eslov".split()
QUICK = Settings(epochs=3, rate=1e-3, most_spans=60)


def squad(*, version: str = "1.1") -> dict[str, object]:
    """Return twelve articles, each with two questions; the second of which nothing answers."""
    articles: list[object] = []
    for number, city in enumerate(CITIES):
        context = f"Vessel {number} was laid down in {city}. Its bell hung in a church for years."
        asked: list[object] = [
            {
                "id": f"a{number}",
                "question": f"Where was vessel {number} laid down?",
                "answers": [{"text": city, "answer_start": context.index(city)}],
            },
            {
                "id": f"b{number}",
                "question": f"Who was the captain of vessel {number}?",
                "answers": [],
                "is_impossible": True,
            },
        ]
        paragraph = {"context": context, "qas": asked if version == "2.0" else asked[:1]}
        articles.append({"title": f"Vessel_{number}", "paragraphs": [paragraph]})
    return {"version": version, "data": articles}


def written(folder: Path, content: object, name: str = "train.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_both_versions_of_the_format_are_read(tmp_path: Path) -> None:
    first = read_lessons([written(tmp_path, squad())])
    second = read_lessons([written(tmp_path, squad(version="2.0"), "two.json")])
    assert (len(first), len(second)) == (12, 24)
    assert first[0] == Lesson(
        question="Where was vessel 0 laid down?",
        answers=("Visby",),
        title="Vessel 0",
        text="Vessel 0 was laid down in Visby. Its bell hung in a church for years.",
        article="Vessel_0",
    )
    assert [lesson.answers for lesson in second[:2]] == [("Visby",), ()]


def test_a_question_in_two_files_is_read_once(tmp_path: Path) -> None:
    path = written(tmp_path, squad())
    assert len(read_lessons([path, path])) == 12


def test_an_answer_that_does_not_stand_in_its_paragraph_is_left_out(tmp_path: Path) -> None:
    paragraph = {
        "context": "Rope is made of fibres.",
        "qas": [{"question": "Of what?", "answers": [{"text": "iron"}, {"text": "fibres"}]}],
    }
    (lesson,) = read_lessons([written(tmp_path, {"data": [{"paragraphs": [paragraph]}]})])
    assert lesson.answers == ("fibres",)
    assert lesson.article == paragraph["context"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("no json", "Invalid JSON"),
        ("[]", "the file"),
        ('{"data": [{"paragraphs": [{"qas": []}]}]}', "paragraphs.0.context: Field required"),
        ('{"data": [{"paragraphs": [{"context": 3, "qas": []}]}]}', "data.0.paragraphs.0.context"),
        ('{"data": []}', "no usable question"),
    ],
)
def test_a_malformed_file_is_named_with_the_place(tmp_path: Path, content: str, told: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(SetupError, match=r"train\.json") as caught:
        read_lessons([path])
    assert told in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"nowhere\.json"):
        read_lessons([tmp_path / "nowhere.json"])


def test_few_questions_are_refused() -> None:
    lesson = Lesson(question="a?", answers=("b",), title="t", text="a b", article="t")
    with pytest.raises(SetupError, match="too few"):
        refine([lesson], default_weights(), limit=100)


def test_training_goes_on_from_what_was_known_and_can_be_put_into_use(tmp_path: Path) -> None:
    lessons = read_lessons([written(tmp_path, squad(version="2.0"))])
    base = default_weights()
    told: list[str] = []
    refined = refine(lessons, base, limit=100, settings=QUICK, on_step=told.append)
    assert refined.learned + refined.after.questions == len(lessons)
    assert refined.after.exact_match is not None
    assert refined.after.exact_match >= (refined.before.exact_match or 0.0)
    assert not np.array_equal(refined.weights.arrays["dense_out"], base.arrays["dense_out"])
    assert np.array_equal(refined.weights.arrays["yes_out"], base.arrays["yes_out"])
    assert sum(line.startswith("pass") for line in told) == QUICK.epochs

    path = tmp_path / "mine.npz"
    path.write_bytes(save_weights(refined.weights))
    environ: Mapping[str, str] = {VARIABLE: str(path)}
    again = weights_in_force(environ).arrays["dense_out"]
    assert again == pytest.approx(refined.weights.arrays["dense_out"], abs=1e-2)


def test_without_a_name_the_weights_that_ship_are_in_force() -> None:
    assert weights_in_force({}) is default_weights()


def test_a_file_that_is_no_reader_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.npz"
    path.write_bytes(b"not a zip")
    with pytest.raises(SetupError, match=r"holds no reader \(it is no \.npz file\)"):
        weights_at(path)
    with pytest.raises(SetupError, match="cannot read the reader"):
        weights_at(tmp_path / "absent.npz")
    np.savez(path, dense_out=np.zeros(3, np.float16))
    with pytest.raises(SetupError, match="holds no reader"):
        weights_at(path)


def test_a_reader_of_another_shape_is_refused(tmp_path: Path) -> None:
    base = default_weights()
    arrays = {**base.arrays, "dense_out": np.zeros(3, np.float32)}
    path = tmp_path / "old.npz"
    path.write_bytes(
        save_weights(type(base)(arrays=arrays, temperature=1.0, statistics=base.statistics))
    )
    with pytest.raises(SetupError, match="another version"):
        weights_at(path)
