"""Scorers by name, over whole tasks."""

import pytest

from sonde.benchmarks.scorers.registry import scorer, scorer_names
from sonde.benchmarks.scorers.score import ANSWER_ALONE, Obtained, Score, Seen
from sonde.benchmarks.suites.suite import Task
from sonde.records.errors import SuiteError
from sonde.records.json_types import JsonObject


def judged(
    name: str,
    prediction: str | None,
    *target: str,
    choices: tuple[str, ...] = (),
    metadata: JsonObject | None = None,
    obtained: Obtained = ANSWER_ALONE,
) -> Score:
    task = Task(id="t", input="?", target=target, choices=choices, metadata=metadata or {})
    return scorer(name)(task, prediction, obtained)


def test_an_unknown_scorer_names_those_that_there_are() -> None:
    with pytest.raises(SuiteError, match=r"no scorer 'bleu'.*choice, f1, gaia"):
        scorer("bleu")
    assert scorer_names() == tuple(sorted(scorer_names()))


@pytest.mark.parametrize("name", scorer_names())
def test_a_task_without_a_truth_is_not_scored(name: str) -> None:
    with pytest.raises(SuiteError, match="no truth"):
        judged(name, "Paris")


@pytest.mark.parametrize("name", ["gaia", "hotpot", "f1", "set", "numeric"])
def test_no_answer_is_a_wrong_answer(name: str) -> None:
    assert judged(name, None, "12").value == 0.0


def test_any_accepted_answer_is_right() -> None:
    assert judged("gaia", "NYC", "New York", "nyc").value == 1.0
    assert judged("hotpot", "the nyc", "New York", "NYC").value == 1.0


def test_hotpot_tells_f1_beside_exact_match() -> None:
    score = judged("hotpot", "Auguste Piccard of Basel", "Auguste Piccard")
    assert score.value == 0.0
    assert score.detail["f1"] == pytest.approx(2 / 3)
    assert judged("f1", "Auguste Piccard of Basel", "Auguste Piccard").value == pytest.approx(2 / 3)


def test_a_set_is_judged_without_its_order() -> None:
    assert judged("set", "Po; the Rhine", "Rhine", "Po").value == 1.0
    assert judged("set", "1. Po\n2. Oder", "Rhine, Po").value == pytest.approx(0.5)
    half = judged("set", "Po", "Rhine, Po")
    assert (half.detail["precision"], half.detail["recall"]) == (1.0, 0.5)


def test_and_inside_a_name_of_the_truth_parts_nothing() -> None:
    assert judged("set", "Trinidad and Tobago and Chad", "Chad", "Trinidad and Tobago").value == 1.0
    assert judged("set", "Tobago and Chad", "Chad", "Trinidad and Tobago").value < 1
    assert judged("set", "Chad, Trinidad and Tobago", "Chad", "Trinidad and Tobago").value == 1.0
    assert judged("set", "Chad, and Peru", "Chad", "Peru").value == 1.0


def test_a_comma_inside_a_name_of_the_truth_parts_nothing() -> None:
    truths = ("Washington, D.C.", "Paris", "1,850")
    assert judged("set", "Paris, washington, D.C. and 1,850", *truths).value == 1.0
    assert judged("set", "Paris; Washington; D.C.; 1,850,000", *truths).value < 0.5


def test_numbers_of_a_set_are_compared_as_numbers() -> None:
    assert judged("set", "3.50, -2", "-2.0; 3.5").value == 1.0
    assert judged("set", "2", "-2").value == 0.0


@pytest.mark.parametrize(
    ("prediction", "value"),
    [
        ("B", 1.0),
        ("(b)", 1.0),
        ("B. Rome", 1.0),
        ("rome", 1.0),
        ("The answer is B.", 1.0),
        ("The answer is B, or the answer is A", 0.0),
        ("A", 0.0),
        ("D", 0.0),
        ("Rome is a city", 0.0),
        ("The answer is b", 1.0),
        ("Answer: (b)", 1.0),
        ("The answer is B because Oslo is not", 1.0),
        ("B.C. 44", 0.0),
        ("\u0130", 0.0),
        ("\u212a", 0.0),
        ("", 0.0),
    ],
)
def test_a_choice_is_read_from_its_letter_or_its_text(prediction: str, value: float) -> None:
    assert judged("choice", prediction, "Rome", choices=("Oslo", "Rome", "Bern")).value == value


@pytest.mark.parametrize("prediction", ["The answer is a city", "My answer: I am not sure", "A.D."])
def test_small_words_are_no_letters_of_choices(prediction: str) -> None:
    choices = ("Oslo", "Rome", "Bern", "Bonn", "Pisa", "Kiel", "Linz", "Lyon", "Nice")
    for truth in choices:
        assert judged("choice", prediction, truth, choices=choices).value == 0.0


def test_a_choice_that_reads_like_a_letter_counts_as_a_text_first() -> None:
    assert judged("choice", "B", "B", choices=("B", "A")).value == 1.0


def test_a_truth_that_is_no_choice_is_an_error_of_the_suite() -> None:
    with pytest.raises(SuiteError, match="none of its choices"):
        judged("choice", "A", "Paris", choices=("Oslo", "Rome"))
    with pytest.raises(SuiteError, match="has no choices"):
        judged("choice", "A", "Paris")


@pytest.mark.parametrize(
    ("prediction", "truth", "metadata", "value"),
    [
        ("about 1,850 km", "1850", {}, 1.0),
        ("-3.5e2", "-350", {}, 1.0),
        ("\u22123.5", "-3.5", {}, 1.0),
        ("1851", "1850", {}, 0.0),
        ("1851", "1850", {"tolerance": 1}, 1.0),
        ("1851.1", "1850", {"tolerance": 1}, 0.0),
        ("1850.5", "1850", {"tolerance": "0.5"}, 1.0),
        ("1900", "2000", {"relative_tolerance": 0.05}, 1.0),
        ("1899", "2000", {"relative_tolerance": 0.05}, 0.0),
        ("between 3 and 4", "3", {}, 0.0),
        ("3 and 3.0", "3", {}, 1.0),
        ("none", "0", {}, 0.0),
        (".5", "0.5", {}, 1.0),
    ],
)
def test_a_number_is_right_within_its_tolerance(
    prediction: str, truth: str, metadata: JsonObject, value: float
) -> None:
    assert judged("numeric", prediction, truth, metadata=metadata).value == value


def test_a_tolerance_must_be_a_number() -> None:
    with pytest.raises(SuiteError, match="tolerance must be a number"):
        judged("numeric", "3", "3", metadata={"tolerance": -1})
    with pytest.raises(SuiteError, match="not a number"):
        judged("numeric", "3", "three")


_REQUIRED: JsonObject = {"required": ["Lake Ohrid", ["Lake Ohrid", "288"], "Prespa"]}


def test_entities_are_told_beside_any_score() -> None:
    """Hand-worked: three required, a search shows one, opening its page shows another; 4 steps."""
    obtained = Obtained(
        seen=(
            Seen(title="Lakes", text="The old lake Ohrid lies high up."),
            Seen(title="Lake Ohrid", text="It is 288 m deep.", is_opened=True),
        ),
        steps=4,
    )
    score = judged("gaia", "288", "288", metadata=_REQUIRED, obtained=obtained)
    assert score.value == 1.0
    assert (score.entities_required, score.entities_found) == (3, 2)
    assert score.detail == {
        "isr": pytest.approx(2 / 3),
        "ise_paper": pytest.approx(3 / 4),
        "ise_found": pytest.approx(1 / 4),
        "entities_opened": 1,
    }


def test_an_attribute_counts_with_its_entity_alone_and_names_are_whole_words() -> None:
    obtained = Obtained(seen=(Seen(text="288 steps lead to the Prespas."),), steps=None)
    score = judged("gaia", "288", "288", metadata=_REQUIRED, obtained=obtained)
    assert score.entities_found == 0
    assert score.detail["ise_found"] is None


def test_a_task_that_requires_no_entities_tells_none() -> None:
    assert judged("gaia", "288", "288").entities_required is None
