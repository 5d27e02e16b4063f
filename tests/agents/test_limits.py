"""Limits of a run: each ends it with an answer and is kept; one that cannot work is refused."""

import asyncio
from collections.abc import Callable
from itertools import count

import pytest

from sonde.agents.agent import Agent
from sonde.costs.budget import Budget
from sonde.costs.pricing import ModelPrice, PriceBook
from sonde.models.scripted import ScriptedModel
from sonde.records.errors import ModelUnreachable, SetupError
from sonde.records.messages import ChatReply, ChatRequest
from sonde.records.stopping import StopReason

from .replies import ANSWER, QUESTION, SEARCH

_BOOK = PriceBook(
    book_id="test", prices={"scripted": ModelPrice(input_per_mtok=1.0, output_per_mtok=2.0)}
)
MakeAgent = Callable[..., Agent]


def _searching() -> ScriptedModel:
    """Return a model that searches for something new in every round, and answers when told to."""
    numbers = count(1)

    def reply(request: ChatRequest) -> str:
        if "search_corpus" not in request.messages[0].content:  # no tools are offered: the end
            return ANSWER
        return SEARCH.replace("Trieste designer", f"Trieste {next(numbers)}")

    return ScriptedModel(reply)


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        (Budget(rounds=3), StopReason.BUDGET_ROUNDS),
        (Budget(calls=4), StopReason.BUDGET_CALLS),
        (Budget(tokens=30_000), StopReason.BUDGET_TOKENS),
        (Budget(usd=0.04), StopReason.BUDGET_USD),
    ],
)
def test_each_limit_ends_in_its_stop_reason_with_an_answer_and_is_kept(
    make_agent: MakeAgent, budget: Budget, reason: StopReason
) -> None:
    model = _searching()
    agent = make_agent(model, budget=budget, prices=_BOOK, workspace_tokens=5_000)
    result = agent.run(QUESTION)
    assert result.stop_reason is reason
    assert result.answer == "Auguste Piccard [e1]"
    if budget.rounds is not None:
        assert result.rounds == budget.rounds
    if budget.calls is not None:
        assert len(model.requests) <= budget.calls
    if budget.tokens is not None:
        assert result.usage.total is not None
        assert result.usage.total <= budget.tokens
    if budget.usd is not None:
        assert result.cost_usd is not None
        assert result.cost_usd <= budget.usd


def test_the_time_limit_ends_a_call_that_hangs(make_agent: MakeAgent) -> None:
    class Hanging(ScriptedModel):
        async def complete(self, request: ChatRequest) -> ChatReply:
            await asyncio.Event().wait()
            raise AssertionError("unreachable")

    result = make_agent(Hanging([]), budget=Budget(seconds=0.3)).run(QUESTION)
    assert result.stop_reason is StopReason.DEADLINE
    assert result.answer is None


def test_every_prompt_stays_under_the_cap(make_agent: MakeAgent) -> None:
    from sonde.models.token_estimate import estimate_tokens

    model = _searching()
    make_agent(model, budget=Budget(rounds=8), workspace_tokens=3_000).run(QUESTION)
    sizes = [
        sum(estimate_tokens(message.content) for message in request.messages)
        for request in model.requests
    ]
    assert len(sizes) == 9
    assert max(sizes) <= 3_000


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"budget": Budget(tokens=100)}, "too small for one round"),
        ({"workspace_tokens": 100}, "too small for one round"),
        ({"budget": Budget(usd=1.0)}, "no price is known"),
    ],
)
def test_a_budget_that_cannot_work_is_refused_before_the_first_call(
    make_agent: MakeAgent, options: dict[str, object], message: str
) -> None:
    model = ScriptedModel([])
    with pytest.raises(SetupError, match=message):
        make_agent(model, **options).run(QUESTION)
    assert model.requests == []


def test_the_least_token_limit_that_is_advised_is_enough_for_one_step(
    make_agent: MakeAgent,
) -> None:
    with pytest.raises(SetupError) as caught:
        make_agent(ScriptedModel([]), budget=Budget(tokens=100)).run(QUESTION)
    advised = int(str(caught.value).split("Budget(tokens=")[1].split(")")[0])
    result = make_agent(_searching(), budget=Budget(tokens=advised)).run(QUESTION)
    assert result.steps >= 1
    assert result.answer is not None
    assert result.usage.total is not None
    assert result.usage.total <= advised


def test_one_call_of_unknown_cost_does_not_end_a_large_budget(make_agent: MakeAgent) -> None:
    flaky = [SEARCH, ModelUnreachable("connection reset")]
    agent = make_agent(ScriptedModel(flaky), budget=Budget(usd=100.0), prices=_BOOK)
    first = agent.run(QUESTION)
    assert first.stop_reason is StopReason.PROVIDER_ERROR
    assert first.cost_usd is None
    back = make_agent(ScriptedModel([ANSWER]), budget=Budget(usd=100.0), prices=_BOOK)
    second = back.resume(first.run_id)
    assert second.stop_reason is StopReason.ANSWERED
