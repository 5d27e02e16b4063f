"""Reading on a handful of passages: the answer, its probability, its place."""

import pytest

from sonde.models.extractive.candidates import answer_key
from sonde.models.extractive.excerpt import excerpt
from sonde.models.extractive.passages import Source
from sonde.models.extractive.question import analyse_question
from sonde.models.extractive.reading import Reading, read
from sonde.models.extractive.scorer import default_weights, read_weights, save_weights

PAGES = {
    "Trieste (bathyscaphe)": (
        "Trieste is a bathyscaphe that was designed by the Swiss scientist Auguste Piccard. It was "
        "launched on 26 August 1953 near the island of Capri. In January 1960 it reached the floor "
        "of the Challenger Deep with a crew of two men, Jacques Piccard and Don Walsh."
    ),
    "Challenger Deep": (
        "The Challenger Deep is the deepest known point of the seabed. It lies in the Pacific "
        "Ocean, in the Mariana Trench, at a depth of about 10,920 metres."
    ),
    "Auguste Piccard": (
        "Auguste Piccard (28 January 1884 – 24 March 1962) was a physicist, inventor and explorer. "
        "Piccard was born in Basel, Switzerland."
    ),
    "Don Walsh": (
        "Don Walsh (November 2, 1931 – November 12, 2023) was an American oceanographer. Walsh was "
        "born in Berkeley, California."
    ),
}
SOURCES = tuple(
    Source(evidence_id=f"e{number}", title=title, text=text)
    for number, (title, text) in enumerate(PAGES.items(), start=1)
)


def read_all(question: str) -> Reading:
    return read(question, SOURCES, default_weights())


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who designed the bathyscaphe Trieste?", "Auguste Piccard"),
        ("When was the Trieste launched?", "26 August 1953"),
        ("Who was born first, Auguste Piccard or Don Walsh?", "Auguste Piccard"),
        ("Who is younger, Auguste Piccard or Don Walsh?", "Don Walsh"),
        ("Where was Don Walsh born?", "Berkeley, California"),
    ],
)
def test_the_likeliest_answer_is_the_right_one(question: str, answer: str) -> None:
    best = read_all(question).answers[0]
    assert best.key == answer_key(answer)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("How many men were in the crew of the Trieste?", "two"),
        ("How deep is the Challenger Deep?", "10,920"),
        ("In which ocean is the Challenger Deep?", "Pacific Ocean"),
    ],
)
def test_a_harder_answer_is_among_the_first_three(question: str, word: str) -> None:
    assert any(word in answer.text for answer in read_all(question).answers[:3])


def test_a_closed_question_is_answered_by_yes_or_no() -> None:
    best = read_all("Are Auguste Piccard and Don Walsh both from Switzerland?").answers[0]
    assert best.text in ("yes", "no")


def test_probabilities_of_answers_and_none_sum_to_one() -> None:
    reading = read_all("Who designed the bathyscaphe Trieste?")
    total = reading.none_of_these + sum(answer.probability for answer in reading.answers)
    assert total == pytest.approx(1.0)


def test_nothing_to_read_is_surely_none_of_these() -> None:
    reading = read("Who designed it?", (), default_weights())
    assert (reading.answers, reading.none_of_these) == ((), 1.0)


def test_none_of_these_is_likelier_when_no_passage_is_about_the_question() -> None:
    asked = "Who won the football cup final in Uruguay?"
    assert read_all(asked).none_of_these > read_all("Who designed the Trieste?").none_of_these


def test_an_answer_stands_in_its_passage_to_the_letter() -> None:
    reading = read_all("Who designed the bathyscaphe Trieste?")
    assert all(any(a.text in s.text for s in SOURCES) for a in reading.answers if a.places)


def test_weights_survive_being_saved() -> None:
    weights = default_weights()
    again = read_weights(save_weights(weights))
    assert again.statistics.counts == weights.statistics.counts
    assert all((again.arrays[name] == array).all() for name, array in weights.arrays.items())


def test_shipped_weights_are_small() -> None:
    assert len(save_weights(default_weights())) < 1_000_000


def test_an_excerpt_is_a_stretch_of_the_text_that_covers_the_question() -> None:
    filler = "Nothing of note happened on that day. " * 100
    text = f"{filler}The bathyscaphe was launched near Capri. {filler}"
    question = analyse_question("Where was the bathyscaphe launched?", default_weights().statistics)
    part = excerpt(question, text, limit=400)
    assert "near Capri" in part
    assert part in text
    assert len(part) <= 400
