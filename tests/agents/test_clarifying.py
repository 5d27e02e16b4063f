"""Asking the person first, where what the question leaves open is worth its price."""

import json
from pathlib import Path

import pytest

from sonde import Agent, ScriptedModel
from sonde.records.messages import ChatRequest
from sonde.records.result import Result

ANSWER = "<report>r</report><answer>It is 10,916 m deep.</answer>"


def slots(first: float, second: float) -> str:
    values = {"metres": first, "feet": second}
    entry = {"name": "unit", "question": "Which unit?", "values": values}
    return json.dumps([entry])


def run(home: Path, opening: str, **options: object) -> tuple[Result, list[str], list[str]]:
    asked: list[str] = []
    prompts: list[str] = []

    def reply(request: ChatRequest) -> str:
        prompts.append(request.messages[-1].content)
        return opening if len(prompts) == 1 else ANSWER

    def person(question: str) -> str:
        asked.append(question)
        return "metres"

    agent = Agent(
        ScriptedModel(reply),
        ask_user=person,
        home=home,
        environ={},
        **options,  # pyright: ignore[reportArgumentType] -- options of Agent
    )
    return agent.run("How deep is it?"), asked, prompts


def test_an_open_slot_is_asked_for_and_the_answer_reaches_the_model(home: Path) -> None:
    result, asked, prompts = run(home, slots(50, 50), clarify="auto")
    assert asked == ["Which unit? (for example: metres, feet)"]
    assert "The person answers: metres" in prompts[-1]
    assert result.answer == "It is 10,916 m deep."
    assert result.steps == 1


def test_nobody_is_asked_where_the_answer_is_not_worth_the_price(home: Path) -> None:
    _, asked, _ = run(home, slots(98, 2), clarify="auto")
    assert asked == []
    _, asked, _ = run(home, slots(50, 50), clarify="auto", ask_price=10)
    assert asked == []


def test_always_asks_whatever_it_is_worth_and_never_does_not(home: Path) -> None:
    _, asked, _ = run(home, slots(98, 2), clarify="always")
    assert len(asked) == 1
    _, asked, prompts = run(home, ANSWER, clarify="never")
    assert (asked, len(prompts)) == ([], 1)


@pytest.mark.parametrize("opening", ["[]", "no idea at all"])
def test_nothing_open_or_an_unreadable_reply_leaves_the_run_as_it_is(
    home: Path, opening: str
) -> None:
    result, asked, _ = run(home, opening, clarify="auto")
    assert asked == []
    assert result.answer == "It is 10,916 m deep."
    is_warned = any("nothing was clarified" in each for each in result.warnings)
    assert is_warned == (opening != "[]")


@pytest.mark.parametrize("weight", ["1e999", "-1e999", "NaN", "1e308", "9" * 400])
def test_weights_that_are_no_figures_are_passed_over(home: Path, weight: str) -> None:
    opening = slots(50, 50).replace('"metres": 50', f'"metres": {weight}')
    result, asked, _ = run(home, opening, clarify="always")
    assert asked == []
    assert result.answer == "It is 10,916 m deep."
