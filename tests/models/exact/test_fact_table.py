"""Tables of facts: reading, gaps, twins, answers in words."""

import numpy as np
import pytest

from sonde.models.exact.fact_table import MISSING, Column
from sonde.models.exact.reading import parse_fact_table, read_fact_table
from sonde.policies.query_policy import InformationGain
from sonde.policies.table_belief import TableBelief
from sonde.records.errors import SetupError

SMALL = "ship,Does it dive?,drive\nTrieste,yes,ballast\nAlvin,yes,screws\nMeteor,no,screws\n"


def test_a_table_has_its_items_columns_and_values() -> None:
    table = parse_fact_table(SMALL, name="ships")
    assert table.items == ("Trieste", "Alvin", "Meteor")
    assert [column.values for column in table.columns] == [("no", "yes"), ("ballast", "screws")]
    assert table.cells.tolist() == [[1, 0], [1, 1], [0, 1]]
    assert table.notes == ()


def test_the_likelihoods_sum_to_one_over_the_answers_a_column_has() -> None:
    text = "x,a,b\np,yes,red\nq,no,green\nr,no,blue\n"
    likelihood = parse_fact_table(text, name="t").likelihoods(0.1).likelihood
    assert likelihood.shape == (3, 3, 2)
    assert np.allclose(likelihood.sum(axis=0), 1)
    assert likelihood[2, :, 0].max() == 0  # a yes-or-no question has no third answer
    assert likelihood[:, 0, 1].max() == pytest.approx(0.9)


def test_a_missing_cell_is_told_and_leaves_every_value_likely() -> None:
    table = parse_fact_table("x,a,b\np,yes,\nq,no,yes\nr,no,no\n", name="t")
    assert table.cells[0, 1] == MISSING
    assert "1 of 6 cells are missing" in table.notes[0]
    assert table.likelihoods(0.0).likelihood[:, 0, 1].tolist() == [0.5, 0.5]


def test_rows_that_nothing_tells_apart_are_told() -> None:
    table = parse_fact_table("x,a\np,yes\nq,yes\nr,no\n", name="t")
    assert table.twins == (("p", "q"),)
    assert "no attribute tells these apart: p and q" in table.notes[-1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x,a\np,yes\n", "two items or more"),
        ("", "two items or more"),
        ("x,a\np,yes\nq\n", "row 3 of the table 't' has 1 cells, the headings have 2"),
        ("x,a\np,yes\np,no\n", "'p' stands there twice"),
        ("x,a,a\np,yes,no\nq,no,no\n", "heading of the table 't' needs a name of its own"),
        ("x,a\np,yes\nq,yes\n", "it has one value alone"),
    ],
)
def test_what_is_no_table_is_refused(text: str, words: str) -> None:
    with pytest.raises(SetupError, match=words):
        parse_fact_table(text, name="t")


def test_a_column_of_too_many_values_is_left_out_and_told() -> None:
    rows = "".join(f"i{n},{'yes' if n % 2 else 'no'},text {n}\n" for n in range(20))
    table = parse_fact_table("x,a,b\n" + rows, name="t")
    assert [column.name for column in table.columns] == ["a"]
    assert "'b' is left out: it has 20 values" in table.notes[0]


@pytest.mark.parametrize(
    ("said", "value"), [("Yes.", 1), ("n", 0), ("TRUE", 1), ("perhaps", None), ("", None)]
)
def test_an_answer_in_words_is_understood_or_not(said: str, value: int | None) -> None:
    assert Column(name="a", values=("no", "yes")).value_of(said) == value


def test_the_start_of_a_value_is_enough_where_it_is_one_alone() -> None:
    column = Column(name="where", values=("lake", "land", "sea"))
    assert column.value_of("S") == 2
    assert column.value_of("la") is None


def test_the_table_that_ships_is_large_and_has_no_two_alike() -> None:
    table = read_fact_table()
    assert len(table.items) >= 60
    assert len(table.columns) >= 40
    assert table.twins == ()


def test_every_animal_that_ships_is_found_in_few_questions() -> None:
    table = read_fact_table()
    for item in range(0, len(table.items), 6):
        belief = TableBelief.start(table.likelihoods(0.0))
        while belief.probs.max() < 0.95:
            column = InformationGain().score(belief, range(len(table.columns))).choice
            assert column is not None
            belief = belief.update(column, max(0, int(table.cells[item, column])))
        assert belief.support[int(belief.probs.argmax())] == table.items[item]
        assert len(belief.asked) <= 9
