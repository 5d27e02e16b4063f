"""Beliefs from each source, by an agent that asks a real server: what is sent, booked and told."""

from collections.abc import Sequence
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from sonde import Agent, Budget, Event, Result
from sonde.memory.home import Home
from sonde.memory.journal import read_journal
from sonde.records.belief import BeliefName
from sonde.records.belief_events import BeliefEstimated, UncertaintyMeasured
from sonde.records.events import DecisionMade, ModelCalled
from sonde.records.json_types import JsonObject, JsonValue

if TYPE_CHECKING:
    from .conftest import Loopback, Session

pytestmark = pytest.mark.loopback

STATED = "<belief>Trieste: 60%\nKaiko: 30%</belief>"
SEARCH = (
    f"<report>Two ships.</report>{STATED}"
    '<tool_call>{"name": "calculate", "arguments": {"expression": "1 + 1"}}</tool_call>'
)
ANSWER = f"<report>Two ships.</report>{STATED}<answer>Trieste</answer>"


def said(text: str) -> JsonObject:
    return {"do": "ok", "text": text}


def weighed(**shares: float) -> JsonObject:
    """Return a reply of one letter, with the log-probabilities of a few."""
    row: list[JsonValue] = [
        {"token": token, "logprob": log(share)} for token, share in shares.items()
    ]
    first: JsonObject = {"token": "A", "logprob": -0.1, "top_logprobs": row}
    return {"do": "ok", "text": "A", "logprobs": [first]}


class Asked:
    """A question that was put to a server under one source of beliefs."""

    def __init__(
        self,
        session: "Session",
        home: Path,
        belief: BeliefName,
        steps: Sequence[JsonObject],
        *,
        budget: Budget | None = None,
    ) -> None:
        session.script(*steps)
        agent = Agent(
            "openai:tiny",
            base_url=f"{session.root}/v1",
            belief=belief,
            budget=budget,
            home=home,
            environ={},
        )
        self.result: Result = agent.run("Which ship?")
        self.events: Sequence[Event] = read_journal(
            Home(home).run(self.result.run_id).journal
        ).events
        self.bodies = [cast(JsonObject, request["body"]) for request in session.requests()]

    @property
    def estimates(self) -> list[BeliefEstimated]:
        return [event for event in self.events if isinstance(event, BeliefEstimated)]

    @property
    def purposes(self) -> list[str]:
        return [event.node for event in self.events if isinstance(event, ModelCalled)]

    @property
    def shares(self) -> dict[str, float]:
        last = [event for event in self.events if isinstance(event, UncertaintyMeasured)][-1]
        found = {each.text: round(each.probability, 3) for each in last.leaders}
        return found | {"-": round(last.none_of_these, 3)}


@pytest.fixture
def session(loopback: "Loopback") -> "Session":
    return loopback.session()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_a_stated_belief_takes_no_further_call(session: "Session", home: Path) -> None:
    asked = Asked(session, home, "stated", [said(ANSWER)])
    assert asked.result.confidence == 0.6
    assert asked.result.trail[-1].source == "stated"
    assert (asked.purposes, asked.estimates) == (["decide"], [])


def test_logprobs_are_read_off_the_letters_in_one_call(session: "Session", home: Path) -> None:
    steps = [said(ANSWER), weighed(A=0.2, B=0.5, C=0.2, The=0.1)]
    asked = Asked(session, home, "logprobs", steps)
    assert asked.shares == {"Kaiko": 0.5, "Trieste": 0.2, "-": 0.3}
    assert asked.result.confidence == 0.2
    assert asked.result.trail[-1].source == "logprobs"
    assert asked.purposes == ["decide", "belief"]
    (told,) = asked.estimates
    assert (told.source, told.calls, told.problem) == ("logprobs", 1, None)
    body = asked.bodies[1]
    assert (body["logprobs"], body["top_logprobs"], body["max_tokens"]) == (True, 20, 4)
    assert asked.result.usage.total == 2 * 120


def test_a_server_that_allows_few_alternatives_is_asked_for_five_from_then_on(
    session: "Session", home: Path
) -> None:
    refused: JsonObject = {"do": "status", "status": 400, "message": "at most 5 top_logprobs"}
    steps = [said(SEARCH), refused, weighed(A=0.9), said(ANSWER), weighed(A=0.6, B=0.4)]
    asked = Asked(session, home, "logprobs", steps)
    assert asked.result.confidence == 0.6
    assert asked.purposes == ["decide", "belief", "belief", "decide", "belief"]
    assert [each.calls for each in asked.estimates] == [2, 1]
    counts = [body.get("top_logprobs") for body in asked.bodies]
    assert counts == [None, 20, 5, None, 5]


def test_blank_tokens_and_fewer_alternatives_than_asked_are_survived(
    session: "Session", home: Path
) -> None:
    blank: JsonObject = {"token": "", "logprob": 0.0, "top_logprobs": []}
    row: list[JsonValue] = [{"token": " B", "logprob": log(0.7)}, {"token": "", "logprob": -3.0}]
    letter: JsonObject = {"token": " B", "logprob": log(0.7), "top_logprobs": row}
    reply: JsonObject = {"do": "ok", "text": " B", "logprobs": [blank, letter]}
    asked = Asked(session, home, "logprobs", [said(ANSWER), reply])
    assert asked.shares == {"Kaiko": 0.7, "Trieste": 0.0, "-": 0.3}


def test_percentages_are_asked_for_in_a_prompt_of_their_own(session: "Session", home: Path) -> None:
    steps = [said(ANSWER), said("<belief>Kaiko: 80%\nTrieste: 10%</belief>")]
    asked = Asked(session, home, "verbalized", steps)
    assert asked.shares == {"Kaiko": 0.8, "Trieste": 0.1, "-": 0.1}
    assert [each.calls for each in asked.estimates] == [1]
    assert asked.result.trail[-1].source == "verbalized"


def test_samples_are_counted_under_the_prior_that_is_written_down(
    session: "Session", home: Path
) -> None:
    drawn = ["Kaiko"] * 5 + ["The trieste."] * 2 + ["Alvin"]
    asked = Asked(session, home, "samples", [said(ANSWER), *map(said, drawn)])
    third = 1 / 3  # the prior of strength 1 over two candidates and none of these
    assert asked.shares == {
        "Kaiko": round((5 + third) / 9, 3),
        "Trieste": round((2 + third) / 9, 3),
        "-": round((1 + third) / 9, 3),
    }
    assert asked.purposes == ["decide", *["belief"] * 8]
    assert [each.calls for each in asked.estimates] == [8]
    assert asked.result.usage.total == 9 * 120


def test_each_decision_is_weighed_before_it_is_acted_on(session: "Session", home: Path) -> None:
    steps = [said(SEARCH), weighed(A=0.9), said(ANSWER), weighed(A=0.6, B=0.4)]
    asked = Asked(session, home, "logprobs", steps)
    kept = {"decision.made", "belief.estimated", "uncertainty", "tool.called"}
    order = [event.type for event in asked.events if event.type in kept]
    weighing = ["decision.made", "belief.estimated", "uncertainty"]
    assert order == [*weighing, "tool.called", *weighing]
    tops = [each.belief[0].probability for each in asked.result.trail]
    assert tops == [pytest.approx(0.9), pytest.approx(0.6)]


def test_a_server_without_logprobs_is_told_once_and_not_asked_again(
    session: "Session", home: Path
) -> None:
    asked = Asked(session, home, "logprobs", [said(SEARCH), said("A"), said(ANSWER)])
    (warning,) = asked.result.warnings
    assert "the belief is the reply's own, not from logprobs: tiny returned no logprobs" in warning
    assert asked.purposes == ["decide", "belief", "decide"]
    assert asked.result.confidence == 0.6
    assert [(each.calls, each.is_lasting) for each in asked.estimates] == [(1, True)]
    assert {each.source for each in asked.result.trail} == {"stated"}


def test_more_candidates_than_letters_take_no_call(session: "Session", home: Path) -> None:
    many = "\n".join(f"ship {n}: 3%" for n in range(21))
    reply = f"<report>Many.</report><belief>{many}</belief><answer>ship 0</answer>"
    asked = Asked(session, home, "logprobs", [said(reply)])
    assert asked.purposes == ["decide"]
    assert "21 candidates cannot be told apart by top_logprobs=20" in asked.result.warnings[0]
    assert [(each.calls, each.is_lasting) for each in asked.estimates] == [(0, False)]


def test_what_the_budget_does_not_bear_is_not_asked(session: "Session", home: Path) -> None:
    steps = [said(SEARCH), said(ANSWER)]
    asked = Asked(session, home, "samples", steps, budget=Budget(calls=2))
    assert asked.purposes == ["decide", "answer"]
    assert "of 2 model calls are used" in asked.result.warnings[0]
    assert asked.result.confidence == 0.6


def test_a_forced_answer_is_weighed_too(session: "Session", home: Path) -> None:
    steps = [said(SEARCH), weighed(A=0.9), said(ANSWER), weighed(A=0.7, B=0.3)]
    asked = Asked(session, home, "logprobs", steps, budget=Budget(rounds=1))
    assert asked.result.confidence == 0.7
    assert asked.purposes == ["decide", "belief", "answer", "belief"]
    made = [event for event in asked.events if isinstance(event, DecisionMade)]
    assert [event.is_forced for event in made] == [each.is_forced for each in asked.estimates]


def test_a_belief_that_overflows_is_asked_for_in_half_the_workspace(
    session: "Session", home: Path
) -> None:
    overflow: JsonObject = {"do": "status", "status": 400, "code": "context_length_exceeded"}
    asked = Asked(session, home, "logprobs", [said(ANSWER), overflow, weighed(A=0.8)])
    assert asked.result.confidence == 0.8
    assert "the workspace was halved" in asked.result.warnings[0]
    assert [each.calls for each in asked.estimates] == [2]
