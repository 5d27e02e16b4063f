"""A result in each format: what is said, and that strangers' text stays text."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from sonde.cli.render_html import render_html
from sonde.cli.render_json import render_json
from sonde.cli.render_markdown import render_markdown
from sonde.cli.render_text import render_text
from sonde.records.result import SetMember
from sonde.records.stopping import StopReason

from .results import BRIDGE, CARRIER, RESULT, on_terminal

HOSTILE = "<script>alert(1)</script> **bold** `code` [x](http://evil.example) \x1b[2J"


def test_one_citation_is_a_quote_with_the_answer_in_bold() -> None:
    assert render_markdown(RESULT) == (
        "Jacques Piccard and Don Walsh\n"
        "\n"
        "> “The first visitors were **Jacques Piccard and Don Walsh**, in 1960.”\n"
        "> (The Mariana Trench, https://example.org/trench?a=1&b=2 [e6])\n"
        "\n"
        "Confidence: likely, 72% (uncertified: an estimate, not a promise)\n"
        "Possible answers: Jacques Piccard and Don Walsh 72%; James Cameron 20%\n"
        "2 rounds · 1 step · no model tokens · 0.41 s (0.30 s reading) · "
        "$0.00 (no model was paid) · answered · run 20260101-000000-abcdef\n"
    )


def test_a_chain_of_citations_is_numbered() -> None:
    text = render_markdown(replace(RESULT, citations=(BRIDGE, CARRIER)))

    assert "\n1. “Walsh dived in the Trieste.”\n   (Don Walsh, docs/walsh.md [e9])\n" in text
    assert "\n2. “The first visitors were **Jacques" in text


def test_an_abstention_shows_the_closest_passages() -> None:
    result = replace(
        RESULT, answer=None, confidence=None, stop_reason=StopReason.ABSTAINED, confidence_set=()
    )
    lead = "I could not answer this from what was searched."

    assert render_markdown(result).startswith(f"{lead} The closest passages:\n\n> “The first")
    assert render_markdown(replace(result, citations=())).startswith(f"{lead} Nothing in it")
    assert "Confidence" not in render_markdown(result)
    assert "The closest passages" in render_html(result)


def test_warnings_are_told_in_every_format() -> None:
    result = replace(RESULT, warnings=("citation dropped: e4",))

    for text in (render_markdown(result), render_html(result), render_json(result)):
        assert "citation dropped: e4" in text
    assert "citation dropped: e4" in on_terminal(result)


def test_a_long_quote_is_cut_around_the_answer() -> None:
    citation = replace(CARRIER, quote=f"{'a ' * 900}Trieste{' b' * 900}", emphasis="Trieste")

    text = render_markdown(replace(RESULT, citations=(citation,)))

    assert len(text) < 1_600
    assert "“…" in text
    assert "a **Trieste** b" in text


def test_hostile_text_cannot_become_markup_or_steer_a_terminal() -> None:
    citation = replace(CARRIER, quote=HOSTILE, title=HOSTILE, source=HOSTILE, emphasis=None)
    result = replace(
        RESULT,
        question=HOSTILE,
        answer=HOSTILE,
        citations=(citation,),
        warnings=(HOSTILE,),
        confidence_set=(SetMember(text=HOSTILE, probability=0.5),) * 2,
    )
    page = render_html(result)
    quotes = render_markdown(result).split("\n\n", 1)[1]
    screen = re.sub(r"\x1b\[[0-9;]*m", "", on_terminal(result))

    assert "<script" not in page
    assert "\x1b" not in page + quotes + screen
    assert r"\<script>alert(1)\</script> \*\*bold\*\* \`code\` [x\](http://evil" in quotes


@pytest.mark.parametrize(
    ("source", "is_linked"),
    [
        ("https://example.org/?q=\"'", True),
        ("javascript:alert(1)", False),
        ("docs/a.md", False),
        ("http://[broken", False),
    ],
)
def test_only_web_addresses_become_links(source: str, is_linked: bool) -> None:
    page = render_html(replace(RESULT, citations=(replace(CARRIER, source=source),)))

    assert ("<a href=" in page) is is_linked
    assert "\"'" not in page


def test_the_page_is_whole_in_itself() -> None:
    page = render_html(RESULT)

    assert page.startswith("<!doctype html>")
    assert "default-src 'none'" in page
    assert "prefers-color-scheme: dark" in page
    assert "<mark>Jacques Piccard and Don Walsh</mark>" in page
    assert not re.search(r"<(?:script|link|img|iframe)|@import|url\(", page)
    assert "$" not in re.sub(r"\$0\.00", "", page)


def test_json_keeps_unknown_as_null_and_quotes_as_they_are() -> None:
    result = json.loads(render_json(RESULT))

    assert result["usage"]["output"] is None
    assert result["certificate"] is None
    assert result["confidence_set"][1] == {"text": "James Cameron", "probability": 0.2}
    assert result["citations"][0]["quote"] == CARRIER.quote
    assert result["citations"][0]["emphasis"] == CARRIER.emphasis
    assert result["cost_known"] is True


def test_a_terminal_sees_the_same_words_without_marks() -> None:
    screen = re.sub(
        r"\x1b\[[0-9;]*m", "", on_terminal(replace(RESULT, citations=(BRIDGE, CARRIER)))
    )

    assert screen.startswith("Jacques Piccard and Don Walsh\n")
    assert "2. “The first visitors were Jacques Piccard and Don Walsh, in 1960.”" in screen
    assert "**" not in screen
    assert max(map(len, screen.splitlines())) <= 80


def test_a_path_below_this_folder_is_told_from_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    below = replace(BRIDGE, source=str(tmp_path / "docs" / "walsh.md"))
    assert "(Don Walsh, docs/walsh.md [e9])" in render_text(replace(RESULT, citations=(below,)))
    assert "docs/walsh.md · e9" in render_html(replace(RESULT, citations=(below,)))
    elsewhere = replace(BRIDGE, source="/elsewhere/walsh.md")
    assert "(Don Walsh, /elsewhere/walsh.md [e9])" in render_text(
        replace(RESULT, citations=(elsewhere,))
    )


def test_plain_text_has_no_marks_and_no_escapes() -> None:
    text = render_text(
        replace(RESULT, citations=(replace(CARRIER, quote="a *b* [c](d)", emphasis="*b*"),))
    )
    assert "“a *b* [c](d)”" in text
    assert "\\" not in text
