"""A belief in words, as numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.models.chat.belief import answer_key, read_belief


def _shares(text: str) -> dict[str, float]:
    belief = read_belief(text)
    assert belief is not None
    assert belief.source == "stated"
    assert not belief.is_calibrated
    shares = {one.text: round(one.probability, 3) for one in belief.candidates}
    return shares | {"-": round(belief.none_of_these, 3)}


@pytest.mark.parametrize(
    "text",
    [
        "Trieste: 70%\nKaiko: 20%",
        "- **Trieste**: 0.7\n- Kaiko: .2",
        "1. Trieste - 70 %\n2. Kaiko - 20 %",
        "Trieste: 70\nKaiko: 20",
        "Kaiko (20%)\nTrieste (about 70%)",
        "| Trieste | 70% |\n| Kaiko | 20% |",
        "Trieste: 70% because two pages say so\nKaiko: 20%, a guess",
        '{"Trieste": 0.7, "Kaiko": 0.2}',
        '{"Trieste": "70%", "Kaiko": "20%"}',
        '[{"answer": "Trieste", "probability": 0.7}, {"answer": "Kaiko", "probability": 0.2}]',
        '```json\n{"candidates": [{"name": "Trieste", "p": 70}, {"name": "Kaiko", "p": 20}]}\n```',
        '{"Trieste": {"probability": 0.7}, "Kaiko": {"probability": 0.2}}',
        "Trieste: 70%\nKaiko: 20%\nnone of these: 10%",
        "Trieste: 40%\ntrieste.: 30%\nKaiko: 0.2",
        "Here is what I believe:\nTrieste: 70%\nKaiko: 20%\nThat is all.",
    ],
)
def test_the_same_belief_is_read_from_every_way_to_write_it(text: str) -> None:
    assert _shares(text) == {"Trieste": 0.7, "Kaiko": 0.2, "-": 0.1}


def test_certainty_in_words_is_clipped() -> None:
    assert _shares("Trieste: 100%") == {"Trieste": 0.999, "-": 0.001}
    assert _shares("Trieste: 0%") == {"Trieste": 0.001, "-": 0.999}


def test_a_sum_above_the_whole_is_scaled_down() -> None:
    assert _shares("A: 90%\nB: 90%") == {"A": 0.5, "B": 0.5, "-": 0.001}


def test_evidence_ids_are_kept_apart_from_the_name() -> None:
    belief = read_belief("Trieste [e3] [E4]: 70%")
    assert belief is not None
    assert belief.top is not None
    assert (belief.top.text, belief.top.evidence) == ("Trieste", ("e3", "e4"))


def test_a_year_can_be_a_candidate() -> None:
    assert _shares("1960: 70%\n1961: 20%") == {"1960": 0.7, "1961": 0.2, "-": 0.1}


@pytest.mark.parametrize("text", ["", "I do not know.", "{}", "none of these: 100%", "[1, 2]"])
def test_without_candidates_there_is_no_belief(text: str) -> None:
    assert read_belief(text) is None


_PIECES = ["A", "b", ": ", "7", "0.", "%", "\n", "{", '"', "}", "[e3]", "none", ","]


@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from(_PIECES)).map("".join))
def test_no_text_makes_it_raise(text: str) -> None:
    belief = read_belief(text)
    if belief is not None:
        probabilities = [one.probability for one in belief.candidates]
        assert probabilities == sorted(probabilities, reverse=True)
        assert belief.none_of_these > 0


def test_articles_case_and_stops_do_not_tell_answers_apart() -> None:
    assert answer_key("The Trieste.") == answer_key(" trieste") == "trieste"
    assert answer_key("the") == "the"
    assert answer_key("C") != answer_key("D")
    assert answer_key("+") == "+"
