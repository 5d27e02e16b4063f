"""Likelihood tables: what may stand in them, noise, missing cells and twins."""

from math import log, nan

import numpy as np
import pytest

from sonde.policies.table import Table


def test_a_binary_table_holds_no_before_yes() -> None:
    table = Table.binary([[1, 0], [0, 0]])
    assert table.answers == 2
    assert table.likelihood[1].tolist() == [[1, 0], [0, 0]]
    assert table.likelihood[0].tolist() == [[0, 1], [1, 1]]
    assert table.hypotheses == ("0", "1")


def test_noise_turns_an_answer_round_with_that_chance() -> None:
    table = Table.binary([[1, 0.25]], noise=0.1)
    assert table.likelihood[1, 0].tolist() == pytest.approx([0.9, 0.25 * 0.9 + 0.75 * 0.1])


def test_noise_spreads_over_all_other_answers() -> None:
    table = Table(likelihood=np.array([[[1.0]], [[0.0]], [[0.0]]])).with_noise(0.2)
    assert table.likelihood[:, 0, 0].tolist() == pytest.approx([0.8, 0.1, 0.1])
    assert table.likelihood.sum(axis=0) == pytest.approx(1)


def test_row_entropies_are_those_of_the_answers() -> None:
    assert Table.binary([[0.5, 1.0]]).row_entropies[0].tolist() == pytest.approx([log(2), 0])


def test_single_precision_stays_and_all_else_becomes_double() -> None:
    assert Table.binary(np.array([[0.5]], dtype=np.float32)).likelihood.dtype == np.float32
    assert Table.binary(np.array([[1]])).likelihood.dtype == np.float64
    halves = np.array([[0.5]], dtype=np.float32)
    assert Table.binary(halves, noise=0.1).row_entropies.dtype == np.float32


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([[0.5, 1.2]], "between 0 and 1"),
        ([[-0.1, 0.5]], "between 0 and 1"),
        ([[0.5, nan]], "1 cells are missing, the first in row 0, column 1"),
    ],
)
def test_a_bad_cell_is_refused(cells: list[list[float]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Table.binary(np.array(cells))


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(ValueError, match="none of them empty"):
        Table.binary(np.empty((2, 0)))


def test_answers_that_do_not_sum_to_one_are_refused_with_their_place() -> None:
    with pytest.raises(ValueError, match=r"hypothesis 0 to query 1 sum to 0\.9"):
        Table(likelihood=np.array([[[0.5, 0.5]], [[0.5, 0.4]]]))


def test_names_must_be_as_many_as_rows() -> None:
    with pytest.raises(ValueError, match="1 names for 2 hypotheses"):
        Table.binary([[1], [0]], hypotheses=["cat"])


def test_a_missing_cell_may_mean_that_both_answers_are_alike() -> None:
    table = Table.binary([[1, nan], [0, 1]], missing="uniform")
    assert table.likelihood[:, 0, 1].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("noise", [-0.1, 1.0, nan])
def test_noise_outside_its_range_is_refused(noise: float) -> None:
    with pytest.raises(ValueError, match="noise must be"):
        Table.binary([[1]]).with_noise(noise)


def test_hypotheses_that_no_query_tells_apart_are_named() -> None:
    assert Table.binary([[1, 0], [0, 0], [1, 0], [1, 1]]).twins() == [(0, 2)]
    assert Table.binary([[1, 0], [0, 0]]).twins() == []
