"""`@tool`: from a function to a tool."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from sonde.records.errors import SetupError, ToolError
from sonde.records.tooling import ToolKind, ToolResult
from sonde.tools.decorator import tool
from sonde.tools.tool import Tool


class Unit(StrEnum):
    METRES = "m"
    FATHOMS = "fathom"


class Place(BaseModel):
    name: str
    depth_m: float


@dataclass
class Sounding:
    place: str
    depth_m: float


def _call(given: Tool, **arguments: object) -> str:
    return asyncio.run(given.call(arguments)).text  # pyright: ignore[reportArgumentType] (faults too)


@tool
def sound(place: str, limit: int = 3, unit: Unit = Unit.METRES) -> str:
    """Sound the depth
    of a place.

    It takes a while.

    Args:
        place: Name of the place,
            as on the chart.
        limit (int): How many soundings.

    Returns:
        place: not an argument.
    """
    return f"{place}:{limit!r}:{unit!r}"


def test_the_docstring_and_the_hints_make_the_spec() -> None:
    assert sound.spec.name == "sound"
    assert sound.spec.description == "Sound the depth of a place."
    assert sound.spec.kind is ToolKind.OTHER
    assert sound.spec.parameters == {
        "type": "object",
        "additionalProperties": False,
        "required": ["place"],
        "properties": {
            "place": {"type": "string", "description": "Name of the place, as on the chart."},
            "limit": {"type": "integer", "default": 3, "description": "How many soundings."},
            "unit": {"$ref": "#/$defs/Unit", "default": "m"},
        },
        "$defs": {"Unit": {"enum": ["m", "fathom"], "title": "Unit", "type": "string"}},
    }


def test_the_tool_is_still_the_function() -> None:
    assert sound("Challenger Deep", limit=1) == "Challenger Deep:1:<Unit.METRES: 'm'>"
    assert sound.__name__ == "sound"


def test_options_replace_what_the_function_says() -> None:
    @tool(name="depth-of", description="Say how deep.", timeout_s=2, kind=ToolKind.COMPUTE)
    def other() -> str:
        return ""

    assert (other.spec.name, other.spec.description) == ("depth-of", "Say how deep.")
    assert (other.spec.kind, other.timeout_s) == (ToolKind.COMPUTE, 2)


def test_arguments_become_what_their_types_ask_for() -> None:
    assert _call(sound, place="Deep", limit="5", unit="fathom") == (
        "Deep:5:<Unit.FATHOMS: 'fathom'>"
    )
    assert _call(sound, place=10_935) == "10935:3:<Unit.METRES: 'm'>"


def test_a_pydantic_model_as_argument_arrives_as_one() -> None:
    @tool
    def depth(place: Place) -> float:
        """Say the depth."""
        return place.depth_m

    assert _call(depth, place={"name": "Deep", "depth_m": "10935"}) == "10935.0"


def test_names_that_pydantic_keeps_to_itself_can_be_arguments() -> None:
    @tool
    def odd(json: str, _x: int, model_config: int = 1) -> str:
        """Take odd names."""
        return f"{json}{_x}{model_config}"

    assert _call(odd, json="a", _x=2) == "a21"


def test_a_default_is_handed_on_as_it_is() -> None:
    marker = object()

    @tool
    def keep(limit: int = marker) -> bool:  # pyright: ignore[reportArgumentType] (on purpose)
        """Keep the default."""
        return limit is marker

    assert _call(keep) == "true"


def test_a_bound_in_an_annotated_type_is_held() -> None:
    @tool
    def find(limit: Annotated[int, Field(ge=1, le=5, description="How many.")] = 2) -> int:
        """Find some."""
        return limit

    assert find.spec.parameters["properties"] == {
        "limit": {
            "type": "integer",
            "default": 2,
            "minimum": 1,
            "maximum": 5,
            "description": "How many.",
        }
    }
    with pytest.raises(ToolError, match="less than or equal to 5; got 9"):
        _call(find, limit=9)


def test_faulty_arguments_are_told_one_by_one() -> None:
    with pytest.raises(ToolError) as caught:
        _call(sound, limit="five", colour="blue")

    assert str(caught.value).splitlines() == [
        "sound was not called; mend its arguments:",
        "- place: missing, and it is required",
        "- limit: Input should be a valid integer, unable to parse string as an integer; "
        "got 'five'",
        "- colour: there is no such argument; leave it out",
        "It takes place (string, required), limit (integer), unit (one of 'm', 'fathom').",
    ]


def test_a_fault_inside_a_list_is_told_with_its_place() -> None:
    @tool
    def find(queries: list[str]) -> str:
        """Find."""
        return " ".join(queries)

    with pytest.raises(ToolError, match=r"- queries\[1\]: .*got None"):
        _call(find, queries=["a", None])


def test_values_come_back_as_text() -> None:
    @tool
    async def give(which: Literal["text", "none", "dataclass", "model", "list"]) -> object:
        """Give something."""
        values: dict[str, object] = {
            "text": "as it is",
            "none": None,
            "dataclass": Sounding(place="Øst", depth_m=3.5),
            "model": Place(name="Deep", depth_m=1),
            "list": [1, True, None],
        }
        return values[which]

    assert _call(give, which="text") == "as it is"
    assert _call(give, which="none") == "done, no result"
    assert _call(give, which="dataclass") == '{"place":"Øst","depth_m":3.5}'
    assert _call(give, which="model") == '{"name":"Deep","depth_m":1.0}'
    assert _call(give, which="list") == "[1,true,null]"


def test_a_result_of_ones_own_making_is_kept() -> None:
    @tool(max_result_chars=100)
    def fail(text: str) -> ToolResult:
        """Fail."""
        return ToolResult(text=text, is_error=True)

    assert asyncio.run(fail.call({"text": "no"})) == ToolResult(text="no", is_error=True)
    assert len(_call(fail, text="x" * 101)) <= 100


def test_a_value_without_a_json_form_is_a_bug_that_names_the_type() -> None:
    @tool
    def give() -> object:
        """Give something."""
        return object()

    with pytest.raises(TypeError, match="type object cannot be written as JSON"):
        _call(give)


def test_a_long_result_loses_its_middle_and_says_so() -> None:
    @tool(max_result_chars=200)
    def tell() -> str:
        """Tell a lot."""
        return "a" * 5_000 + "z" * 5_000

    text = _call(tell)

    assert 190 < len(text) <= 200
    assert text.startswith("aaaa") and text.endswith("zzzz")
    assert "[... 9,8" in text and "of 10,000 characters cut ...]" in text


def test_a_slow_function_holds_up_nothing_and_is_given_up() -> None:
    release = threading.Event()

    @tool(timeout_s=0.02)
    def wait() -> str:
        """Wait."""
        release.wait(timeout=60)
        return "late"

    async def both() -> None:
        slow = asyncio.ensure_future(wait.call({}))
        assert (await sound.call({"place": "Deep"})).text.startswith("Deep")
        await slow

    with pytest.raises(ToolError, match=r"wait gave no result within 0\.02 s"):
        asyncio.run(both())
    release.set()


def test_a_slow_async_function_is_cancelled() -> None:
    ends: list[str] = []

    @tool(timeout_s=0.02)
    async def wait() -> str:
        """Wait."""
        try:
            await asyncio.Event().wait()
        finally:
            ends.append("cancelled")
        return "never"

    with pytest.raises(ToolError, match="gave no result within"):
        _call(wait)
    assert ends == ["cancelled"]


def test_a_timeout_of_the_functions_own_is_no_timeout_of_the_tool() -> None:
    @tool
    def connect() -> str:
        """Connect."""
        raise TimeoutError("the server is silent")

    with pytest.raises(TimeoutError, match="the server is silent"):
        _call(connect)


def test_an_exhausted_iterator_in_a_function_is_a_bug_and_no_deadlock() -> None:
    @tool(timeout_s=20)
    def first() -> str:
        """Give the first of nothing."""
        return next(iter(list[str]()))

    with pytest.raises(RuntimeError, match="StopIteration"):
        _call(first)


def test_a_function_sees_the_context_of_its_caller() -> None:
    who = ContextVar("who", default="nobody")

    @tool
    def ask() -> str:
        """Ask who calls."""
        return who.get()

    who.set("caller")
    assert _call(ask) == "caller"


def _positional_only(a: int, /) -> None: ...
def _star(*a: int) -> None: ...
def _names(**a: int) -> None: ...
def _untyped(a) -> None: ...  # pyright: ignore[reportMissingParameterType, reportUnknownParameterType]
def _callback(a: Callable[[], None]) -> None: ...
def _foreign(a: threading.Event) -> None: ...
def _unknown(a: "Nowhere") -> None: ...  # pyright: ignore[reportUndefinedVariable, reportUnknownParameterType]  # noqa: F821
def _method(self, a: int) -> None: ...  # pyright: ignore[reportMissingParameterType, reportUnknownParameterType]
def _generator(a: int) -> Iterator[int]:
    yield a


_REFUSED: list[tuple[Callable[..., object], str]] = [
    (_positional_only, "'a' is positional-only; remove the '/'"),
    (_star, "make it one argument: a list"),
    (_names, "name every argument"),
    (_untyped, "'a' has no type; annotate it, for example a: str"),
    (_callback, "has no JSON form"),
    (_foreign, "has no JSON form"),
    (_unknown, "the type 'Nowhere' of an argument is not known"),
    (_method, r"wrap the bound one instead: tool\(some_object\._method\)"),
    (_generator, "return them together, as a list"),
]


@pytest.mark.parametrize(("fn", "message"), _REFUSED)
def test_a_signature_that_a_model_cannot_be_told_is_refused_at_once(
    fn: Callable[..., object], message: str
) -> None:
    with pytest.raises(SetupError, match=message):
        tool(description="Do it.")(fn)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: tool(description="Do it.")(lambda: 1), "letters, digits, '_' or '-'"),
        (lambda: tool(_star), "does not say what it does|make it one argument"),
        (lambda: tool(description="Do it.", timeout_s=0)(_names), "timeout_s must be above 0"),
        (lambda: tool(description="Do it.", max_result_chars=9)(_names), "must be 100 or more"),
    ],
)
def test_options_that_cannot_be_are_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(SetupError, match=message):
        make()


def test_a_function_that_does_not_say_what_it_does_is_refused() -> None:
    def mute(a: int) -> int:
        return a

    with pytest.raises(SetupError, match="'mute' does not say what it does"):
        tool(mute)


def test_a_function_that_python_knows_nothing_of_is_refused() -> None:
    with pytest.raises(SetupError, match="write a function around it"):
        tool(max)


def test_a_name_in_the_place_of_the_function_is_refused() -> None:
    with pytest.raises(SetupError, match=r"'search' is no function; .*@tool\(name='search'\)"):
        tool("search")  # pyright: ignore[reportArgumentType, reportCallIssue] (on purpose)


def test_a_bound_method_and_a_callable_object_can_be_tools() -> None:
    class Counter:
        def __init__(self, step: int) -> None:
            self.step = step

        def after(self, number: int) -> int:
            """Give the number after."""
            return number + self.step

        def __call__(self, number: int) -> int:
            return number - self.step

    counter = Counter(2)
    before = tool(name="before", description="Give the number before.")(counter)

    assert _call(tool(counter.after), number=3) == "5"
    assert _call(before, number=3) == "1"


def test_a_plain_mapping_can_be_an_argument() -> None:
    @tool
    def count(things: Mapping[str, int]) -> int:
        """Count things."""
        return sum(things.values())

    assert _call(count, things={"a": 1, "b": "2"}) == "3"
