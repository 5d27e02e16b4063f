"""The bill of a run by model, node and tool."""

import pytest

from sonde.costs.bill import NO_TOOL, bill, bill_as_json, charges, charges_by_tool
from sonde.records.events import Event, ModelCalled, ModelRetried, ToolReturned
from sonde.records.tooling import Purchase
from sonde.records.usage import Usage


def _call(
    number: int, *, round_: int, cost: float | None = 0.01, node: str = "decide"
) -> ModelCalled:
    return ModelCalled(
        at=86_400.0 * number,
        round=round_,
        call_id=f"c{number}",
        model="mini",
        usage=Usage(uncached_input=90, output=10),
        cost_usd=cost,
        wall_s=2.0,
        node=node,
    )


def _tool(name: str, *, round_: int) -> ToolReturned:
    return ToolReturned(at=0, round=round_, tool=name, result_id="r")


EVENTS: list[Event] = [
    _call(1, round_=1),
    _tool("search", round_=1),
    _call(2, round_=2, cost=0.04),
    _tool("search", round_=2),
    _tool("open", round_=2),
    _call(3, round_=3, cost=0.02, node="answer"),
]


def test_calls_are_summed_by_node_and_by_day() -> None:
    by_node = {line.name: line for line in bill((c.node, c) for c in charges(EVENTS))}
    assert by_node["decide"].cost_usd == pytest.approx(0.05)
    assert (by_node["decide"].calls, by_node["decide"].tokens) == (2, 200)
    assert by_node["answer"].cost_usd == 0.02
    days = [line.name for line in bill((c.day, c) for c in charges(EVENTS))]
    assert days == ["1970-01-03", "1970-01-04", "1970-01-02"]  # the dearest first


def test_a_call_is_charged_to_the_tools_that_it_chose() -> None:
    by_tool = {line.name: line for line in bill(charges_by_tool(EVENTS))}
    assert by_tool["search"].cost_usd == pytest.approx(0.03)
    assert by_tool["open"].cost_usd == pytest.approx(0.02)
    assert by_tool["open"].calls == 0.5
    assert by_tool[NO_TOOL].cost_usd == 0.02
    assert sum(line.tokens or 0 for line in by_tool.values()) == 300


def test_tokens_that_do_not_divide_evenly_still_add_up() -> None:
    tools: list[Event] = [_tool(name, round_=1) for name in ("a", "b", "c")]
    shares = charges_by_tool([_call(1, round_=1), *tools])
    assert [charge.usage.total for _, charge in shares] == [33, 33, 34]


def test_an_unknown_price_makes_its_line_unknown_and_last() -> None:
    found = charges([*EVENTS, _call(9, round_=9, cost=None, node="x")])
    lines = bill((charge.node, charge) for charge in found)
    assert [line.name for line in lines] == ["decide", "answer", "x"]
    assert lines[-1].cost_usd is None


def test_a_failed_attempt_costs_and_is_no_call_of_its_own() -> None:
    failed = ModelRetried(
        at=0, round=1, call_id="c1", attempt=1, error="503", wait_s=0.1,
        usage=Usage(uncached_input=5, output=0), cost_usd=0.001,
    )  # fmt: skip
    (line,) = bill((c.model, c) for c in charges([failed, _call(1, round_=1)]))
    assert line.name == "mini"
    assert line.calls == 1
    assert line.cost_usd == pytest.approx(0.011)
    assert line.tokens == 105


def test_the_record_of_an_attempt_keeps_the_bill() -> None:
    told = bill_as_json(EVENTS)
    assert told["by_node"] == {
        "decide": {"calls": 2.0, "tokens": 200, "cost_usd": 0.05},
        "answer": {"calls": 1.0, "tokens": 100, "cost_usd": 0.02},
    }


def test_what_a_tool_bought_is_that_tools_and_stands_under_its_seller() -> None:
    bought = ToolReturned(
        at=0,
        round=1,
        tool="search_web",
        result_id="r",
        purchases=(Purchase(seller="tavily", calls=2, cost_usd=0.016),),
        cost_usd=0.016,
    )
    events = [_call(1, round_=1), bought, _tool("open", round_=1)]
    by_model = {line.name: line for line in bill((c.model, c) for c in charges(events))}
    assert (by_model["tavily"].calls, by_model["tavily"].tokens) == (2, 0)
    by_tool = {line.name: line.cost_usd for line in bill(charges_by_tool(events))}
    assert by_tool == {"search_web": pytest.approx(0.021), "open": pytest.approx(0.005)}
