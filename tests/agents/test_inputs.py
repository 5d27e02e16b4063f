"""What a builder gives: refused before the run where it cannot be used, else handed on whole."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sonde.agents.agent import Agent
from sonde.models.scripted import ScriptedModel
from sonde.records.errors import SetupError

from .replies import ANSWER, QUESTION, SEARCH

MakeAgent = Callable[..., Agent]


@pytest.mark.parametrize(
    ("question", "message"),
    [("", "question is empty"), (" \x00\x07 ", "question is empty"), ("x" * 100_000, "100,000")],
)
def test_a_question_that_is_none_is_refused(
    make_agent: MakeAgent, question: str, message: str
) -> None:
    with pytest.raises(SetupError, match=message):
        make_agent(ScriptedModel([])).run(question)


def test_control_characters_do_not_reach_the_model(make_agent: MakeAgent) -> None:
    model = ScriptedModel([SEARCH, ANSWER])
    make_agent(model).run("Who designed\x1b[31m the\x00 Trieste?")
    assert "\x1b" not in model.requests[0].messages[-1].content
    assert "\x00" not in model.requests[0].messages[-1].content


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alpha": 1.5}, "alpha must lie"),
        ({"memory": "elephant"}, "no memory policy 'elephant'"),
        ({"policy": "magic"}, "no policy 'magic'"),
        ({"tools": ["text"]}, "tools must be"),
    ],
)
def test_options_that_cannot_be_used_are_refused(
    make_agent: MakeAgent, options: dict[str, object], message: str
) -> None:
    with pytest.raises(SetupError, match=message):
        make_agent(ScriptedModel([]), **options)


def test_without_corpus_and_model_there_is_nothing_to_do(home: Path) -> None:
    with pytest.raises(SetupError, match="give a corpus"):
        Agent(home=home, environ={}).run(QUESTION)


def test_a_missing_corpus_is_refused_at_once(home: Path, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="check the path"):
        Agent(corpus=tmp_path / "none", home=home, environ={})


def test_a_seed_reaches_the_model(make_agent: MakeAgent) -> None:
    for seed in (None, 7):
        model = ScriptedModel([SEARCH, ANSWER])
        make_agent(model, seed=seed).run(QUESTION)
        assert {request.seed for request in model.requests} == {seed}
