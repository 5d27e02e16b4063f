"""A result in each format: what is said, and that strangers' text stays text."""

import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from sonde.cli.render_html import render_html
from sonde.cli.render_json import render_json
from sonde.cli.render_markdown import render_markdown
from sonde.cli.render_terminal import print_result
from sonde.cli.render_text import render_text
from sonde.records.belief import SetRule
from sonde.records.choice import RoundBelief
from sonde.records.evidence import Citation
from sonde.records.result import Certificate, Result, SetMember
from sonde.records.stopping import StopReason
from sonde.records.usage import Usage

BRIDGE = Citation(
    id="e9",
    source="docs/walsh.md",
    title="Don Walsh",
    quote="Walsh dived in the Trieste.",
    start=4,
    end=31,
)
CARRIER = Citation(
    id="e6",
    source="https://example.org/trench?a=1&b=2",
    title="The Mariana Trench",
    quote="The first visitors were Jacques Piccard\n and Don Walsh, in 1960.",
    start=10,
    end=73,
    emphasis="Jacques Piccard\n and Don Walsh",
)
RESULT = Result(
    run_id="20260101-000000-abcdef",
    question="Who was aboard?",
    answer="Jacques Piccard and Don Walsh",
    confidence=0.72,
    confidence_set=(
        SetMember(text="Jacques Piccard and Don Walsh", probability=0.72),
        SetMember(text="James Cameron", probability=0.2),
    ),
    certificate=None,
    citations=(CARRIER,),
    stop_reason=StopReason.ANSWERED,
    rounds=2,
    steps=1,
    usage=Usage.unknown(),
    cost_usd=0.0,
    wall_s=0.41,
    cpu_s=0.3,
    model="extractive",
)
PAID = replace(
    RESULT,
    usage=Usage(uncached_input=900, cache_read=100, output=50, is_estimate=True),
    cost_usd=0.0042,
    cpu_s=None,
    model="tiny",
)
HOSTILE = "<script>alert(1)</script> **bold** `code` [x](http://evil.example) \x1b[2J"


def _terminal(result: Result) -> str:
    out = StringIO()
    print_result(result, Console(file=out, width=80, force_terminal=True, color_system="standard"))
    return out.getvalue()


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


def test_a_chain_whose_words_are_marked_is_told_in_steps() -> None:
    bridge = replace(BRIDGE, emphasis="Trieste")
    chain = replace(RESULT, citations=(bridge, CARRIER))
    told = "Steps: Don Walsh says Trieste; The Mariana Trench says Jacques Piccard and Don Walsh"
    assert told in render_markdown(chain)
    assert told in " ".join(_terminal(chain).split())
    assert told in render_html(chain).replace("\n", "")


@pytest.mark.parametrize(
    "citations",
    [
        (CARRIER,),
        (BRIDGE, CARRIER),
        (CARRIER, replace(CARRIER, start=90, end=153)),
        (replace(BRIDGE, emphasis="Walsh", title=" "), CARRIER),
    ],
)
def test_steps_are_not_told_of_one_document_or_where_words_are_not_known(
    citations: tuple[Citation, ...],
) -> None:
    assert "Steps:" not in render_markdown(replace(RESULT, citations=citations))


@pytest.mark.parametrize("confidence", [0.2, 0.79])
def test_a_belief_that_its_candidates_do_not_hold_is_said_to_be_so(confidence: float) -> None:
    scattered = replace(RESULT, confidence=confidence, confidence_set=())
    told = "annot be listed: too much of the belief lies outside the likeliest candidates"
    assert f"Possible answers: c{told}" in render_markdown(scattered)
    assert f"C{told}" in render_html(scattered)
    assert "Possible answers" not in render_markdown(replace(scattered, confidence=None))


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (None, "unknown (uncertified: an estimate, not a promise)"),
        (0.999, "virtually certain, >99% (uncertified: an estimate, not a promise)"),
        (0.9, "very likely, 90% (uncertified: an estimate, not a promise)"),
        (0.5, "about as likely as not, 50% (uncertified: an estimate, not a promise)"),
        (0.2, "unlikely, 20% (uncertified: an estimate, not a promise)"),
        (0.0, "exceptionally unlikely, 0% (uncertified: an estimate, not a promise)"),
    ],
)
def test_confidence_is_told_in_words_and_in_figures(confidence: float | None, words: str) -> None:
    result = replace(RESULT, confidence=confidence)

    assert f"Confidence: {words}\n" in render_markdown(result)
    assert f">{words.replace('>', '&gt;')}<" in render_html(result)


def test_a_certificate_is_named() -> None:
    certificate = Certificate(kind="split-conformal", alpha=0.1, calibrated_on="abc")

    text = render_markdown(replace(RESULT, certificate=certificate))

    assert "likely, 72% (split-conformal, error at most 10%)" in text


def test_a_set_of_one_is_not_told_and_a_large_one_is_said_to_be_too_large() -> None:
    member = RESULT.confidence_set[0]

    one = render_markdown(replace(RESULT, confidence_set=(member,)))
    six = render_markdown(replace(RESULT, confidence_set=(member,) * 6))

    assert "Possible answers" not in one
    assert "Possible answers: too large to help (6 answers)" in six


def test_a_set_with_a_rule_tells_what_it_promises() -> None:
    rule = SetRule(least=0.02, coverage=0.8, fitted_on=900, population="questions like these")
    ruled = replace(RESULT, set_rule=rule)
    member = RESULT.confidence_set[0]
    promise = "such a set holds the right answer in 80 of 100 questions like these"

    assert f"; {promise}\n" in render_markdown(ruled)
    assert promise in render_html(ruled).replace("Such", "such")
    one = render_markdown(replace(ruled, confidence_set=(member,)))
    assert f"Possible answers: this one alone; {promise}\n" in one
    many = render_markdown(replace(ruled, confidence_set=(member,) * 6))
    too_many = "too many to help (a set that is right 80% of the time takes over 5)"
    assert f"Possible answers: {too_many}\n" in many
    none = render_markdown(replace(ruled, confidence_set=()))
    declined = render_markdown(replace(ruled, answer=None))
    assert "Possible answers" not in none + declined


def test_what_a_model_took_is_told_and_what_is_unknown_is_said_to_be() -> None:
    known = render_markdown(PAID)
    unknown = render_markdown(replace(PAID, usage=Usage.unknown(), cost_usd=None))

    assert "about 1,050 tokens (1,000 in, 100 of them cached, 50 out)" in known
    assert "$0.0042" in known
    assert "tokens unknown" in unknown
    assert "price unknown" in unknown
    assert "$" not in unknown


def test_an_abstention_shows_the_closest_passages() -> None:
    result = replace(
        RESULT, answer=None, confidence=None, stop_reason=StopReason.ABSTAINED, confidence_set=()
    )
    lead = "I could not answer this from what was searched."

    assert render_markdown(result).startswith(f"{lead} The closest passages:\n\n> “The first")
    assert render_markdown(replace(result, citations=())).startswith(f"{lead} Nothing in it")
    assert "Confidence" not in render_markdown(result)
    assert "The closest passages" in render_html(result)


def test_a_partial_answer_is_called_one() -> None:
    partial = replace(RESULT, stop_reason=StopReason.BUDGET_ROUNDS)
    nothing = replace(partial, answer=None, citations=(), confidence=None)

    for text in (render_markdown(partial), render_html(partial), _terminal(partial)):
        assert "This is the best answer so far, not a finished one." in text
    assert render_markdown(nothing).startswith(
        "There is no answer: the run stopped at the limit of rounds.\n"
    )


def test_warnings_are_told_in_every_format() -> None:
    result = replace(RESULT, warnings=("citation dropped: e4",))

    for text in (render_markdown(result), render_html(result), render_json(result)):
        assert "citation dropped: e4" in text
    assert "citation dropped: e4" in _terminal(result)


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
    screen = re.sub(r"\x1b\[[0-9;]*m", "", _terminal(result))

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
    screen = re.sub(r"\x1b\[[0-9;]*m", "", _terminal(replace(RESULT, citations=(BRIDGE, CARRIER))))

    assert screen.startswith("Jacques Piccard and Don Walsh\n")
    assert "2. “The first visitors were Jacques Piccard and Don Walsh, in 1960.”" in screen
    assert "**" not in screen
    assert max(map(len, screen.splitlines())) <= 80


def test_a_model_that_failed_is_told_once_with_the_next_step() -> None:
    failure = "tiny at http://127.0.0.1:1/v1: the connection failed; check that the server runs"
    failed = replace(
        RESULT,
        answer=None,
        confidence=None,
        confidence_set=(),
        citations=(),
        cpu_s=None,
        stop_reason=StopReason.PROVIDER_ERROR,
        stop_detail="unreachable",
        warnings=(f"the model failed: {failure}", "something else"),
    )
    out = StringIO()
    print_result(failed, Console(file=out, width=200))
    for page in (render_markdown(failed), render_html(failed), out.getvalue()):
        assert page.count("the connection failed") == 1
        assert "There is no answer: tiny at" in page
        assert "could not be reached" not in page
        assert "something else" in page


def test_an_answer_of_a_source_that_was_asked_names_it() -> None:
    believed = RoundBelief(
        round=1, belief=(), none_of_these=0.1, entropy_before=0.5, source="samples"
    )
    assert "72% from samples (" in render_markdown(replace(RESULT, trail=(believed,)))
    plain = replace(believed, source="stated")
    assert "72% (" in render_markdown(replace(RESULT, trail=(plain,)))


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
