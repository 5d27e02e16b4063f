"""Agents of an evaluator's own, for tests: each follows a script and asks nobody."""

import json
import os
import re
import resource
import signal
import time
from pathlib import Path

from sonde import Agent, ModelPrice, PriceBook, ScriptedModel, Team, tool
from sonde.agents.team.agent_member import Member
from sonde.benchmarks.runner.own_agents import AgentOrder
from sonde.records.errors import ModelUnreachable
from sonde.records.json_types import JsonObject
from sonde.records.messages import ChatReply, ChatRequest
from sonde.records.tooling import Purchase, ToolResult
from sonde.records.usage import Usage

_TASK = re.compile(r"What is twice (\d+)\?")
_LONGEST_S = 30.0
_TOLD = re.compile(r"The person answers: (yes|no)")
PRICES = PriceBook(
    book_id="test", prices={"scripted": ModelPrice(input_per_mtok=1.0, output_per_mtok=2.0)}
)


@tool
def double(number: int) -> str:
    """Return twice a number."""
    return f"twice {number} is {number * 2}"


def clever(order: AgentOrder) -> Agent:
    """Return an agent that uses a tool, then answers; it fails on each of `fails`."""
    kills = {int(each) for each in str(order.config.settings.get("kills") or "").split()}
    fills = {int(each) for each in str(order.config.settings.get("fills") or "").split()}
    fails = {int(each) for each in str(order.config.settings.get("fails") or "").split()}
    stops = {int(each) for each in str(order.config.settings.get("stops") or "").split()}
    waits = {int(each) for each in str(order.config.settings.get("waits") or "").split()}

    def reply(request: ChatRequest) -> ChatReply:
        prompt = request.messages[-1].content
        found = _TASK.search(prompt)
        number = int(found[1]) if found else 0
        if number in kills:
            _signal_once(order.home / f"killed-{number}", signal.SIGKILL)
        if number in fills:  # as a full disk: no file of this process can grow any more
            resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        if number in stops:  # as a process that somebody stops, or whose machine hangs
            _signal_once(order.home / f"stopped-{number}", signal.SIGSTOP)
        if number in waits:
            _wait_for_a_part(Path(os.environ["SONDE_TEST_STORE"]))
        if number in fails:
            raise ModelUnreachable("no route to the model")
        answer = f"twice {number} is {number * 2}"
        if answer in prompt:
            return _reply(f"<report>done</report><answer>{number * 2}</answer>")
        call = json.dumps({"name": "double", "arguments": {"number": number}})
        return _reply(f"<report>begun</report><tool_call>{call}</tool_call>")

    return Agent(
        ScriptedModel(reply),
        tools=[double],
        home=order.home,
        environ={},
        prices=PRICES,
        budget=order.config.budget.as_budget(),
        purse=order.purse,
        spending=order.spending,
    )


def pair(order: AgentOrder) -> Team:
    """Return a team of two clever agents."""
    return Team(
        [Member("ann", clever(order)), Member("ben", clever(order))],
        decider="ann",
        rounds=1,
        home=order.home,
        environ={},
    )


@tool
def buy(number: int) -> ToolResult:
    """Return twice a number, for a quarter of a dollar."""
    bought = Purchase(seller="shop", cost_usd=0.25)
    return ToolResult(text=f"twice {number} is {number * 2}", purchases=(bought,))


@tool(name="buy")
def buy_at_list_price(number: int) -> ToolResult:
    """Return twice a number, at the price of the book."""
    return ToolResult(text=f"twice {number} is {number * 2}", purchases=(Purchase(seller="shop"),))


class Shop:
    """The same tool, which tells before a call what it can cost."""

    spec = buy.spec

    async def call(self, arguments: JsonObject) -> ToolResult:
        """Sell."""
        return await buy.call(arguments)

    def worst_purchases(self, arguments: JsonObject) -> tuple[Purchase, ...]:
        """Return the most that a call can buy."""
        return (Purchase(seller="shop", cost_usd=0.25),)


def buying(order: AgentOrder) -> Agent:
    """Return an agent that buys something, then answers; `tells` says so before.

    With `listed` the seller tells no price.
    """
    shop = buy_at_list_price if order.config.settings.get("listed") else buy
    call = json.dumps({"name": "buy", "arguments": {"number": 1}})

    def reply(request: ChatRequest) -> ChatReply:
        if "twice 1 is 2" in request.messages[-1].content:
            return _reply("<report>done</report><answer>2</answer>")
        return _reply(f"<report>begun</report><tool_call>{call}</tool_call>")

    return Agent(
        ScriptedModel(reply),
        tools=[Shop() if order.config.settings.get("tells") else shop],
        home=order.home,
        environ={},
        prices=PRICES,
        purse=order.purse,
    )


def asking(order: AgentOrder) -> Agent:
    """Return an agent that puts one question to the person, and answers what it is told."""

    def reply(request: ChatRequest) -> ChatReply:
        prompt = request.messages[-1].content
        told = _TOLD.search(prompt)
        if told:
            return _reply(f"<report>told</report><answer>{told[1]}</answer>")
        call = json.dumps({"name": "ask_user", "arguments": {"question": "Is it Kofa?"}})
        return _reply(f"<report>begun</report><tool_call>{call}</tool_call>")

    return Agent(
        ScriptedModel(reply), home=order.home, environ={}, prices=PRICES, ask_user=order.ask_user
    )


def _signal_once(mark: Path, number: signal.Signals) -> None:
    """Send this process a signal, unless that was done before."""
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), number)


def _wait_for_a_part(store: Path) -> None:
    """Wait until a part of a journal has been sent."""
    until = time.monotonic() + _LONGEST_S
    while not list(store.rglob("journal-*/*.jsonl")) and time.monotonic() < until:
        time.sleep(0.01)


def _reply(text: str) -> ChatReply:
    return ChatReply(text=text, usage=Usage(uncached_input=100, output=20), model="scripted")
