"""Answers of every shape, read without trusting it."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.models.faults import Fault, Outcome
from sonde.models.wire_reply import read_reply, shown
from sonde.models.wire_stream import StreamedReply
from sonde.records.json_types import JsonObject, JsonValue
from sonde.records.messages import ChatReply

NAMES = st.sampled_from(
    "choices message delta content finish_reason tool_calls function name arguments index id usage"
    " prompt_tokens completion_tokens total_tokens logprobs top_logprobs token logprob error code"
    " refusal model text".split()
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(10**400), max_value=10**400),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["stop", "length", "{", '{"a": 1}', "[]"]),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=25,
)
OBJECTS = st.dictionaries(NAMES, JSON, max_size=4)


def completion(
    message: JsonObject, delta: JsonObject, rest: JsonObject, places: JsonValue
) -> JsonObject:
    """Return something that looks like a completion, and is none."""
    choice = {"message": message, "delta": delta, "logprobs": {"content": places}}
    return {**rest, "choices": [{**rest, **choice}], "usage": rest}


COMPLETIONS = st.builds(completion, OBJECTS, OBJECTS, OBJECTS, JSON)


def choice(**message: JsonValue) -> JsonObject:
    return {"choices": [{"message": message, "finish_reason": "stop"}]}


@settings(max_examples=150, deadline=None)
@given(raw=JSON | COMPLETIONS)
def test_no_answer_can_raise_out_of_the_reader(raw: JsonValue) -> None:
    assert isinstance(read_reply(raw, model="m"), ChatReply | Fault)


@settings(max_examples=150, deadline=None)
@given(events=st.lists(JSON | COMPLETIONS, max_size=4))
def test_no_stream_can_raise_out_of_the_reader(events: list[JsonValue]) -> None:
    streamed = StreamedReply(model="m")

    pieces = [streamed.add(event) for event in events]

    assert streamed.text == "".join(piece for piece in pieces if isinstance(piece, str))
    assert isinstance(streamed.result(), ChatReply | Fault)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("pong", "pong"),
        (None, ""),
        ([{"type": "text", "text": "po"}, {"type": "text", "text": "ng"}], "pong"),
    ],
)
def test_content_is_a_text_or_a_list_of_parts(content: JsonValue, text: str) -> None:
    reply = read_reply(choice(role="assistant", content=content), model="m")

    assert isinstance(reply, ChatReply)
    assert (reply.text, reply.model, reply.usage.total) == (text, "m", None)


@pytest.mark.parametrize(
    ("arguments", "read"),
    [
        ('{"limit": 3}', {"limit": 3}),
        ({"limit": 3}, {"limit": 3}),
        ("", {}),
        (None, {}),
        ("{}", {}),
    ],
)
def test_arguments_are_json_text_or_an_object(arguments: JsonValue, read: JsonObject) -> None:
    call: JsonObject = {"function": {"name": "search", "arguments": arguments}}

    reply = read_reply(choice(tool_calls=[call]), model="m")

    assert isinstance(reply, ChatReply)
    assert (reply.tool_calls[0].arguments, reply.tool_calls[0].call_id) == (read, None)


@pytest.mark.parametrize("arguments", ["[1]", "3", "{", '"text"', [1], '{"a": NaN'])
def test_other_arguments_are_unreadable_and_not_worth_a_second_try(arguments: JsonValue) -> None:
    call: JsonObject = {"function": {"name": "search", "arguments": arguments}}

    fault = read_reply(choice(tool_calls=[call]), model="m")

    assert isinstance(fault, Fault)
    assert (fault.outcome, fault.may_retry) == (Outcome.UNREADABLE, False)
    assert "'search'" in fault.message


def test_a_refusal_of_the_model_is_told_in_its_words() -> None:
    fault = read_reply(choice(content=None, refusal="I will not."), model="m")

    assert isinstance(fault, Fault)
    assert (fault.outcome, fault.may_retry) == (Outcome.FILTERED, False)
    assert "'I will not.'" in fault.message


def test_a_foreign_text_is_shown_on_one_line_and_cut() -> None:
    told = shown("a\n\tb " + "c" * 10_000)

    assert told.startswith("a b ccc")
    assert len(told) == 301


def test_a_token_that_cannot_stand_there_has_a_finite_log_probability() -> None:
    least: list[JsonValue] = [
        {"token": "x", "logprob": -math.inf},
        {"token": "y", "logprob": -99999999},
    ]
    place: JsonObject = {"top_logprobs": least}
    choice: JsonObject = {"message": {"content": ""}, "logprobs": {"content": [place]}}

    reply = read_reply({"choices": [choice]}, model="m")

    assert isinstance(reply, ChatReply)
    ((kept,),) = reply.logprobs
    assert (kept.token, kept.log_prob) == ("y", -1e6)
