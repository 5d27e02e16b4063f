"""A finished answer as JSON."""

import pytest

from sonde.models.chat.formatting import read_form
from sonde.records.json_types import JsonObject

_SCHEMA: JsonObject = {"type": "object", "required": ["year"], "properties": {"year": {}}}


@pytest.mark.parametrize(
    "reply",
    ['{"year": 1960}', '```json\n{"year": 1960}\n```', "<think>{}</think>Here: {'year': 1960,}"],
)
def test_the_object_is_read_however_it_is_wrapped(reply: str) -> None:
    assert read_form(reply, _SCHEMA) == {"year": 1960}


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("", "not exactly one JSON object"),
        ("1960", "not exactly one JSON object"),
        ('{"year": 1} {"year": 2}', "not exactly one JSON object"),
        ('{"date": 1960}', r"lacks the members ['year']"),
    ],
)
def test_what_is_wrong_is_said(reply: str, problem: str) -> None:
    outcome = read_form(reply, _SCHEMA)
    assert isinstance(outcome, str)
    assert problem in outcome


def test_a_schema_with_an_odd_list_of_required_members_is_survived() -> None:
    assert read_form("{}", {"required": "year"}) == {}
