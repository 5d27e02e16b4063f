"""One limit over a team: its members' calls are reserved while they are under way, booked once."""

import asyncio
from pathlib import Path

from sonde import Agent, Team, tool
from sonde.agents.team.agent_member import Member
from sonde.costs.purse import Purse
from sonde.records.messages import ChatReply, ChatRequest
from sonde.records.usage import Usage

_CALL = 120


@tool
def look(word: str) -> str:
    """Return a word."""
    return word


class _Slow:
    """A model whose calls are under way at one time; it remembers the most that stood booked."""

    name = "slow"

    def __init__(self, purse: Purse) -> None:
        self._purse = purse
        self.calls = 0
        self.under_way: list[int] = [0]
        self.reserved: list[int] = []

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Answer, once the other member has had its turn."""
        self.calls += 1
        self.under_way.append(self.under_way[-1] + 1)
        await asyncio.sleep(0.01)
        self.reserved.append(self._purse.at_most.tokens)
        self.under_way.append(self.under_way[-1] - 1)
        usage = Usage(uncached_input=100, output=20)
        return ChatReply(text="<report>x</report><answer>2</answer>", usage=usage, model="slow")


def _team(home: Path, purse: Purse, model: _Slow) -> Team:
    def member(name: str) -> Member:
        agent = Agent(model, tools=[look], home=home, environ={}, purse=purse)
        return Member(name, agent)

    return Team([member("ann"), member("ben")], rounds=1, home=home, environ={})


def _asked(team: Team, purse: Purse) -> None:
    account = purse.account()
    asyncio.run(team.arun("What is twice 1?", listeners=[account.hear]))
    account.close()


def test_calls_of_members_are_reserved_while_under_way_and_booked_once(tmp_path: Path) -> None:
    purse = Purse(clock=lambda: 0.0)
    model = _Slow(purse)
    _asked(_team(tmp_path, purse, model), purse)
    assert model.calls >= 2
    assert min(model.reserved) > _CALL  # at its worst, before its end is known
    assert purse.at_most.tokens == model.calls * _CALL


def test_members_at_once_wait_for_room_under_a_limit_of_all_runs(tmp_path: Path) -> None:
    free = Purse(clock=lambda: 0.0)
    model = _Slow(free)
    _asked(_team(tmp_path / "free", free, model), free)
    assert max(model.under_way) == 2
    limit = max(model.reserved) // 2 + 3 * _CALL
    purse = Purse(tokens=limit, clock=lambda: 0.0)
    tight = _Slow(purse)
    _asked(_team(tmp_path / "tight", purse, tight), purse)
    assert max(tight.under_way) == 1
    assert max(tight.reserved) <= limit
    assert purse.at_most.tokens == tight.calls * _CALL <= limit
