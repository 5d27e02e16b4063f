"""The reasoner in the loop: it searches, follows up, answers, abstains, and never raises."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.models.extractive.reasoner import ExtractiveReasoner
from sonde.models.reasoner import Capability, Reasoner
from sonde.records.decision import Decision
from sonde.records.evidence import Passage
from sonde.records.report import Finding, Report
from sonde.records.tooling import Action, ToolKind, ToolResult, ToolSpec
from sonde.records.view import Turn, View

SEARCH = ToolSpec(name="look_up", description="", parameters={}, kind=ToolKind.SEARCH)
SUM = ToolSpec(name="sum", description="", parameters={}, kind=ToolKind.COMPUTE)
REASONER = ExtractiveReasoner()
FILM = (
    "The Quiet Tide is a 1987 drama film that was directed by Marta Ekholm and produced by "
    "Nils Berg."
)
DIRECTOR = "Marta Ekholm (born 3 May 1944) is a film director. She was born in the town of Visby."


def passage(number: int, title: str, text: str) -> Passage:
    return Passage(
        source="a.txt",
        doc_id=str(number),
        title=title,
        text=text,
        start=0,
        evidence_id=f"e{number}",
    )


def turn(*passages: Passage, queries: Sequence[str] = ("q",)) -> Turn:
    action = Action(tool="look_up", arguments={"queries": list(queries), "limit": 8})
    return Turn(action=action, observation="", result=ToolResult(text="", passages=passages))


def view(question: str, *turns: Turn, report: Report | None = None, round_number: int = 1) -> View:
    return View(
        question=question,
        report=report if report is not None else Report(),
        turns=turns,
        tokens=0,
        round=round_number,
    )


def decide(
    shown: View, tools: Sequence[ToolSpec] = (SEARCH,), *, is_final: bool = False
) -> Decision:
    return asyncio.run(REASONER.decide(shown, tools, is_final=is_final))


def queries_of(decision: Decision) -> list[str]:
    found = decision.actions[0].arguments["queries"]
    assert isinstance(found, list)
    return [str(query) for query in found]


def test_it_is_a_reasoner_that_believes_and_counts_no_tokens() -> None:
    reasoner: Reasoner = REASONER
    assert reasoner.name == "extractive"
    assert Capability.BELIEF in reasoner.capabilities
    assert Capability.TOKENS not in reasoner.capabilities


def test_the_first_round_searches_for_the_question() -> None:
    decision = decide(view("Who directed The Quiet Tide?"), [SUM, SEARCH])
    assert decision.actions[0].tool == "look_up"
    assert queries_of(decision) == ["Who directed The Quiet Tide?"]


def test_a_comparison_also_searches_for_each_subject() -> None:
    decision = decide(view("Who is older, Marta Ekholm or Nils Berg?"))
    assert queries_of(decision)[1:] == ["Marta Ekholm", "Nils Berg"]


def test_an_answer_is_drafted_with_the_sentence_that_bears_it() -> None:
    shown = view("Who directed The Quiet Tide?", turn(passage(1, "The Quiet Tide", FILM)))
    draft = decide(shown, is_final=True).draft
    assert draft is not None
    assert (draft.text, draft.is_abstention) == ("Marta Ekholm", False)
    assert (draft.quotes[-1].evidence_id, draft.quotes[-1].text) == ("e1", FILM)
    assert draft.quotes[-1].emphasis == "Marta Ekholm"


def test_a_name_in_a_passage_is_followed_with_what_the_passage_leaves_uncovered() -> None:
    asked = "In which town was the director of The Quiet Tide born?"
    shown = view(asked, turn(passage(1, "The Quiet Tide", FILM), queries=[asked]), round_number=2)
    found = queries_of(decide(shown))
    assert any("Marta Ekholm" in query and "born" in query for query in found)


def test_two_hops_are_told_as_a_chain() -> None:
    asked = "In which town was the director of The Quiet Tide born?"
    pages = turn(passage(1, "The Quiet Tide", FILM), passage(2, "Marta Ekholm", DIRECTOR))
    draft = decide(view(asked, pages), is_final=True).draft
    assert draft is not None
    assert [quote.evidence_id for quote in draft.quotes] == ["e1", "e2"]
    assert "Visby" in draft.text


def test_no_query_is_made_twice() -> None:
    asked = "In which town was the director of The Quiet Tide born?"
    pages = turn(passage(1, "The Quiet Tide", FILM), queries=[asked])
    first = queries_of(decide(view(asked, pages, round_number=2)))
    again = decide(view(asked, pages, report=Report(tried=tuple(first)), round_number=2))
    repeated = set(queries_of(again)) & set(first) if again.actions else set[str]()
    assert not repeated


def test_findings_are_the_words_of_the_pages_and_carry_over() -> None:
    shown = view("Who directed The Quiet Tide?", turn(passage(1, "The Quiet Tide", FILM)))
    report = decide(shown, is_final=True).report
    assert [(f.evidence_id, f.statement) for f in report.findings] == [("e1", FILM)]
    draft = decide(view("Who directed The Quiet Tide?", report=report), is_final=True).draft
    assert draft is not None
    assert draft.text == "Marta Ekholm"


def test_the_report_remembers_the_queries_that_were_made() -> None:
    shown = view("Who?", turn(queries=["tide film"]), report=Report(tried=("ekholm",)))
    assert decide(shown, is_final=True).report.tried == ("ekholm", "tide film")


def test_the_same_passage_in_two_turns_is_read_once() -> None:
    page = passage(1, "The Quiet Tide", FILM)
    once = decide(view("Who directed The Quiet Tide?", turn(page)), is_final=True)
    twice = decide(view("Who directed The Quiet Tide?", turn(page), turn(page)), is_final=True)
    assert once.belief == twice.belief


def test_a_heading_is_never_quoted() -> None:
    text = f"# The Quiet Tide\n\n{FILM}"
    shown = view("Who directed The Quiet Tide?", turn(passage(1, "The Quiet Tide", text)))
    draft = decide(shown, is_final=True).draft
    assert draft is not None
    assert [quote.text for quote in draft.quotes] == [FILM]


def test_the_opening_word_of_a_sentence_is_no_part_of_a_name() -> None:
    text = "On 3 May 1944 Marta Ekholm was born."
    asked = "Which prize did the director of The Quiet Tide win?"
    queries = queries_of(decide(view(asked, turn(passage(1, "May", text)), round_number=2)))
    assert any(query.startswith("Marta Ekholm ") for query in queries)
    assert not any(query.startswith(("On ", "3 ", "May ")) for query in queries)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("Which probe landed earlier, Orbis 7 or Kepler?", "Orbis 7"),
        ("Which probe landed later, Orbis 7 or Kepler?", "Kepler"),
    ],
)
def test_which_of_two_is_one_of_the_two_with_a_sentence_for_each(asked: str, answer: str) -> None:
    pages = turn(
        passage(1, "Orbis 7", "Orbis 7 was a probe. It was planned in 1995."),
        passage(2, "Orbis 7", "The probe landed on 15 December 1970."),
        passage(3, "The Kepler Probe", "The Kepler probe landed on 14 January 2005."),
    )
    draft = decide(view(asked, pages), is_final=True).draft
    assert draft is not None
    assert draft.text == answer
    assert {quote.evidence_id for quote in draft.quotes} == {"e2", "e3"}


def test_older_goes_by_the_beginning_and_not_by_any_date_of_a_page() -> None:
    pages = turn(
        passage(1, "Hill Observatory", "Abbott died in 1912 and left the observatory to a school."),
        passage(2, "Hill Observatory", "The place is a hill. Abbott founded it in 1885."),
        passage(3, "Lake Observatory", "The Lake Observatory was opened on 16 October 1905."),
    )
    asked = "Which observatory is older, Hill Observatory or Lake Observatory?"
    draft = decide(view(asked, pages), is_final=True).draft
    assert draft is not None
    assert draft.text == "Hill Observatory"
    assert [quote.emphasis for quote in draft.quotes] == ["1885", "16 October 1905"]


def test_which_of_two_with_one_side_unseen_is_no_third() -> None:
    text = "Kepler and Halley landed on 14 January 2005. Halley was first."
    draft = decide(
        view("Which probe landed first, Orbis 7 or Kepler?", turn(passage(1, "Halley", text))),
        is_final=True,
    ).draft
    assert draft is not None
    assert draft.is_abstention or draft.text in ("Orbis 7", "Kepler")


@pytest.mark.parametrize(
    ("text", "answer"),
    [("Orbis 7 carried no camera.", "no"), ("Orbis 7 carried a camera.", "yes")],
)
def test_a_sentence_that_denies_speaks_for_no(text: str, answer: str) -> None:
    shown = view("Did Orbis 7 carry a camera?", turn(passage(1, "Orbis 7", text)))
    draft = decide(shown, is_final=True).draft
    assert draft is not None
    assert (draft.text, draft.quotes[0].text) == (answer, text)


def test_a_copy_is_no_second_witness_but_another_year_is() -> None:
    asked = "Who directed The Quiet Tide?"
    copy = FILM.replace("drama film", "drama film,")
    other = FILM.replace("1987", "1988")
    pages = [passage(n, "Tide", text) for n, text in enumerate((FILM, copy, other), start=1)]
    report = decide(view(asked, turn(*pages)), is_final=True).report
    assert {finding.statement for finding in report.findings} == {FILM, other}


@pytest.mark.parametrize("tools", [(), (SUM,), (SEARCH,)])
def test_with_nothing_found_it_abstains_at_the_end(tools: tuple[ToolSpec, ...]) -> None:
    draft = decide(view("Who directed it?"), tools, is_final=True).draft
    assert draft is not None
    assert draft.is_abstention


def test_without_a_search_tool_it_reads_what_it_sees() -> None:
    shown = view("Who directed The Quiet Tide?", turn(passage(1, "The Quiet Tide", FILM)))
    draft = decide(shown, ()).draft
    assert draft is not None
    assert draft.text == "Marta Ekholm"


def test_an_empty_search_ends_in_abstention_and_not_in_a_loop() -> None:
    asked = "Who directed The Quiet Tide?"
    decision = decide(view(asked, turn(queries=[asked]), round_number=2))
    assert decision.draft is not None
    assert decision.draft.is_abstention


def test_processor_time_and_passages_are_booked() -> None:
    shown = view("Who directed The Quiet Tide?", turn(passage(1, "The Quiet Tide", FILM)))
    work = decide(shown, is_final=True).work
    assert work.passages_read == 1
    assert work.cpu_s >= 0


def test_the_same_view_gives_the_same_decision() -> None:
    pages = turn(passage(1, "The Quiet Tide", FILM), passage(2, "Marta Ekholm", DIRECTOR))
    shown = view("Where was the director of The Quiet Tide born?", pages)
    first, second = decide(shown), decide(shown)
    assert (first.belief, first.actions, first.draft) == (
        second.belief,
        second.actions,
        second.draft,
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "....",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "def f(x):\n    return {x: [1, 2.5]}  # done\n",
        "深海潜水艇是什么？这是一个句子。",
        "Wer hat das Boot gebaut? Der Bau dauerte zwei Jahre.",
        "word " * 6_000,
        "\ud800 half a pair",
    ],
)
@pytest.mark.parametrize("asked", ["", "?", "Wann wurde das Boot gebaut?", "or and both A B?"])
def test_odd_texts_are_no_reason_to_fail(text: str, asked: str) -> None:
    shown = view(asked, turn(passage(1, "", text), passage(2, text[:40], "Plain words.")))
    assert decide(shown, is_final=True).draft is not None


passages = st.lists(
    st.builds(
        passage,
        st.integers(min_value=1, max_value=6),
        st.text(max_size=20),
        st.text(max_size=300),
    ),
    max_size=6,
)
findings = st.lists(
    st.builds(
        Finding,
        statement=st.text(max_size=200),
        evidence_id=st.sampled_from(["e1", "e7", "e8"]),
        title=st.text(max_size=20),
        hop=st.integers(min_value=0, max_value=3),
    ),
    max_size=3,
)


@settings(max_examples=60, deadline=None)
@given(asked=st.text(max_size=120), found=passages, held=findings, is_final=st.booleans())
def test_junk_gives_a_sound_decision(
    asked: str, found: list[Passage], held: list[Finding], is_final: bool
) -> None:
    report = Report(findings=tuple(held))
    decision = decide(view(asked, turn(*found), report=report), is_final=is_final)
    assert decision.draft is not None or not is_final
    texts = {f"{p.evidence_id}": "" for p in found} | {f.evidence_id: "" for f in held}
    for piece in found:
        texts[str(piece.evidence_id)] += f"\n{piece.text}"
    for finding in held:
        texts[finding.evidence_id] += f"\n{finding.statement}"
    for quote in decision.draft.quotes if decision.draft is not None else ():
        assert quote.text is not None
        assert quote.text in texts[quote.evidence_id]
        assert quote.emphasis is None or quote.emphasis in quote.text
