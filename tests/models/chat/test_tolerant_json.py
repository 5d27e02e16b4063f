"""JSON as models write it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.models.chat.tolerant_json import clean_text, lenient_values, strict_values
from sonde.records.json_types import JsonValue


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1,}', {"a": 1}),
        ("{'a': 'b'}", {"a": "b"}),
        ('{a: "b"}', {"a": "b"}),
        ('{"a": True, "b": None, "c": False}', {"a": True, "b": None, "c": False}),
        ('{"a": "he said "hello" to me"}', {"a": 'he said "hello" to me'}),
        ('{"a": "x "y", z", "b": 2}', {"a": 'x "y", z', "b": 2}),
        ('{"a": "line\nbreak"}', {"a": "line\nbreak"}),
        ('{"a": "\\d+"}', {"a": "\\d+"}),
        ('{"a": ["x", "y",], "b": {"c": 1.5}', {"a": ["x", "y"], "b": {"c": 1.5}}),
        ("{“a”: “b”}", {"a": "b"}),
        ('{"a": "\\u00e9 \\"q\\"",}', {"a": 'é "q"'}),
        ('{"code": "d = {"a": 1}"}', {"code": 'd = {"a": 1}'}),
    ],
)
def test_common_slips_are_forgiven(text: str, value: JsonValue) -> None:
    found = lenient_values(text)
    assert found.is_whole
    assert found.values == (value,)


@pytest.mark.parametrize(
    "text",
    [
        '{"code": "f({"a": "b"})"}',  # where the text ends cannot be told
        '{"a": "never closed}',
        '{"a" 1}',
        '{"a": NaN}',
        '{"a": 1e999}',
        '{"a": bare words}',
        "{" * 5_000,
        '{"a":' * 5_000,
        '{"a": ' + "[" * 100 + "]" * 100 + "}",
    ],
)
def test_what_could_mean_two_things_is_refused(text: str) -> None:
    assert not lenient_values(text).is_whole


def test_several_objects_with_prose_between_are_all_read() -> None:
    found = lenient_values('first {"a": 1} then {b: 2} and {"c": "say "x" now"} done')
    assert found.is_whole
    assert found.values == ({"a": 1}, {"b": 2}, {"c": 'say "x" now'})


def test_strict_reading_stops_where_the_json_stops() -> None:
    text = '```json\n{"a": "</tool_call>"}\n```</tool_call> trailing {prose}'
    found = strict_values(text)
    assert found.values == ({"a": "</tool_call>"},)
    assert text[found.end :].startswith("\n```</tool_call>")


def test_lone_surrogates_become_replacement_characters() -> None:
    assert strict_values('{"a": "\\ud800x"}').values == ({"a": "\ufffdx"},)
    assert strict_values('{"a": "\\ud83d\\ude00"}').values == ({"a": "😀"},)
    assert clean_text("\ud800é😀") == "\ufffdé😀"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text("ab \"'\\\n{}[],:é"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab"'), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.text("abc"), _JSON, max_size=4))
def test_what_json_writes_is_read_back(value: dict[str, JsonValue]) -> None:
    assert lenient_values("x " + json.dumps(value)).values == (value,)
