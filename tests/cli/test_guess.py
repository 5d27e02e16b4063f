"""Twenty questions at the terminal: games, comparisons, bad tables."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Outcome

    Sonde = Callable[..., Outcome]

SHIPS = "ship,Does it dive?,drive\nTrieste,yes,ballast\nAlvin,yes,screws\nMeteor,no,screws\n"


@pytest.fixture
def ships(tmp_path: Path) -> Path:
    path = tmp_path / "ships.csv"
    path.write_text(SHIPS, encoding="utf-8")
    return path


def test_a_simulated_answerer_is_seen_through(sonde: "Sonde", ships: Path) -> None:
    code, out, _ = sonde("guess", ships, "--item", "alvin", "--noise", "0")
    assert code == 0
    assert "why: expected to bring 0.92 bits; the next best 0.92" in out
    assert "It is: Alvin (100%, after 2 answers; 0.00 bits are left)" in out


def test_an_answer_that_is_wrong_on_purpose_is_marked(sonde: "Sonde") -> None:
    out = sonde("guess", "--item", "lion", "--noise", "0.2").out
    assert "(wrong on purpose: --noise)" in out
    assert "wrong on purpose" not in sonde("guess", "--item", "lion", "--noise", "0").out


def test_gaps_are_told_of_a_table_of_ones_own_and_not_of_the_shipped_one(
    sonde: "Sonde", tmp_path: Path
) -> None:
    own = tmp_path / "own.csv"
    own.write_text(SHIPS.replace("yes,screws", ",screws"), encoding="utf-8")
    assert "cells are missing" in sonde("guess", own, "--item", "Trieste").err
    assert sonde("guess", "--item", "lion", "--noise", "0").err == ""


def test_a_person_answers_and_is_asked_again_where_it_is_not_understood(
    sonde: "Sonde", ships: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("maybe\nn\n"))
    code, out, err = sonde("guess", ships, "--noise", "0")
    assert code == 0
    assert "write yes or no; ? if you do not know" in err
    assert "It is: Meteor" in out


def test_not_knowing_is_an_answer_and_twins_are_told(
    sonde: "Sonde", ships: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("?\nscrews\n"))
    code, out, _ = sonde("guess", ships, "--noise", "0")
    assert code == 0
    assert "No further question tells apart: Alvin, Meteor (50% each)" in out


def test_q_stops_the_game(sonde: "Sonde", ships: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("q\n"))
    code, _, err = sonde("guess", ships)
    assert code == 4
    assert "stopped; nothing was guessed" in err


def test_contradictory_answers_are_told_and_a_noise_model_takes_over(
    sonde: "Sonde", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x,a,b,c\np,yes,yes,no\nq,no,no,no\nr,yes,no,yes\ns,no,yes,yes\n", "utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("y\ny\ny\n" * 3))
    code, out, _ = sonde("guess", path, "--noise", "0")
    assert code == 0
    assert "It is:" in out


def test_policies_are_compared_on_the_same_games(sonde: "Sonde") -> None:
    code, out, _ = sonde("guess", "--simulate", "87", "--noise", "0", "--seed", "1")
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line.strip()}
    assert code == 0
    assert float(rows["gain"][1]) < 7 < 15 < float(rows["random"][1])
    assert rows["gain"][3] == "100%"
    assert "● gain   ◆ cip   ▲ entropy   · random" in out


def test_the_same_seed_gives_the_same_comparison(sonde: "Sonde") -> None:
    first, second = (sonde("guess", "--simulate", "40", "--seed", "3").out for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--item", "tigger"), "no item 'tigger' in the table 'animals'; near it: tiger"),
        (("--noise", "1"), "noise must be at least 0 and below 1"),
        (("missing.csv",), "cannot read the table 'missing.csv'"),
    ],
)
def test_bad_wishes_are_refused(sonde: "Sonde", arguments: tuple[str, ...], words: str) -> None:
    code, _, err = sonde("guess", *arguments)
    assert code == 2
    assert words in err
