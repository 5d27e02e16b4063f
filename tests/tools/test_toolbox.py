"""The tools of one agent, called by name."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from sonde.records.errors import BudgetExceeded, SetupError, ToolError
from sonde.records.json_types import JsonObject
from sonde.records.stopping import Limit
from sonde.records.tooling import Action, ToolKind, ToolResult, ToolSpec
from sonde.tools.decorator import tool
from sonde.tools.tool import Tool
from sonde.tools.toolbox import Toolbox

_SCHEMA: JsonObject = {
    "type": "object",
    "properties": {
        "queries": {"type": "array", "items": {"type": "string"}},
        "limit": {"type": "integer", "description": "How many."},
        "order": {"enum": ["best", "newest"]},
        "share": {"type": ["number", "null"]},
        "where": {"anyOf": [{"type": "string"}, {"type": "object"}]},
        "other": {"$ref": "#/$defs/Other"},
    },
    "required": ["queries"],
}


class PlainTool:
    """A tool that is no decorated function."""

    def __init__(
        self,
        deed: Callable[[JsonObject], Awaitable[ToolResult]] | None = None,
        *,
        name: str = "search",
        schema: JsonObject = _SCHEMA,
        kind: ToolKind = ToolKind.OTHER,
    ) -> None:
        self.spec = ToolSpec(name=name, description="Search.", parameters=schema, kind=kind)
        self.calls: list[JsonObject] = []
        self._deed = deed

    async def call(self, arguments: JsonObject) -> ToolResult:
        self.calls.append(arguments)
        return await self._deed(arguments) if self._deed else ToolResult(text="found")


class PatientTool(PlainTool):
    timeout_s = 0.01


@tool
def double(number: int) -> int:
    """Double a number."""
    return 2 * number


def _call(tools: Sequence[Tool], name: str, arguments: JsonObject) -> ToolResult:
    return asyncio.run(Toolbox(tools).call(Action(tool=name, arguments=arguments)))


def _raising(err: BaseException) -> PlainTool:
    async def deed(arguments: JsonObject) -> ToolResult:
        raise err

    return PlainTool(deed, schema={})


def test_specs_stand_in_the_order_of_the_tools() -> None:
    assert [spec.name for spec in Toolbox([PlainTool(), double]).specs] == ["search", "double"]


def test_a_call_reaches_the_tool_of_that_name() -> None:
    assert _call([PlainTool(), double], "double", {"number": "21"}) == ToolResult(text="42")


def test_two_tools_of_one_name_are_refused() -> None:
    with pytest.raises(SetupError, match="two tools are called 'search'"):
        Toolbox([PlainTool(), PlainTool()])


def test_an_unknown_tool_is_told_with_the_nearest_name_and_all_names() -> None:
    result = _call([PlainTool(), double], "serach", {})

    assert result.is_error
    assert result.text == (
        "there is no tool 'serach'; did you mean 'search'? The tools are: search, double"
    )
    assert _call([], "search", {}).text == "there is no tool 'search'. The tools are: none"


def test_arguments_of_a_plain_tool_are_checked_and_coerced_by_its_schema() -> None:
    search = PlainTool()

    result = _call(
        [search],
        "search",
        {
            "queries": ["a"],
            "limit": "5",
            "order": "newest",
            "share": 2,
            "where": {"x": 1},
            "other": 3,
        },
    )

    assert not result.is_error
    assert search.calls == [
        {"queries": ["a"], "limit": 5, "order": "newest", "share": 2, "where": {"x": 1}, "other": 3}
    ]


def test_what_was_not_given_is_not_made_up() -> None:
    search = PlainTool()
    _call([search], "search", {"queries": []})

    assert search.calls == [{"queries": []}]


def test_faulty_arguments_are_told_and_the_tool_is_not_called() -> None:
    search = PlainTool()

    result = _call([search], "search", {"limit": 1.5, "order": "worst", "shared": 1})

    assert result.is_error
    assert search.calls == []
    assert "- queries: missing, and it is required" in result.text
    assert "- limit: " in result.text and "got 1.5" in result.text
    assert "- order: Input should be 'best' or 'newest'; got 'worst'" in result.text
    assert "- shared: there is no such argument; leave it out" in result.text
    assert result.text.endswith(
        "It takes queries (array of string, required), limit (integer), order (one of 'best', "
        "'newest'), share (number or null), where (string or object), other (anything)."
    )


def test_faulty_arguments_of_a_decorated_function_are_told() -> None:
    result = _call([double], "double", {"number": "many"})

    assert result.is_error
    assert "number: Input should be a valid integer" in result.text


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object"},
        {"properties": {"a": {"type": "string"}}, "additionalProperties": True},
        {"properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "string"}},
        {"properties": {"a": {"type": "string"}}, "patternProperties": {"^x": {}}},
    ],
)
def test_names_that_a_schema_leaves_open_are_let_through(schema: JsonObject) -> None:
    search = PlainTool(schema=schema)

    assert not _call([search], "search", {"x": 1}).is_error
    assert search.calls == [{"x": 1}]


def test_a_schema_that_takes_nothing_takes_nothing() -> None:
    closed = PlainTool(schema={"type": "object", "properties": {}, "additionalProperties": False})

    assert "It takes no arguments." in _call([closed], "search", {"x": 1}).text


def test_a_fault_in_a_number_is_told_once() -> None:
    text = _call([PlainTool()], "search", {"queries": [], "share": "much"}).text

    assert text.count("- share") == 1


def test_a_failure_that_the_tool_tells_goes_to_the_model() -> None:
    result = _call([_raising(ToolError("the page is gone"))], "search", {})

    assert result == ToolResult(text="the page is gone", is_error=True)


def test_a_bug_in_a_tool_goes_to_the_model_with_its_type() -> None:
    result = _call([_raising(KeyError("depth"))], "search", {})

    assert result.is_error
    assert result.text.startswith("search broke down: KeyError: 'depth'\n")


def test_an_endless_error_message_is_cut() -> None:
    result = _call([_raising(ValueError("x" * 100_000))], "search", {})

    assert len(result.text) <= 2_000


def test_what_is_not_the_models_to_mend_passes_through() -> None:
    with pytest.raises(BudgetExceeded):
        _call([_raising(BudgetExceeded("0.10 USD are spent", limit=Limit.USD))], "search", {})
    with pytest.raises(SetupError):
        _call([_raising(SetupError("no key"))], "search", {})


def test_cancellation_passes_through() -> None:
    with pytest.raises(asyncio.CancelledError):
        _call([_raising(asyncio.CancelledError())], "search", {})


async def _never(arguments: JsonObject) -> ToolResult:
    await asyncio.Event().wait()
    return ToolResult(text="never")


def test_a_tool_without_a_limit_of_its_own_is_given_up() -> None:
    box = Toolbox([PlainTool(_never, schema={})], timeout_s=0.01)

    result = asyncio.run(box.call(Action(tool="search", arguments={})))

    assert result == ToolResult(
        text="search gave no result within 0.01 s; ask for less", is_error=True
    )


def test_a_tools_own_limit_counts() -> None:
    box = Toolbox([PatientTool(_never, schema={})], timeout_s=1_000)

    assert "within 0.01 s" in asyncio.run(box.call(Action(tool="search", arguments={}))).text


def test_a_person_may_take_longer_than_the_default() -> None:
    async def answer(arguments: JsonObject) -> ToolResult:
        await asyncio.sleep(0)
        return ToolResult(text="by noon")

    ask = PlainTool(answer, name="ask", schema={}, kind=ToolKind.ASK)
    search = PlainTool(_never, schema={})
    box = Toolbox([ask, search], timeout_s=0)

    assert asyncio.run(box.call(Action(tool="ask", arguments={}))).text == "by noon"
    assert asyncio.run(box.call(Action(tool="search", arguments={}))).is_error
