"""The workspace keeps four things, under a cap that nothing breaks."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.memory.rendering import SMALLEST_CAP, render_view
from sonde.memory.workspace import Workspace
from sonde.models.token_estimate import estimate_tokens
from sonde.records.evidence import Passage
from sonde.records.report import Finding, Report
from sonde.records.tooling import Action, ToolResult

ROUNDS = 2_048
_LETTERS = "abcdefghij klmnop qrstuvwxyz. ,\n\n{}[]<>\"'\\ÀéЖ漢字かな한글🙂\t0123456789"


def _words(text: str) -> int:
    return len(text.split())


def _page(text: str, number: int = 1) -> Passage:
    return Passage(
        source=f"doc{number}.md",
        doc_id=f"doc{number}.md",
        title=f"Document {number}",
        text=text,
        start=0,
        evidence_id=f"e{number}",
    )


def _search(*pages: Passage, text: str = "") -> ToolResult:
    return ToolResult(text=text, passages=pages)


def test_the_next_state_holds_question_report_action_and_observation_alone() -> None:
    first = Workspace(question="Who dived?")
    second = first.advance(
        Report(prose="first report"), Action(tool="a", arguments={"q": "one"}), _search(text="ONE")
    )
    third = second.advance(
        Report(prose="second report"), Action(tool="b", arguments={"q": "two"}), _search(text="TWO")
    )
    text = third.render(500, count_tokens=_words).text
    assert "Who dived?" in text
    assert "second report" in text
    assert "two" in text
    assert "TWO" in text
    for gone in ("first report", "one", "ONE"):
        assert gone not in text


def test_a_fresh_workspace_shows_the_question_alone() -> None:
    view = Workspace(question="Who dived?").render(100, count_tokens=_words)
    assert view.text == "Who dived?"
    assert view.turns == ()
    assert view.tokens == 2


def test_what_fits_is_not_cut() -> None:
    page = _page("The Trieste dived in 1960. It reached the floor.")
    state = Workspace(question="When?").advance(
        Report(prose="nothing yet"), Action(tool="search", arguments={}), _search(page)
    )
    view = state.render(200, count_tokens=_words)
    assert page.text in view.text
    assert view.notes == ()
    assert view.turns[0].result is not None
    assert view.turns[0].result.passages == (page,)


def test_an_observation_is_cut_by_relevance_and_not_from_its_head() -> None:
    padding = " ".join(f"Sentence number {i} speaks of the weather." for i in range(300))
    page = _page(f"{padding} The Trieste reached the trench in January 1960. {padding}")
    state = Workspace(question="When did the Trieste reach the trench?").advance(
        Report(), Action(tool="search", arguments={}), _search(page)
    )
    view = state.render(150, count_tokens=_words)
    assert "The Trieste reached the trench in January 1960." in view.turns[0].observation
    assert "cut" in view.turns[0].observation
    assert view.tokens <= 150


def test_the_pages_of_a_cut_observation_are_still_slices_of_their_documents() -> None:
    text = " ".join(f"Sentence {i} tells of dive {i}." for i in range(200))
    state = Workspace(question="What of dive 120?").advance(
        Report(), Action(tool="search", arguments={}), _search(_page(text))
    )
    view = state.render(120, count_tokens=_words)
    result = view.turns[0].result
    assert result is not None
    assert result.passages
    for page in result.passages:
        assert text[page.start : page.end] == page.text
        assert page.text in view.turns[0].observation


def test_a_long_report_is_cut_with_a_mark_and_the_model_is_told() -> None:
    report = Report(prose=" ".join(f"Fact {i} is known." for i in range(500)))
    state = Workspace(question="Q?").advance(report, Action(tool="a", arguments={}), _search())
    view = state.render(200, count_tokens=_words)
    assert "cut" in view.report.prose
    assert any("report was cut" in note for note in view.notes)
    assert view.tokens <= 200


def test_findings_are_kept_from_the_most_important_on() -> None:
    findings = tuple(
        Finding(statement=f"statement {i} " + "word " * 20, evidence_id=f"e{i}") for i in range(40)
    )
    state = Workspace(question="Q?").advance(
        Report(findings=findings), Action(tool="a", arguments={}), _search()
    )
    kept = state.render(300, count_tokens=_words).report.findings
    assert 0 < len(kept) < 40
    assert kept == findings[: len(kept)]


def test_a_long_argument_is_cut_in_its_middle() -> None:
    action = Action(tool="python", arguments={"code": "x = 1 ; " * 2_000, "n": 3})
    state = Workspace(question="Q?").advance(Report(), action, _search(text="done"))
    view = state.render(200, count_tokens=_words)
    assert view.tokens <= 200
    assert "cut" in str(view.turns[0].action.arguments["code"])
    assert view.turns[0].action.arguments["n"] == 3


def test_a_cap_under_the_smallest_is_refused() -> None:
    with pytest.raises(ValueError, match="32 tokens or more"):
        Workspace(question="Q?").render(SMALLEST_CAP - 1, count_tokens=_words)


@settings(max_examples=150, deadline=None)
@given(
    question=st.text(max_size=400),
    prose=st.text(max_size=2_000),
    statements=st.lists(st.text(max_size=200), max_size=8),
    said=st.text(max_size=2_000),
    pages=st.lists(st.text(max_size=800), max_size=4),
    argument=st.text(max_size=800),
    cap=st.integers(min_value=SMALLEST_CAP, max_value=700),
)
def test_no_input_breaks_the_cap(
    question: str,
    prose: str,
    statements: list[str],
    said: str,
    pages: list[str],
    argument: str,
    cap: int,
) -> None:
    findings = tuple(Finding(statement=s, evidence_id="e1") for s in statements)
    view = render_view(
        question=question,
        report=Report(prose=prose, findings=findings, tried=tuple(statements)),
        turns=[
            (
                Action(tool="t", arguments={"a": argument}),
                ToolResult(text=said, passages=tuple(_page(p, i) for i, p in enumerate(pages))),
            )
        ],
        max_tokens=cap,
        count_tokens=estimate_tokens,
        round_number=1,
    )
    assert view.tokens == estimate_tokens(view.text)
    assert view.tokens <= cap


def test_the_cap_holds_in_every_one_of_2048_adversarial_rounds() -> None:
    rng = random.Random(7)
    cap = 1_200
    state = Workspace(question="Which probe went deepest, and when?")
    largest = 0
    for number in range(1, ROUNDS + 1):
        view = state.render(cap, count_tokens=estimate_tokens, round_number=number)
        largest = max(largest, estimate_tokens(view.text))
        assert largest <= cap, f"round {number}"
        report = Report(prose=_junk(rng), tried=tuple(_junk(rng, 60) for _ in range(3)))
        pages = tuple(_page(_junk(rng), i) for i in range(rng.randint(0, 3)))
        state = state.advance(
            report,
            Action(tool="search", arguments={"queries": [_junk(rng, 200)]}),
            ToolResult(text=_junk(rng, 400), passages=pages),
        )
    assert largest > cap // 2  # the rounds did fill it


def _junk(rng: random.Random, most: int = 9_000) -> str:
    """Return text that is hard to cut: no full stops, one letter, many blanks, odd scripts."""
    size = rng.choice([0, 1, most // 10, most // 2, most])
    kind = rng.randrange(5)
    if kind == 0:
        return "a" * size
    if kind == 1:
        return " \n" * (size // 2)
    if kind == 2:
        return "".join(rng.choices(_LETTERS, k=size))
    if kind == 3:
        return "The probe went down. " * (size // 21)
    return "漢" * size


def test_no_turn_is_shown_with_nothing_left_of_what_it_brought() -> None:
    """Pages alone, where not even the mark of a cut fits: the turn is left out."""
    page = Passage(source="s", doc_id="d", title="t" * 400, text="Some words. " * 50, start=0)
    state = Workspace(
        question="Who was it? " * 40,
        report=Report(prose="Nobody knows. " * 40),
        last_action=Action(tool="open", arguments={}),
        last_observation=ToolResult(text="", passages=(page,)),
    )
    shown: set[int] = set()
    for cap in range(32, 400):
        view = state.render(cap, count_tokens=len)
        assert all(turn.observation for turn in view.turns)
        assert view.tokens <= cap
        shown.add(len(view.turns))
    assert shown == {0, 1}
