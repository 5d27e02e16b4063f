"""Attempts of a team: each call of a member is told, and its tokens are counted once."""

from typing import TYPE_CHECKING

from sonde.benchmarks.runner.agent_config import AgentConfig
from sonde.benchmarks.runner.bench_journal import read_log
from sonde.benchmarks.runner.loading import load_run
from sonde.benchmarks.runner.places import journal_path
from sonde.memory.warehouse.taking_in import take_in_bench
from sonde.memory.warehouse.warehouse import Warehouse

if TYPE_CHECKING:
    from conftest import Bench

_PAIR = AgentConfig(name="pair", factory="bench_support:pair")
_CALL_TOKENS = 120


def test_the_calls_of_members_are_told_and_add_up_to_the_attempt(bench: "Bench") -> None:
    bench.run([_PAIR], limit=2)
    for attempt in load_run(bench.folder).attempts:
        calls = attempt.detail["calls"]
        assert isinstance(calls, int) and calls >= 4  # two of each member at least
        assert attempt.usage.total == calls * _CALL_TOKENS
        nodes = attempt.detail["by_node"]
        assert isinstance(nodes, dict) and {name.split("/")[0] for name in nodes} == {"ann", "ben"}
    with Warehouse.in_memory() as warehouse:
        take_in_bench(warehouse, bench.folder)
        sums = warehouse.ask(
            "SELECT (SELECT sum(tokens) FROM attempts), (SELECT sum(tokens) FROM calls), "
            "(SELECT count(*) FROM calls WHERE outcome != 'answered')"
        )
        assert sums.rows[0][0] == sums.rows[0][1]
        assert sums.rows[0][2] == 0
        members = warehouse.ask("SELECT DISTINCT member FROM calls ORDER BY 1").rows
        assert [each[0] for each in members] == ["ann", "ben"]
        tools = warehouse.ask("SELECT DISTINCT member, tool FROM tool_calls ORDER BY 1").rows
        assert [tuple(each) for each in tools] == [("ann", "double"), ("ben", "double")]


def test_a_team_that_was_killed_leaves_the_calls_of_its_members_once(bench: "Bench") -> None:
    bench.run([_PAIR], limit=1)
    (whole,) = load_run(bench.folder).attempts
    path = journal_path(bench.folder, "main")
    lines = path.read_bytes().splitlines(keepends=True)
    told = [line for line in lines if b'"member":' in line]
    assert lines[-1].startswith(b'{"type":"attempt.finished"')
    path.write_bytes(b"".join(lines[:-2]))  # killed while the members' calls were written down
    (left,) = load_run(bench.folder).attempts
    assert (left.status, left.usage.total) == ("abandoned", whole.usage.total)
    outcome = bench.run([_PAIR], limit=1)
    assert (outcome.lost, outcome.made) == (1, 1)
    again = path.read_bytes().splitlines(keepends=True)
    (first,) = {each for each in read_log(bench.folder).finished if each.endswith("-0")}
    mine = [line for line in again if b'"member":' in line and first.encode() in line]
    assert sorted(mine) == sorted(told)
