"""The next question from the answers so far."""

import pytest

from sonde.models.exact.advice import advise
from sonde.models.exact.reading import parse_fact_table
from sonde.records.errors import SetupError

BIRDS = parse_fact_table(
    "name,flies,sings,legs\nlark,yes,yes,2\nhen,no,no,2\nkite,yes,no,2\nkiwi,no,no,2\n",
    name="birds",
)


def test_an_even_split_brings_one_bit_without_noise() -> None:
    advice = advise(BIRDS, {}, noise=0.0)
    assert advice.question == 'Is "flies" true of it? (yes/no)'
    assert advice.gain_nats == pytest.approx(0.6931, abs=1e-4)
    assert advice.entropy_nats == pytest.approx(1.3863, abs=1e-4)
    assert (advice.item, advice.in_play) == (None, 4)
    assert "1.00 bits, the next best 0.81; expected answers:" in advice.why


def test_an_item_is_named_once_it_is_likely_enough() -> None:
    advice = advise(BIRDS, {'Is "flies" true of it? (yes/no)': "yes", "Sings": "Y"}, noise=0.0)
    assert advice.item == "lark"
    assert advice.question is None
    assert advice.gain_nats is None
    assert advice.likeliest["lark"] == 1.0
    assert advice.why == "lark is held 100.0% likely, and is named from 95% on"


def test_twins_are_told_and_none_of_them_is_named() -> None:
    advice = advise(BIRDS, {"flies": "no", "sings": "no"}, noise=0.0)
    assert (advice.item, advice.question) == (None, None)
    assert "no further question tells these apart: hen 50%, kiwi 50%" in advice.why
    assert "no attribute tells these apart: hen and kiwi" in " ".join(advice.notes)


def test_an_answer_that_is_not_known_changes_no_belief_and_is_not_asked_again() -> None:
    advice = advise(BIRDS, {"flies": "?"}, noise=0.0)
    assert advice.entropy_nats == pytest.approx(1.3863, abs=1e-4)
    assert advice.question == 'Is "sings" true of it? (yes/no)'


def test_the_order_of_answers_does_not_matter() -> None:
    one, other = (
        advise(BIRDS, {"flies": "yes", "sings": "no"}),
        advise(BIRDS, {"sings": "no", "flies": "yes"}),
    )
    assert one.likeliest == pytest.approx(other.likeliest)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"swims": "no"}, "has no question 'swims'; it has, for example: 'Is \"sings\""),
        ({"flies": "perhaps"}, "'perhaps' is no answer to 'flies'; give no, yes, or [?]"),
        ({"flies": "no", "FLIES": "yes"}, "'FLIES' is answered twice"),
    ],
)
def test_what_cannot_be_understood_is_told(answers: dict[str, str], why: str) -> None:
    with pytest.raises(SetupError, match=why):
        advise(BIRDS, answers)
