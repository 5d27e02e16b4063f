"""What an endpoint's refusals teach."""

import pytest

from sonde.models.dialect import Dialect, ReplyFormat
from sonde.models.faults import Fault, fault_of_status

MESSAGES = {
    "temperature": "Unsupported value: 'temperature' does not support 0.2 with this model.",
    "seed": "Unrecognized request argument supplied: seed",
    "stop": "Unsupported parameter: 'stop' is not supported with this model.",
    "stream_options": "Extra inputs are not permitted: stream_options",
    "top_logprobs": "unknown field `top_logprobs`",
}


def refused(message: str, *, status: int = 400) -> Fault:
    return fault_of_status(status, code="", message=message)


@pytest.mark.parametrize(("name", "message"), MESSAGES.items())
def test_an_optional_parameter_that_is_refused_is_left_out(name: str, message: str) -> None:
    plainer = Dialect().plainer(refused(message), previous=None, has_schema=False)

    assert plainer == Dialect(left_out=frozenset({name}))


@pytest.mark.parametrize(
    "message",
    [
        "'response_format.type' must be 'json_object' or 'text'",
        "Invalid schema for response_format 'reply'",
        "This model does not support structured outputs: guided decoding is off",
    ],
)
def test_a_refused_schema_is_asked_for_more_plainly(message: str) -> None:
    plainer = Dialect().plainer(refused(message), previous=None, has_schema=True)

    assert plainer == Dialect(reply_format=ReplyFormat.OBJECT)


@pytest.mark.parametrize(
    "message",
    [
        "max_tokens is too large: 99999. This model supports at most 16384 tokens.",
        "temperature must be in 0..2",
        "messages[0] is odd",
    ],
)
def test_a_value_that_is_wrong_in_itself_is_not_asked_again(message: str) -> None:
    assert Dialect().plainer(refused(message), previous=None, has_schema=False) is None


def test_each_step_is_plainer_so_that_they_end() -> None:
    told = "unsupported: max_tokens max_completion_tokens temperature seed stop response_format"
    dialect, steps = Dialect(), 0

    while plainer := dialect.plainer(refused(told), previous=None, has_schema=True):
        dialect, steps = plainer, steps + 1
        assert steps < 10

    assert steps == 4
    assert dialect.reply_format is ReplyFormat.TEXT


def test_a_schema_is_given_up_on_the_second_500_and_not_on_a_503() -> None:
    broken, busy = refused("boom", status=500), refused("busy", status=503)

    assert Dialect().plainer(broken, previous=None, has_schema=True) is None
    assert Dialect().plainer(busy, previous=busy, has_schema=True) is None
    assert Dialect().plainer(broken, previous=broken, has_schema=False) is None
    assert Dialect().plainer(broken, previous=broken, has_schema=True) is not None
