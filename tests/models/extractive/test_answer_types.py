"""What sort of words a question allows for an answer."""

import pytest

from sonde.models.extractive.answer_types import AnswerType, answer_type, is_ruled_out, type_columns
from sonde.models.extractive.candidates import Spans, find_spans
from sonde.models.extractive.frame import frame_of
from sonde.models.extractive.passages import Source
from sonde.models.extractive.question import analyse_question
from sonde.models.extractive.relevance import rank_passages
from sonde.models.extractive.statistics import StemStatistics

STATISTICS = StemStatistics(passages=0, counts={})
TEXT = "Marta Ekholm moved to the town of Visby in 1944 and sold 12 boats to Denmark."


def spans_of(asked: str) -> Spans:
    question = analyse_question(asked, STATISTICS)
    sources = (
        Source(evidence_id="e1", title="Ekholm", text=TEXT),
        Source(evidence_id="e2", title="Nils Berg", text="Nils Berg was a Danish geologist."),
        Source(evidence_id="e3", title="Alvin", text="Alvin is a submersible. Berg dived in it."),
    )
    frame = frame_of(question, rank_passages(question, sources, {}))
    assert frame is not None
    return find_spans(frame)


def judged(asked: str, column: int) -> set[str]:
    spans = spans_of(asked)
    marks = type_columns(spans)[column]
    return {text for text, mark in zip(spans.texts, marks, strict=True) if mark}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("In which year did she move?", AnswerType.YEAR),
        ("On what date was it launched?", AnswerType.DATE),
        ("When was it launched?", AnswerType.DATE),
        ("How many boats were sold?", AnswerType.NUMBER),
        ("Who sold boats?", AnswerType.PERSON),
        ("In which city was she born?", AnswerType.SETTLEMENT),
        ("To which country were boats sold?", AnswerType.COUNTRY),
        ("In which language did she write?", AnswerType.LANGUAGE),
        ("Which company built it?", AnswerType.NAME),
        ("What did she sell?", AnswerType.ANY),
    ],
)
def test_the_head_noun_says_what_is_asked_for(asked: str, expected: AnswerType) -> None:
    assert answer_type(analyse_question(asked, STATISTICS)) is expected


def test_a_year_is_one_word_of_four_digits() -> None:
    assert judged("In which year did she move?", 0) == {"1944"}
    assert "Visby" in judged("In which year did she move?", 1)


def test_a_country_is_no_town() -> None:
    assert {"Visby", "Marta Ekholm"} <= judged("To which town did she move?", 0)
    assert "Denmark" in judged("To which town did she move?", 1)


def test_a_span_beside_the_head_noun_is_marked() -> None:
    assert "Visby" in judged("To which town did she move?", 4)
    assert "Denmark" not in judged("To which town did she move?", 4)


def test_what_kind_of_thing_is_not_said_rules_out_nothing() -> None:
    assert judged("What did she sell?", 3) == set()


def ruled_out(asked: str) -> set[str]:
    spans = spans_of(asked)
    return {text for text, mark in zip(spans.texts, is_ruled_out(spans), strict=True) if mark}


def test_a_person_is_no_town_and_no_company() -> None:
    assert {"Nils Berg", "Berg"} <= ruled_out("In which town did he dive?")
    assert {"Nils Berg", "Berg"} <= ruled_out("Which company sold it?")
    assert not {"Visby", "Alvin"} & ruled_out("Which company sold it?")


@pytest.mark.parametrize("asked", ["Who dived?", "What was sold?"])
def test_a_person_may_be_the_answer_where_no_other_thing_is_named(asked: str) -> None:
    assert not ruled_out(asked)
