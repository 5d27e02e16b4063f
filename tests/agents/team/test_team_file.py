"""A team as a file: what it says is what one gets, and what is wrong is told where."""

from pathlib import Path

import pytest

from sonde import Budget, SetupError
from sonde.agents.team.team_file import open_team

from .conftest import ANSWER, QUESTION

_TEAM = """
decider: people
gate: hand
rounds: 2
message_budget: 3
budget: {tokens: 9000}
members:
  - {name: ships, corpus: ships, profile: vessels}
  - {name: people, role: chair, corpus: [people, places]}
"""


def _written(folder: Path, text: str) -> Path:
    path = folder / "team.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_team_is_read_from_its_file(corpora: dict[str, Path], tmp_path: Path) -> None:
    team = open_team(_written(tmp_path, _TEAM), home=tmp_path / "home", environ={})
    assert [(m.name, m.role, m.profile) for m in team.members] == [
        ("ships", "ships", "vessels"),
        ("people", "chair", ""),
    ]
    settings = team.settings
    assert (settings.decider, settings.gate.name, settings.rounds) == (1, "hand", 2)
    assert (settings.most_claims, settings.budget.tokens) == (3, 9000)
    assert team.run(QUESTION).answer == ANSWER


def test_what_is_given_beside_the_file_stands_over_it(
    corpora: dict[str, Path], tmp_path: Path
) -> None:
    team = open_team(
        _written(tmp_path, _TEAM),
        gate="open",
        budget=Budget(seconds=5),
        message_budget=1,
        home=tmp_path,
        environ={},
    )
    assert (team.settings.gate.name, team.settings.most_claims) == ("open", 1)
    assert (team.settings.budget.tokens, team.settings.budget.seconds) == (9000, 5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("members: [", "is no YAML"),
        ("members: []", "is no team: members"),
        ("members: [a]", r"members\.0: settings are wanted here, such as name: sea"),
        ("", "the file: settings are wanted here"),
        ("members: [{name: a, colour: red}]", r"members\.0\.colour"),
        ("members: [{name: a}]\nrounds: 0", "is no team: rounds"),
        ("members: [{name: a, corpus: nowhere}]", "there is no file or folder"),
        ("members: [{name: a}]\ndecider: b", "no member 'b' to decide"),
        ("members: [{name: a}]\ngate: gone.json", "there is no gate"),
        ("members: [{name: a, belief: samples}]", "beliefs from 'samples' need a chat model"),
    ],
)
def test_what_is_wrong_in_a_file_is_told(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SetupError, match=words):
        open_team(_written(tmp_path, text), home=tmp_path, environ={})


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot read the team"):
        open_team(tmp_path / "team.yaml", home=tmp_path, environ={})


def test_a_file_that_is_no_text_is_no_team(tmp_path: Path) -> None:
    (tmp_path / "team.yaml").write_bytes(b"\xff\xfe\x00members")
    with pytest.raises(SetupError, match="is no team: it is no text"):
        open_team(tmp_path / "team.yaml", home=tmp_path, environ={})
