"""A run that was recorded is had again: no model, no key, no bill, on any later day."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sonde.agents.agent import Agent
from sonde.models.recorded import RecordedModel
from sonde.models.scripted import ScriptedModel
from sonde.records.errors import SetupError

QUESTION = "Who designed the Trieste?"
KEY = "sk-proj-0123456789abcdefghijklmnop"
SEARCH = (
    '<report>r</report><tool_call>{"name": "search_corpus", "arguments": {"queries": ["Trieste"]}}'
    "</tool_call>"
)
ANSWER = (
    "<report>Confirmed: Auguste Piccard designed it [e1].</report>"
    '<answer>It was Auguste Piccard [e1: "designed by Auguste Piccard"]</answer>'
)
MakeAgent = Callable[..., Agent]


def test_a_recorded_run_is_replayed_without_its_model(
    make_agent: MakeAgent, tmp_path: Path
) -> None:
    folder = tmp_path / "calls"
    first = make_agent(ScriptedModel([SEARCH, ANSWER], name="tiny"), record=folder).run(QUESTION)
    again = make_agent("openai:tiny", replay=folder, base_url="http://127.0.0.1:9/v1").run(QUESTION)
    assert again.answer == first.answer == "It was Auguste Piccard [e1]"
    assert again.usage == first.usage
    assert len(list(folder.glob("*.json"))) == 3  # two calls, and what is told of the recording


def test_what_is_recorded_is_not_asked_again(make_agent: MakeAgent, tmp_path: Path) -> None:
    folder = tmp_path / "calls"
    make_agent(ScriptedModel([SEARCH, ANSWER]), record=folder).run(QUESTION)
    silent = ScriptedModel([])
    assert make_agent(silent, record=folder).run(QUESTION).answer is not None
    assert silent.requests == []


def test_a_replay_tells_its_model_the_day_of_the_recording(
    make_agent: MakeAgent, tmp_path: Path
) -> None:
    folder = tmp_path / "calls"
    make_agent(ScriptedModel([SEARCH, ANSWER]), record=folder).run(QUESTION)
    about = folder / "recording.json"
    day = date.fromisoformat(json.loads(about.read_text(encoding="utf-8"))["day"])
    assert RecordedModel(folder, name="x", today=date(2031, 5, 4)).day == day
    assert RecordedModel(tmp_path / "new", name="x", today=date(2031, 5, 4)).day.year == 2031


def test_a_question_that_was_not_recorded_says_so(make_agent: MakeAgent, tmp_path: Path) -> None:
    folder = tmp_path / "calls"
    make_agent(ScriptedModel([SEARCH, ANSWER]), record=folder).run(QUESTION)
    with pytest.raises(SetupError, match="ask as it was recorded"):
        make_agent(ScriptedModel([]), replay=folder).run("What is Alvin?")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"record": "a", "replay": "b"}, "exclude each other"),
        ({"replay": "missing"}, "no recorded call"),
        ({"record": "a"}, "no chat model is asked"),
    ],
)
def test_a_recording_that_cannot_be_is_refused(
    make_agent: MakeAgent, options: dict[str, str], message: str
) -> None:
    with pytest.raises(SetupError, match=message):
        make_agent(None, **options)


def test_no_secret_of_the_environment_is_recorded(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "calls"
    model = ScriptedModel([SEARCH, ANSWER.replace("Confirmed", f"Confirmed with {KEY}")])
    environ = {"OPENAI_API_KEY": KEY, "SEARCH_TOKEN": "tavily-secret-9876"}
    agent = Agent(model, corpus=corpus, home=tmp_path / "home", environ=environ, record=folder)
    agent.run(f"{QUESTION} {environ['SEARCH_TOKEN']}")
    recorded = "".join(file.read_text(encoding="utf-8") for file in folder.iterdir())
    assert "[secret]" in recorded
    assert not any(secret in recorded for secret in environ.values())
