"""Tables are answered from by their cells: whole values, never a heading."""

from pathlib import Path

import pytest

from sonde import Agent
from sonde.models.extractive.passages import Source
from sonde.models.extractive.reading import read
from sonde.models.extractive.scorer import default_weights

KITCHEN = """item,price,shop,bought
fridge,629 EUR,Conrad,2021-03-04
oven,480 EUR,Saturn,2020-11-19
kettle,35 EUR,Ikea,2022-01-08
"""
STAFF = """Name;Role;City;Phone
Anna Meyer;Head of Sales;Hamburg;040-123
Piet de Vries;Engineer;Delft;015-778
"""


@pytest.mark.parametrize(
    ("table", "question", "answer"),
    [
        (KITCHEN, "What did the fridge cost?", "629 EUR"),
        (KITCHEN, "Which shop sold the kettle?", "Ikea"),
        (KITCHEN, "When was the oven bought?", "2020-11-19"),
        (KITCHEN, "What is the price of the oven?", "480 EUR"),
        (STAFF, "What is Anna Meyer's phone?", "040-123"),
        (STAFF, "In which city does Piet de Vries live?", "Delft"),
        (STAFF, "Who is the engineer?", "Piet de Vries"),
        (STAFF, "What is the role of Anna Meyer?", "Head of Sales"),
    ],
)
def test_the_answer_is_a_cell(table: str, question: str, answer: str, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(table, encoding="utf-8")
    assert Agent(corpus=file, home=tmp_path / "home").run(question).answer == answer


@pytest.mark.parametrize("question", ["Where does Piet live?", "Who is Piet?", "When was it?"])
def test_no_heading_is_a_candidate(question: str) -> None:
    row = "Name: Piet de Vries; Role: Engineer; City: Delft; Phone: 015-778"
    reading = read(question, [Source(evidence_id="e1", title="staff", text=row)], default_weights())
    found = {answer.text for answer in reading.answers}
    assert found
    assert found <= {"Piet de Vries", "Engineer", "Delft", "015-778"}


def test_a_cell_of_many_words_is_a_text_with_answers_in_it() -> None:
    row = (
        "ship: Trieste; history: It was designed by Auguste Piccard in Switzerland, built in "
        "Trieste, and launched near Naples in August 1953"
    )
    source = Source(evidence_id="e1", title="ships", text=row)
    reading = read("Who designed the Trieste?", [source], default_weights())
    assert reading.answers[0].text == "Auguste Piccard"
