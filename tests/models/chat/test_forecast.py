"""What a chat model states of its candidate actions, as numbers."""

import asyncio
from math import log

import pytest

from sonde.models.chat.reasoner import ChatReasoner
from sonde.models.scripted import ScriptedModel
from sonde.policies.model_belief import ModelBelief
from sonde.records.belief import AnswerBelief, Candidate
from sonde.records.decision import Decision
from sonde.records.errors import ReplyUnreadable
from sonde.records.report import Report
from sonde.records.tooling import Action
from sonde.records.view import View

VIEW = View(question="Which?", report=Report(), tokens=1)
ACTIONS = tuple(Action(tool="search", arguments={"queries": [word]}) for word in ("a", "b"))
BELIEF = AnswerBelief(
    candidates=(Candidate(text="x", probability=0.5), Candidate(text="y", probability=0.5)),
    none_of_these=0.0,
    source="stated",
)


def forecast(reply: str, belief: AnswerBelief | None = BELIEF):
    reasoner = ChatReasoner(ScriptedModel([reply]), count_tokens=len)
    decision = Decision(report=Report(), belief=belief, actions=ACTIONS)
    return asyncio.run(reasoner.forecast(VIEW, decision, ACTIONS))


def test_the_gain_of_a_stated_chance_is_that_share_of_the_entropy() -> None:
    found = forecast("<forecast>1: 60%\n2: 5%</forecast>")
    assert found is not None
    assert found.calls == 1
    gains = ModelBelief.of_answers(BELIEF, found.by_action).gains([0, 1]).values
    assert gains.tolist() == pytest.approx([0.6 * log(2), 0.05 * log(2)])


def test_a_reply_that_leaves_an_action_out_is_unreadable() -> None:
    with pytest.raises(ReplyUnreadable, match="no chance for each of 2 actions"):
        forecast("1: 60%")


def test_without_a_belief_nothing_is_asked() -> None:
    assert forecast("never read", belief=None) is None
