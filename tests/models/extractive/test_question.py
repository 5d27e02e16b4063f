"""What a question asks for."""

import pytest

from sonde.models.extractive.lexicon import QuestionKind
from sonde.models.extractive.question import analyse_question
from sonde.models.extractive.statistics import StemStatistics, count_stems
from sonde.models.extractive.subjects import subjects_of

STATISTICS = count_stems([["dive", "ship"], ["dive"], ["dive", "crew"]], at_least=1)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who built the bathyscaphe?", QuestionKind.WHO),
        ("when did it dive", QuestionKind.WHEN),
        ("Where was it built?", QuestionKind.WHERE),
        ("How many hours did the dive take?", QuestionKind.HOW_MANY),
        ("How deep is the trench?", QuestionKind.HOW_MUCH),
        ("How does ballast work?", QuestionKind.HOW),
        ("Why did the window crack?", QuestionKind.WHY),
        ("Which engineer designed the hull?", QuestionKind.OTHER),
        ("In which city was the hull built?", QuestionKind.PLACE),
        ("What year did it dive?", QuestionKind.DATE),
        ("the float of the vessel was built by which company", QuestionKind.WORK),
        ("Are the Trieste and the Archimede both bathyscaphes?", QuestionKind.YES_NO),
        ("What is a bathyscaphe?", QuestionKind.DEFINITION),
        ("bathyscaphe", QuestionKind.OTHER),
        ("", QuestionKind.OTHER),
    ],
)
def test_the_kind_follows_the_asking_words(text: str, kind: QuestionKind) -> None:
    expected = QuestionKind.PERSON if "engineer" in text else kind
    assert analyse_question(text, STATISTICS).kind is expected


def test_the_head_noun_is_the_last_of_its_phrase() -> None:
    question = analyse_question("Which Swiss ocean engineer designed the hull?", STATISTICS)
    assert question.head == "engin"


def test_a_rarer_stem_weighs_more() -> None:
    weights = analyse_question("ship dive", STATISTICS).weights
    assert weights["ship"] > weights["dive"]


def test_statistics_without_any_text_give_every_stem_the_same_weight() -> None:
    empty = StemStatistics(passages=0, counts={})
    assert empty.weight("ship") == empty.weight("dive") > 0


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("Who was born first, Auguste Piccard or Don Walsh?", ("Auguste Piccard", "Don Walsh")),
        ("Are the Trieste and the Archimede both vessels?", ("Trieste", "Archimede")),
        ("Which dived deeper, Alvin or Deep Flight of Fancy?", ("Alvin", "Deep Flight of Fancy")),
        ("Whose boat sank first, that of Don Walsh or that of Bo Ek?", ("Don Walsh", "Bo Ek")),
        ("Who built the Trieste?", None),
        ("are we there yet", None),
    ],
)
def test_a_comparison_is_split_by_its_two_subjects(
    text: str, subjects: tuple[str, str] | None
) -> None:
    assert subjects_of(analyse_question(text, STATISTICS)) == subjects
