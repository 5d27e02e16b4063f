"""A chat model that follows a script."""

import asyncio
from pathlib import Path

import pytest

from sonde import Agent
from sonde.models.chat_model import ChatModel
from sonde.models.scripted import ScriptedModel
from sonde.records.errors import ModelError, ModelUnreachable, SetupError
from sonde.records.messages import ChatReply, ChatRequest, Message
from sonde.records.usage import Usage


def _request(text: str = "How deep is it?") -> ChatRequest:
    return ChatRequest(messages=(Message(role="user", content=text),), max_output_tokens=50)


def _ask(model: ChatModel, text: str = "How deep is it?") -> ChatReply:
    return asyncio.run(model.complete(_request(text)))


def test_replies_come_in_order_and_requests_are_kept() -> None:
    model = ScriptedModel(["first", "second"], name="double")

    assert [_ask(model, "a").text, _ask(model, "b").text] == ["first", "second"]
    assert [request.messages[0].content for request in model.requests] == ["a", "b"]
    assert model.name == "double"


def test_the_usage_of_a_plain_text_is_counted_and_flagged_as_an_estimate() -> None:
    model = ScriptedModel(["one two three"], count_tokens=lambda text: len(text.split()))

    usage = _ask(model, "four words are here").usage

    assert usage == Usage(uncached_input=4, output=3, is_estimate=True)


def test_a_whole_reply_is_returned_as_it_is() -> None:
    reply = ChatReply(text="cut", usage=Usage.unknown(), model="m", finish="length")

    assert _ask(ScriptedModel([reply])) is reply


def test_an_exception_of_the_script_is_raised_and_the_script_goes_on() -> None:
    model = ScriptedModel([ModelUnreachable("no answer in 30 s"), "back again"])

    with pytest.raises(ModelUnreachable, match="no answer in 30 s"):
        _ask(model)
    assert _ask(model).text == "back again"


def test_a_script_at_its_end_says_so() -> None:
    model = ScriptedModel(["only one"])
    _ask(model)

    with pytest.raises(ModelError, match="has 1 reply and this is request 2"):
        _ask(model)


def test_a_script_that_ends_at_a_faulty_reply_says_what_was_wrong_with_it(tmp_path: Path) -> None:
    result = Agent(ScriptedModel(["no tags at all"]), home=tmp_path, environ={}).run("Who?")
    told = " ".join(result.warnings)
    assert "reply 1 of the script of model 'scripted', its last, could not be used" in told
    assert "there is neither a tool call nor an <answer>" in told
    assert "Mend that reply" in told


def test_a_function_answers_every_request() -> None:
    model = ScriptedModel(lambda request: request.messages[-1].content.upper())

    assert [_ask(model, "a").text, _ask(model, "b").text] == ["A", "B"]


def test_a_single_text_is_no_script() -> None:
    with pytest.raises(SetupError, match=r"ScriptedModel\(\['yes'\]\)"):
        ScriptedModel("yes")
