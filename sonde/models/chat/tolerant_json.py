"""JSON as models write it: fenced, with bare quotes, trailing commas, missing ends.

Strict first. Only what strict reading refuses is read leniently, and only where the outcome is
plain: a text that could mean two things is no JSON, and the model is asked again.
"""

import json
import re
from math import isfinite
from typing import NamedTuple, NoReturn

from ...records.json_types import JsonValue

_DEEPEST = 32
_MOST_VALUES = 64
_FENCE = re.compile(r"```[ \t]*\w*")
_OPENING = re.compile(r"[{\[]")
_LEFTOVER = re.compile(r'["}]')
_BETWEEN = re.compile(r"[\s,;]*")
_PAIRED = {'"': '"', "'": "'", "“": "”", "‘": "’"}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "none": None}
_BARE = re.compile(r"[^\s,:{}\[\]\"]+")
_BARE_KEY = re.compile(r"[A-Za-z_]\w*")
_UNICODE_ESCAPE = re.compile(r"u[0-9a-fA-F]{4}")
_AFTER_A_KEY = re.compile(r"\s*:")
_AFTER_A_MEMBER = re.compile(
    r"""\s*(?:[}\]]|\Z|,\s*(?:\}|["'“‘]?[A-Za-z_][\w .-]{0,60}["'”’]?\s*:))"""
)
_AFTER_AN_ITEM = re.compile(
    r"""\s*(?:\]|\Z|,\s*(?:["'“‘\[{\]\d-]|true|false|null|True|False|None))"""
)


class Values(NamedTuple):
    """JSON values found one after another."""

    values: tuple[JsonValue, ...]
    """The values, in order."""
    end: int
    """Offset after the last one."""
    is_whole: bool
    """Whether everything that looked like JSON could be read."""


class _Unreadable(ValueError):
    pass


def strict_values(text: str, start: int = 0) -> Values:
    """Return the strict JSON objects and lists that stand at `start`, behind at most a fence."""
    values: list[JsonValue] = []
    end, at = start, _skip_fence(text, start)
    while len(values) < _MOST_VALUES and _OPENING.match(text, at):
        try:
            value, end = _DECODER.raw_decode(text, at)
            values.append(_cleaned(value))
        except (ValueError, RecursionError):
            return Values(tuple(values), end, is_whole=False)
        at = _skip_fence(text, end)
    return Values(tuple(values), end, is_whole=True)


def lenient_values(text: str) -> Values:
    """Return the JSON objects anywhere in a text, however badly they are written."""
    values: list[JsonValue] = []
    end = 0
    while len(values) < _MOST_VALUES and (start := text.find("{", end)) >= 0:
        strict = strict_values(text, start)
        if strict.values:
            values += strict.values
            end = strict.end
            continue
        try:
            reader = _Lenient(text, start)
            values.append(_cleaned(reader.value(0)))
        except (ValueError, RecursionError):
            return Values(tuple(values), end, is_whole=False)
        end = reader.at
        if _LEFTOVER.search(text[end:].partition("{")[0]):
            return Values(tuple(values[:-1]), end, is_whole=False)  # a quote closed too early
    return Values(tuple(values), end, is_whole=True)


def _skip_fence(text: str, at: int) -> int:
    at = _end_of(_BETWEEN, text, at)
    at = _end_of(_FENCE, text, at)
    return _end_of(_BETWEEN, text, at)


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _refuse(word: str) -> NoReturn:
    raise _Unreadable(f"{word} is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _refuse(digits)


_DECODER = json.JSONDecoder(strict=False, parse_constant=_refuse, parse_float=_finite)


def _cleaned(value: JsonValue, depth: int = 0) -> JsonValue:
    """Return a value that can be written again: no lone surrogates, no bottomless nesting."""
    if depth > _DEEPEST:
        raise _Unreadable("nested too deep")
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(key): _cleaned(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item, depth + 1) for item in value]
    return value


def clean_text(text: str) -> str:
    """Return a text that UTF-8 can hold: a lone surrogate becomes a replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class _Lenient:
    """Reads one value from a text, forgiving what can only mean one thing."""

    def __init__(self, text: str, at: int) -> None:
        self._text = text
        self.at = at

    def value(self, depth: int, after: re.Pattern[str] = _AFTER_A_MEMBER) -> JsonValue:
        if depth > _DEEPEST:
            raise _Unreadable("nested too deep")
        opening = self._peek()
        if opening == "{":
            return self._object(depth + 1)
        if opening == "[":
            return self._list(depth + 1)
        return self._string(after) if opening in _PAIRED else self._bare()

    def _object(self, depth: int) -> JsonValue:
        members: dict[str, JsonValue] = {}
        self.at += 1
        while not self._closes("}"):
            key = self._key()
            if self._peek() != ":":
                raise _Unreadable("a key without a value")
            self.at += 1
            members[key] = self.value(depth)
            self._comma("}")
        return members

    def _list(self, depth: int) -> JsonValue:
        items: list[JsonValue] = []
        self.at += 1
        while not self._closes("]"):
            items.append(self.value(depth, _AFTER_AN_ITEM))
            self._comma("]")
        return items

    def _peek(self) -> str:
        while self.at < len(self._text) and self._text[self.at].isspace():
            self.at += 1
        return self._text[self.at : self.at + 1]

    def _closes(self, end: str) -> bool:
        """Step over a closing bracket; the end of the text closes everything."""
        found = self._peek()
        if found == end:
            self.at += 1
        return found in (end, "")

    def _comma(self, end: str) -> None:
        found = self._peek()
        if found == ",":
            self.at += 1
        elif found not in (end, ""):
            raise _Unreadable(f"{found!r} where a comma was due")

    def _key(self) -> str:
        if self._peek() in _PAIRED:
            return self._string(_AFTER_A_KEY)
        return self._match(_BARE_KEY)

    def _bare(self) -> JsonValue:
        word = self._match(_BARE)
        if word.lower() in _WORDS:
            return _WORDS[word.lower()]
        number = _finite(word)
        return int(number) if re.fullmatch(r"[+-]?\d{1,15}", word) else number

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self.at)
        if found is None:
            raise _Unreadable(f"nothing readable at {self.at}")
        self.at = found.end()
        return found.group()

    def _string(self, after: re.Pattern[str]) -> str:
        """Read up to the first quote that can be the closing one by what follows it."""
        closing = _PAIRED[self._text[self.at]]
        self.at += 1
        parts: list[str] = []
        while self.at < len(self._text):
            character = self._text[self.at]
            self.at += 1
            if character == "\\":
                parts.append(self._escaped())
            elif character == closing and after.match(self._text, self.at):
                return "".join(parts)
            else:
                parts.append(character)
        raise _Unreadable("a text without its closing quote")

    def _escaped(self) -> str:
        """Return what a backslash stands for; one that stands for nothing is kept."""
        if code := _UNICODE_ESCAPE.match(self._text, self.at):
            self.at = code.end()
            return chr(int(code.group()[1:], 16))
        letter = self._text[self.at : self.at + 1]
        self.at += 1
        if letter in _ESCAPES:
            return _ESCAPES[letter]
        return letter if letter in "\"'\\/“”‘’" else f"\\{letter}"
