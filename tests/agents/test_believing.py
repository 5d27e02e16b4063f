"""The source of beliefs in the loop: what a policy and a certificate make of it, and what fails."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import log
from pathlib import Path

import pytest

from sonde import Agent, Budget, ExactReasoner, ScriptedModel, SetupError
from sonde.memory.home import Home
from sonde.memory.journal import read_journal
from sonde.models.exact.reading import parse_fact_table
from sonde.policies.calibration import Calibration
from sonde.policies.certificate import Setup
from sonde.records.belief_events import BeliefEstimated, QueryChosen
from sonde.records.errors import ModelUnreachable
from sonde.records.events import DecisionMade, Event, ModelCalled
from sonde.records.messages import ChatReply, ChatRequest, TokenAlternative
from sonde.records.usage import Usage

from .episodes import episodes

MakeAgent = Callable[..., Agent]
STATED = "<belief>Auguste Piccard [e1]: 95%\nDon Walsh: 3%</belief>"
ANSWER = f"<report>x</report>{STATED}<answer>Auguste Piccard</answer>"


def _search(*queries: str) -> str:
    calls = [
        f"<tool_call>{json.dumps({'name': 'search_corpus', 'arguments': {'queries': [each]}})}"
        "</tool_call>"
        for each in queries
    ]
    return f"<report>x</report>{STATED}{''.join(calls)}"


def _weighed(*shares: float) -> ChatReply:
    place = tuple(
        TokenAlternative(token=letter, log_prob=log(share))
        for letter, share in zip("ABC", shares, strict=False)
    )
    return ChatReply(text="A", usage=Usage.zero(), model="scripted", logprobs=(place,))


def _playing(decisions: Sequence[str], shares: Sequence[float]) -> ScriptedModel:
    """Return a model that decides by a script, and weighs and forecasts whenever it is asked."""
    left = list(decisions)

    def reply(request: ChatRequest) -> str | ChatReply:
        rules = request.messages[0].content
        if request.top_logprobs is not None:
            return _weighed(*shares)
        return "1: 10%\n2: 60%" if "<forecast>" in rules else left.pop(0)

    return ScriptedModel(reply)


def _events(home: Path, run_id: str) -> tuple[Event, ...]:
    return read_journal(Home(home).run(run_id).journal).events


def test_a_policy_weighs_actions_by_what_the_source_says(make_agent: MakeAgent, home: Path) -> None:
    model = _playing([_search("Trieste", "Alvin"), ANSWER], [0.5, 0.5])
    result = make_agent(model, belief="logprobs", policy="gain").run("Who designed the Trieste?")
    choices = [e.choice for e in _events(home, result.run_id) if isinstance(e, QueryChosen)]
    assert choices[0].entropy_before == pytest.approx(log(2))  # the reply's own would be 0.24
    assert choices[0].chosen == 1
    nodes = [e.node for e in _events(home, result.run_id) if isinstance(e, ModelCalled)]
    assert nodes == ["decide", "belief", "forecast", "decide", "belief"]


def test_candidates_keep_their_evidence_under_another_source(make_agent: MakeAgent) -> None:
    down = ModelUnreachable("gone")
    model = ScriptedModel([_search("Trieste"), _weighed(0.3, 0.6), down])
    result = make_agent(model, belief="logprobs").run("Who designed the Trieste?")
    assert (result.answer, result.confidence) == ("Don Walsh", 0.6)
    assert result.citations == ()
    model = ScriptedModel([_search("Trieste"), _weighed(0.6, 0.3), down])
    result = make_agent(model, belief="logprobs").run("Who designed the Trieste?")
    assert (result.answer, result.confidence) == ("Auguste Piccard", 0.6)
    assert [each.id for each in result.citations] == ["e1"]


def _calibration(setup: Setup) -> Calibration:
    return Calibration(
        setup=setup,
        suite="ships",
        suite_sha256="0" * 64,
        delta=0.1,
        population="answered",
        episodes=episodes(0.7),
    )


def _calibrated(make_agent: MakeAgent, **options: object) -> Calibration:
    unknown = Setup(policy="", stop_rule="", source="", model="")
    agent = make_agent(ScriptedModel([]), calibration=_calibration(unknown), **options)
    return _calibration(agent.setup())


@pytest.mark.parametrize(
    ("shares", "standing"), [([0.9, 0.1], "certified"), ([0.3, 0.3], "uncertified")]
)
def test_a_certificate_looks_at_the_source_and_not_at_the_reply(
    make_agent: MakeAgent, shares: list[float], standing: str
) -> None:
    calibration = _calibrated(make_agent, belief="logprobs")
    model = _playing([_search("Trieste"), ANSWER], shares)  # 0.95 in words would be enough
    result = make_agent(model, belief="logprobs", calibration=calibration).run("Who?")
    assert result.certificate is not None
    assert result.certificate.standing == standing


def test_a_belief_that_fell_back_to_the_reply_is_not_certified(make_agent: MakeAgent) -> None:
    calibration = _calibrated(make_agent, belief="logprobs")
    model = ScriptedModel([_search("Trieste"), "no letters here", ANSWER])
    result = make_agent(model, belief="logprobs", calibration=calibration).run("Who?")
    assert result.answer == "Auguste Piccard"
    assert result.certificate is not None
    assert result.certificate.standing == "uncertified"
    assert "those from logprobs" in result.certificate.reason


def test_a_calibration_holds_for_one_source(make_agent: MakeAgent) -> None:
    calibration = _calibrated(make_agent)
    assert "beliefs of the reasoner" in calibration.setup.source
    model = _playing([ANSWER], [0.9, 0.1])
    result = make_agent(model, belief="logprobs", calibration=calibration).run("Who?")
    assert result.certificate is not None
    assert result.certificate.standing == "uncertified"
    assert "source was" in result.certificate.reason


def test_a_reply_that_begins_with_no_letter_leaves_the_belief_as_it_was(
    make_agent: MakeAgent,
) -> None:
    odd = replace(
        _weighed(0.9), text="The", logprobs=((TokenAlternative(token="The", log_prob=0),),)
    )
    result = make_agent(ScriptedModel([ANSWER, odd]), belief="logprobs").run("Who?")
    assert result.confidence == 0.95
    assert "began with none of the labels A to C" in result.warnings[0]


def test_a_reply_without_candidates_is_told_to_have_left_nothing_to_ask(
    make_agent: MakeAgent,
) -> None:
    model = ScriptedModel([ANSWER.replace(STATED, "")])
    result = make_agent(model, belief="samples").run("Who?")
    assert (result.confidence, len(model.requests)) == (None, 1)
    assert result.warnings == (
        "the reply named no candidate answers, so samples was not asked about them",
    )


class _Broken(Exception):
    """The process dies."""


@pytest.mark.parametrize(("died_at", "left"), [("decision.made", 1), ("belief.estimated", 0)])
@pytest.mark.parametrize("is_forced", [False, True])
def test_what_a_run_had_settled_before_it_died_is_not_asked_again(
    make_agent: MakeAgent, home: Path, died_at: str, left: int, is_forced: bool
) -> None:
    def die(event: Event) -> None:
        if not isinstance(event, DecisionMade | BeliefEstimated):
            return
        if (event.type, event.is_forced) == (died_at, is_forced):
            raise _Broken

    budget = Budget(rounds=1)
    before = [_search("Trieste"), _weighed(0.6, 0.3)]
    after = [ANSWER, _weighed(0.7, 0.2)]
    agent = make_agent(ScriptedModel([*before, *after]), belief="logprobs", budget=budget)
    with pytest.raises(_Broken):
        asyncio.run(agent.arun("Who designed the Trieste?", listeners=[die]))
    (run,) = Home(home).list_runs()
    asked_before = len(before) - left + (len(after) if is_forced else 0)
    model = ScriptedModel([*before, *after][asked_before:])
    result = make_agent(model, belief="logprobs", budget=budget).resume(run.run_id)
    assert (result.answer, result.confidence) == ("Auguste Piccard", 0.7)
    assert len(model.requests) == 4 - asked_before
    events = _events(home, run.run_id)
    assert [e.is_forced for e in events if isinstance(e, BeliefEstimated)] == [False, True]
    assert [e.is_forced for e in events if isinstance(e, DecisionMade)] == [False, True]
    assert [each.source for each in result.trail] == ["logprobs", "logprobs"]


def test_a_source_that_there_is_not_or_that_needs_a_model_is_refused(
    make_agent: MakeAgent, home: Path
) -> None:
    with pytest.raises(SetupError, match="there are: stated, logprobs, verbalized, samples"):
        make_agent(ScriptedModel([]), belief="guesses")
    with pytest.raises(SetupError, match="beliefs from 'logprobs' need a chat model"):
        make_agent(belief="logprobs")
    table = parse_fact_table("ship,dives\nTrieste,yes\nBuoy,no\n", name="ships")
    with pytest.raises(SetupError, match="beliefs from 'samples' need a chat model"):
        Agent(ExactReasoner(table), belief="samples", home=home, environ={})
