"""Lists: when several things are asked for, which belong together, and where each is cited."""

import pytest

from sonde.models.extractive.belief import belief_of
from sonde.models.extractive.drafting import draft_of
from sonde.models.extractive.passages import Source
from sonde.models.extractive.question import analyse_question
from sonde.models.extractive.reading import Reading, read
from sonde.models.extractive.scorer import default_weights
from sonde.models.extractive.several import is_plural
from sonde.models.extractive.statistics import StemStatistics

STATISTICS = StemStatistics(passages=0, counts={})
PAGES = {
    "Chile": "Chile is a country in South America. It borders Peru, Bolivia and Argentina. "
    "Its main exports are copper, lithium, fruit and fish.",
    "The Vents": "On 17 February 1977 Alvin dived with the geologists Jack Corliss and Tjeerd van "
    "Andel and the pilot Jack Donnelly.",
    "Rope": "A rope is made of fibres that are twisted together.",
}
SOURCES = tuple(
    Source(evidence_id=f"e{number}", title=title, text=text)
    for number, (title, text) in enumerate(PAGES.items(), start=1)
)


def read_all(question: str, sources: tuple[Source, ...] = SOURCES) -> Reading:
    return read(question, sources, default_weights())


@pytest.mark.parametrize(
    ("text", "is_list"),
    [
        ("Which countries does Chile border?", True),
        ("Which geologists dived?", True),
        ("Name three moons of Jupiter", True),
        ("Who were the crew members?", True),
        ("What are the main exports of Chile?", True),
        ("what awards did she win", True),
        ("Which people dived twice?", True),
        ("Who dived at the vents? Name all of them.", True),
        ("Which of the crew dived? Please list them all; leave out the pilot.", True),
        ("Who dived? Give all names.", True),
        ("Who dived? Give the year.", False),
        ("Did he dive? Name all ships. Which was first?", False),
        ("Which sports team won the cup?", False),
        ("Which series won the prize?", False),
        ("What causes tides?", False),
        ("What is physics?", False),
        ("Who are you?", False),
        ("Which geologist dived?", False),
        ("How many countries does Chile border?", False),
        ("countries", False),
        ("", False),
    ],
)
def test_a_plural_asks_for_several_things(text: str, is_list: bool) -> None:
    assert analyse_question(text, STATISTICS).is_list is is_list


def test_some_words_with_an_s_are_no_plural() -> None:
    assert not any(map(is_plural, ["bus", "class", "basis", "series", "as"]))


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("Which countries does Chile border?", {"Peru", "Bolivia", "Argentina"}),
        ("What are the main exports of Chile?", {"copper", "lithium", "fruit", "fish"}),
    ],
)
def test_what_a_sentence_joins_is_given_whole(question: str, items: set[str]) -> None:
    chosen = read_all(question).chosen
    assert chosen is not None
    assert set(chosen.text.replace(" and ", ", ").split(", ")) == items


def test_a_name_of_another_sort_is_not_added() -> None:
    chosen = read_all("Which geologists dived at the vents?").chosen
    assert chosen is not None
    assert "Corliss" in chosen.text
    assert "the pilot" not in chosen.text
    assert "Rope" not in chosen.text


def test_a_name_right_after_the_noun_that_is_asked_for_is_the_one() -> None:
    chosen = read_all("Which geologist dived?").chosen
    assert chosen is not None
    assert chosen.text == "Jack Corliss"


def test_a_list_stands_in_the_belief_in_place_of_its_likeliest_item() -> None:
    reading = read_all("Which countries does Chile border?")
    belief = belief_of(reading)
    assert reading.chosen is not None
    assert belief.candidates[0].text == reading.chosen.text
    total = belief.none_of_these + sum(each.probability for each in belief.candidates)
    assert total == pytest.approx(1.0)


def test_each_sentence_of_a_list_is_quoted_once_with_its_items_marked() -> None:
    draft = draft_of(read_all("Which countries does Chile border?"))
    assert [quote.evidence_id for quote in draft.quotes] == ["e1"]
    marked = draft.quotes[0].emphasis or ""
    assert all(name in marked for name in ("Peru", "Bolivia", "Argentina"))


def test_things_of_two_passages_are_told_together_each_with_its_citation() -> None:
    sources = (
        Source(evidence_id="e1", title="Oslo Prize 1990", text="The Oslo Prize went to Ada Berg."),
        Source(evidence_id="e2", title="Oslo Prize 1991", text="The Oslo Prize went to Bo Lund."),
    )
    draft = draft_of(read_all("Who were the winners of the Oslo Prize?", sources))
    assert {quote.evidence_id for quote in draft.quotes} <= {"e1", "e2"}
    for quote in draft.quotes:
        assert quote.emphasis is not None
        assert quote.emphasis in draft.text


def test_an_order_to_list_whatever_is_found_counts_as_no_content() -> None:
    question = analyse_question("Who won the Oslo Prize? Name all of them.", STATISTICS)
    assert question.weights == analyse_question("Who won the Oslo Prize?", STATISTICS).weights


CREW = Source(
    evidence_id="e1",
    title="The Alert",
    text="The crew of the Alert were these:\n\n- Ada Berg, captain\n- Bo Lund, mate\n"
    "- Cy Dahl, cook\n\nShe sailed from Bergen in 1911.",
)
PRIZE = Source(
    evidence_id="e2",
    title="Oslo Prize",
    text="The Oslo Prize is given each year. In 1911 it was won by Ada Berg. In 1912 it was won "
    "by Bo Lund. In 1913 the prize was won by Cy Dahl. The jury sits in Bergen.",
)


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("Who were the crew of the Alert?", CREW),
        ("Which people won the Oslo Prize?", PRIZE),
        ("Who won the Oslo Prize? Name all of them.", PRIZE),
    ],
)
def test_a_list_with_a_line_or_a_sentence_for_each_thing_is_given_whole(
    question: str, source: Source
) -> None:
    chosen = read_all(question, (source,)).chosen
    assert chosen is not None
    assert chosen.text == "Ada Berg, Bo Lund and Cy Dahl"


def test_a_page_that_leaves_a_name_of_the_question_open_gives_no_such_list() -> None:
    question = "Which people from Narvik won the Oslo Prize? Name all of them."
    chosen = read_all(question, (PRIZE,)).chosen
    assert chosen is not None
    assert chosen.text.count(",") == 0
