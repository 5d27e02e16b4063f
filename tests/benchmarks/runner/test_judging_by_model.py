"""A model judges a run: once, apart from the agent's bill, and what fails can be judged later."""

import asyncio
from typing import TYPE_CHECKING

import pytest

from sonde.benchmarks.runner.judging_by_model import JudgedRun, judge_run, to_judge
from sonde.benchmarks.runner.loading import load_run
from sonde.benchmarks.runner.manifest import read_manifest
from sonde.benchmarks.runner.planning import suite_of
from sonde.benchmarks.scorers.judge import ModelJudge
from sonde.models.scripted import ScriptedModel
from sonde.records.errors import ModelUnreachable
from sonde.records.messages import ChatReply, ChatRequest
from sonde.records.usage import Usage

if TYPE_CHECKING:
    from conftest import Bench

_USAGE = Usage(uncached_input=100, output=10)


def generous(request: ChatRequest) -> ChatReply:
    """Find every answer right."""
    del request
    return ChatReply(text="It will do.\nVERDICT: RIGHT", usage=_USAGE, model="scripted")


def judged(bench: "Bench", model: ScriptedModel) -> JudgedRun:
    suite = suite_of(read_manifest(bench.folder))
    return asyncio.run(
        judge_run(
            bench.folder, suite, ModelJudge(model), price=lambda usage: (usage.total or 0) / 1e6
        )
    )


def test_verdicts_take_the_place_of_scores_and_are_paid_apart(bench: "Bench") -> None:
    bench.run()
    before = load_run(bench.folder).attempts
    told = judged(bench, ScriptedModel(generous))
    after = load_run(bench.folder).attempts
    assert (told.answers, told.changed, told.unread, told.failed) == (6, 1, 0, 0)
    assert told.usd == pytest.approx(6 * 110 / 1e6)
    assert [a.score for a in before] == [1, 1, 1, 1, 1, 0]
    assert [a.score for a in after] == [1] * 6
    assert [a.judge_usd for a in after] == [pytest.approx(110 / 1e6)] * 6
    assert [a.cost_usd for a in after] == [a.cost_usd for a in before]
    assert after[0].detail["scorer"] == "judge:scripted"


def test_what_was_judged_is_not_sent_again(bench: "Bench") -> None:
    bench.run()
    judged(bench, ScriptedModel(generous))
    model = ScriptedModel(generous)
    suite = suite_of(read_manifest(bench.folder))
    assert to_judge(bench.folder, suite, ModelJudge(model)) == 0
    again = judged(bench, model)
    assert (again.answers, again.changed, again.usd) == (6, 0, 0.0)
    assert model.requests == []


def test_a_judge_who_fails_leaves_scores_as_they_are(bench: "Bench") -> None:
    bench.run()
    replies = [ModelUnreachable("away"), *["no verdict"] * 2, *[generous_text()] * 9]
    told = judged(bench, ScriptedModel(replies))
    assert told.failed == 1
    assert told.last_error == "away"
    scores = [a.score for a in load_run(bench.folder).attempts]
    assert scores.count(1) >= 5
    later = judged(bench, ScriptedModel(generous))
    assert (later.answers, later.failed) == (6, 0)


def generous_text() -> str:
    return "Yes.\nVERDICT: RIGHT"
