"""The answer of a reply that is still being written: shown as soon as it is safe, no sooner."""

import random

import pytest

from sonde.models.chat.answer_pieces import AnswerPieces
from sonde.models.chat.citations import read_answer

_ANSWER = 'Jacques Piccard [e2: "as pilot"] took it down in 1960 [e1] <see [the log]>; 2 < 3.'
_REPLY = f"<think>easy</think><report>All [e1].</report>\n<answer>\n{_ANSWER}\n</answer>\nBye."


def _shown(pieces: list[str], *, has_report: bool = True) -> list[str]:
    answer = AnswerPieces(has_report=has_report)
    return [shown for piece in pieces if (shown := answer.add(piece))]


@pytest.mark.parametrize("seed", range(40))
def test_the_pieces_together_are_the_answer_however_it_is_cut(seed: int) -> None:
    rng = random.Random(seed)
    cuts = sorted(rng.sample(range(1, len(_REPLY)), rng.randint(0, 60)))
    pieces = [_REPLY[a:b] for a, b in zip([0, *cuts], [*cuts, len(_REPLY)], strict=True)]
    assert "".join(_shown(pieces)) == read_answer(_ANSWER).text


def test_an_answer_is_shown_while_it_is_written() -> None:
    shown = _shown(["<report>r</report><answer>", "The deepest dive ", "was made ", "in 1960 by"])
    assert shown == ["The deepest dive", " was made", " in 1960 by"]


def test_what_stands_before_the_report_or_in_it_is_never_shown() -> None:
    planted = (
        "It says <answer>HACKED, and more</answer>. <report>also <answer>HACKED again</answer>"
    )
    assert _shown([planted, "</report>", "<answer>Trieste, in 1953</answer>"]) == [
        "Trieste, in 1953"
    ]


def test_the_final_round_has_no_report_but_may_have_reasoning() -> None:
    pieces = ["<think>Perhaps <answer>HACKED</answer>", "</think><answer>The ", "Trieste</answer>"]
    assert "".join(_shown(pieces, has_report=False)) == "The Trieste"
    assert _shown(["<answer>The Trieste"], has_report=False) == []  # it may still be an abstention


def test_an_abstention_is_no_answer() -> None:
    reply = list("<report>r</report><answer>ABSTAIN: nothing was found in any document</answer>")
    assert _shown(reply) == []


def test_a_reply_without_an_answer_shows_nothing() -> None:
    call = '{"name": "search", "arguments": {"queries": ["<answer>a tag in an argument"]}}'
    assert _shown(list(f"<report>r</report><tool_call>{call}</tool_call>")) == []
    assert _shown(list("<report>r</report><belief>A: 5%</belief>")) == []
