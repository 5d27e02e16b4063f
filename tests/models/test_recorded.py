"""Calls kept in a folder, and answered from it."""

import asyncio
from pathlib import Path

import pytest

from sonde.models.recorded import RecordedModel
from sonde.models.redaction import Redactor, Secret
from sonde.models.scripted import ScriptedModel
from sonde.records.errors import ContextOverflow, ModelUnreachable, SetupError
from sonde.records.messages import ChatReply, ChatRequest, Message, TokenAlternative
from sonde.records.tooling import Action
from sonde.records.usage import Usage

FULL = ChatReply(
    text="10,935 m “deep”",
    usage=Usage(uncached_input=36, cache_read=64, output=15, reasoning=5),
    model="tiny-0",
    finish="tool_calls",
    tool_calls=(Action(tool="search", arguments={"queries": ["trench"], "limit": 3}),),
    logprobs=((TokenAlternative(token="", log_prob=-0.25),),),
    raw_usage={"prompt_tokens": 100, "prompt_tokens_details": {"cached_tokens": 64}},
)


def request(content: str = "ping", *, seed: int | None = None) -> ChatRequest:
    message = Message(role="user", content=content)
    return ChatRequest(messages=(message,), max_output_tokens=16, seed=seed)


def ask(model: RecordedModel, *requests: ChatRequest) -> list[ChatReply]:
    async def ask_all() -> list[ChatReply]:
        return [await model.complete(one) for one in requests]

    return asyncio.run(ask_all())


def test_a_replay_gives_the_very_reply_without_a_model(tmp_path: Path) -> None:
    recorded = ask(
        RecordedModel(tmp_path, name="tiny", model=ScriptedModel([FULL])), request(seed=1)
    )

    replayed = ask(RecordedModel(tmp_path, name="tiny"), request(seed=1))

    assert replayed == recorded == [FULL]


def test_equal_requests_are_replayed_in_their_order(tmp_path: Path) -> None:
    samples = ScriptedModel(["a", "b", "c"])
    ask(RecordedModel(tmp_path, name="tiny", model=samples), *[request()] * 3)

    replies = ask(RecordedModel(tmp_path, name="tiny"), *[request()] * 3)

    assert [reply.text for reply in replies] == ["a", "b", "c"]


def test_only_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    ask(RecordedModel(tmp_path, name="tiny", model=ScriptedModel(["a"])), request("one"))
    behind = ScriptedModel(["b"])

    replies = ask(
        RecordedModel(tmp_path, name="tiny", model=behind), request("one"), request("two")
    )

    assert [reply.text for reply in replies] == ["a", "b"]
    assert behind.requests == [request("two")]


@pytest.mark.parametrize(
    ("name", "other"), [("other", request()), ("tiny", request(seed=1)), ("tiny", request("pong"))]
)
def test_another_request_is_not_recorded_and_says_where_it_looked(
    tmp_path: Path, name: str, other: ChatRequest
) -> None:
    ask(RecordedModel(tmp_path, name="tiny", model=ScriptedModel(["a"])), request())

    with pytest.raises(SetupError, match=f"no call number 1 of request .* of {name}") as told:
        ask(RecordedModel(tmp_path, name=name), other)

    assert str(tmp_path) in str(told.value)


def test_a_refusal_by_the_model_is_replayed(tmp_path: Path) -> None:
    behind = ScriptedModel([ContextOverflow("512 tokens")])
    with pytest.raises(ContextOverflow):
        ask(RecordedModel(tmp_path, name="tiny", model=behind), request())

    with pytest.raises(ContextOverflow, match="512 tokens"):
        ask(RecordedModel(tmp_path, name="tiny"), request())


def test_a_network_failure_is_not_kept(tmp_path: Path) -> None:
    behind = ScriptedModel([ModelUnreachable("down")])
    with pytest.raises(ModelUnreachable):
        ask(RecordedModel(tmp_path, name="tiny", model=behind), request())

    assert list(tmp_path.iterdir()) == []


def test_a_recording_fits_where_the_secrets_and_hosts_are_others(tmp_path: Path) -> None:
    here = Redactor(secrets=[Secret("hunter2-hunter2")], hosts=["alpha.example"])
    there = Redactor(secrets=[Secret("swordfish-0123")], hosts=["beta.example"])
    behind = ScriptedModel(["ok"])
    model = RecordedModel(tmp_path, name="tiny", model=behind, redactor=here)
    ask(model, request("hunter2-hunter2 at http://alpha.example/v1"))

    (reply,) = ask(
        RecordedModel(tmp_path, name="tiny", redactor=there),
        request("swordfish-0123 at http://beta.example/v1"),
    )

    (path,) = tmp_path.glob("*-*.json")
    assert reply.text == "ok"
    assert "[secret] at http://[host]/v1" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("damage", ["{", '{"format": 99}', '{"format": 1, "reply": {"text": 3}}'])
def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path, damage: str) -> None:
    ask(RecordedModel(tmp_path, name="tiny", model=ScriptedModel(["a"])), request())
    (path,) = tmp_path.glob("*-*.json")
    path.write_text(damage, encoding="utf-8")

    with pytest.raises(SetupError, match=r"cannot be read .* delete it"):
        ask(RecordedModel(tmp_path, name="tiny"), request())
