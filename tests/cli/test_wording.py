"""A result in words: its confidence, its set of answers, its steps, its bill, its failure."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from sonde.cli.render_html import render_html
from sonde.cli.render_markdown import render_markdown
from sonde.cli.render_terminal import print_result
from sonde.records.belief import SetRule
from sonde.records.choice import RoundBelief
from sonde.records.evidence import Citation
from sonde.records.result import Certificate
from sonde.records.stopping import StopReason
from sonde.records.usage import Usage

from .results import BRIDGE, CARRIER, PAID, RESULT, on_terminal


def test_a_chain_whose_words_are_marked_is_told_in_steps() -> None:
    bridge = replace(BRIDGE, emphasis="Trieste")
    chain = replace(RESULT, citations=(bridge, CARRIER))
    told = "Steps: Don Walsh says Trieste; The Mariana Trench says Jacques Piccard and Don Walsh"
    assert told in render_markdown(chain)
    assert told in " ".join(on_terminal(chain).split())
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


def test_a_partial_answer_is_called_one() -> None:
    partial = replace(RESULT, stop_reason=StopReason.BUDGET_ROUNDS)
    nothing = replace(partial, answer=None, citations=(), confidence=None)

    for text in (render_markdown(partial), render_html(partial), on_terminal(partial)):
        assert "This is the best answer so far, not a finished one." in text
    assert render_markdown(nothing).startswith(
        "There is no answer: the run stopped at the limit of rounds.\n"
    )


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
