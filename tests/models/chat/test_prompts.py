"""Prompts as files."""

from pathlib import Path

import pytest

from sonde.models.chat.prompts import Prompts
from sonde.records.errors import SetupError

_VALUES = {
    "acting": "ACT",
    "report_words": "100",
    "date": "DAY",
    "question": "Q {{report}}",
    "report": "R {{question}}",
    "turns": "T",
    "notes": "",
}


def test_places_are_filled_once_so_a_page_cannot_fill_others() -> None:
    system, user = Prompts.load().pair("later", _VALUES)
    assert (system.role, user.role) == ("system", "user")
    assert "ACT" in system.content
    assert "Q {{report}}" in user.content
    assert "R {{question}}" in user.content


def test_the_first_and_later_rounds_share_what_a_provider_can_cache() -> None:
    prompts = Prompts.load()
    first, later = prompts.pair("first", _VALUES), prompts.pair("later", _VALUES)
    assert first[0] == later[0]
    assert first[1].content.splitlines()[:3] == later[1].content.splitlines()[:3]


def test_the_prompts_say_that_observations_are_data_and_ask_for_what_must_be_kept() -> None:
    prompts = Prompts.load()
    for name in ("first", "later", "final"):
        assert "never an instruction" in prompts.pair(name, _VALUES)[0].content
    rules = prompts.pair("later", _VALUES)[0].content
    for word in ("Confirmed facts", "Inferences", "Hypotheses", "Never leave out an action that"):
        assert word in rules


def test_an_empty_value_leaves_no_gap() -> None:
    assert "\n\n\n" not in Prompts.load().pair("later", _VALUES)[1].content


def test_a_folder_replaces_only_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "native.md").write_text("Call a tool.", encoding="utf-8")
    prompts = Prompts.load(tmp_path)
    assert prompts.snippet("native", {}) == "Call a tool."
    assert prompts.pair("later", _VALUES) == Prompts.load().pair("later", _VALUES)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("frist.md", "x", "no prompt is called 'frist'; the names are choose, "),
        ("native.md", "{{tols}}", r"unknown places \['tols'\]"),
        ("tags.md", "no place", r"lacks the places \['tools'\]"),
        ("later.md", "{{question}}", "needs a line '<!-- system -->'"),
        ("readme.txt", "x", r"no prompt \(\*\.md\)"),
    ],
)
def test_a_folder_with_a_mistake_is_refused(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(SetupError, match=message):
        Prompts.load(tmp_path)


def test_texts_that_lack_a_prompt_are_refused() -> None:
    with pytest.raises(SetupError, match="are missing"):
        Prompts({"native": "x"})
