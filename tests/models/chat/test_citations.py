"""Answers and their quotes."""

import pytest

from sonde.models.chat.citations import read_answer
from sonde.records.evidence import Quote


def _quote(number: int, text: str | None = None) -> Quote:
    return Quote(evidence_id=f"e{number}", text=text)


@pytest.mark.parametrize(
    ("written", "text", "quotes"),
    [
        (
            'It was 1960 [e3: "in January 1960"].',
            "It was 1960 [e3].",
            [_quote(3, "in January 1960")],
        ),
        ("It was 1960 [e3].", "It was 1960 [e3].", [_quote(3)]),
        ("So [e3, e4; E5].", "So [e3] [e4] [e5].", [_quote(3), _quote(4), _quote(5)]),
        ("So [e3: “bent words”].", "So [e3].", [_quote(3, "bent words")]),
        ("So [e3: bare words].", "So [e3].", [_quote(3, "bare words")]),
        ('So [e3, "after a comma"].', "So [e3].", [_quote(3, "after a comma")]),
        ('So [e3: "he said "no" [sic]"].', "So [e3].", [_quote(3, 'he said "no" [sic]')]),
        ('So [e3: "he said \\"no\\""].', "So [e3].", [_quote(3, 'he said "no"')]),
        ('So [e3: "a"; e4: "b"].', "So [e3] [e4].", [_quote(3, "a"), _quote(4, "b")]),
        ('[e4: "b"] then [e3].', "[e4] then [e3].", [_quote(4, "b"), _quote(3)]),
        ('[e3] then [e3: "a"], [e3: "a"].', "[e3] then [e3], [e3].", [_quote(3, "a")]),
        ("No citation [1] [sic].", "No citation [1] [sic].", []),
    ],
)
def test_citations_become_quotes_and_leave_their_ids(
    written: str, text: str, quotes: list[Quote]
) -> None:
    draft = read_answer(written)
    assert (draft.text, list(draft.quotes), draft.is_abstention) == (text, quotes, False)


@pytest.mark.parametrize(
    ("written", "remark", "text"),
    [
        ("ABSTAIN: no page says it [e2].", "", "no page says it [e2]."),
        ("ABSTAIN", " Nothing was found. ", "Nothing was found."),
        ("**ABSTAIN** - nothing", "", "nothing"),
        ("abstain.", "", ""),
    ],
)
def test_an_abstention_keeps_its_reason(written: str, remark: str, text: str) -> None:
    draft = read_answer(written, remark=remark)
    assert draft.is_abstention
    assert draft.text == text


def test_an_answer_about_abstaining_is_no_abstention() -> None:
    assert not read_answer("Abstain from wine, the rule says.").is_abstention
    assert not read_answer("ABSTAINERS UNITED").is_abstention
