"""Prompts as files: load them, check their places, fill them.

A pair has a line `<!-- system -->` and a line `<!-- user -->`; a snippet has neither. Places are
written `{{name}}` and filled in one pass, so that a page with `{{report}}` in it stays as it is.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from ...records.errors import SetupError
from ...records.messages import Message

_OWN_FOLDER = Path(__file__).parent / "prompts"
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_PAIR = re.compile(
    r"\A\s*<!-- system -->\s*\n(?P<system>.*?)\n[ \t]*<!-- user -->\s*\n(?P<user>.*)\Z", re.S
)
_RULES_KEPT = 64  # rules and tools stay the same from round to round
_BLANK_LINES = re.compile(r"\n{3,}")


class _Kind(NamedTuple):
    is_pair: bool
    needed: frozenset[str]
    allowed: frozenset[str]


def _kind(needed: str, optional: str = "", *, is_pair: bool = True) -> _Kind:
    return _Kind(is_pair, frozenset(needed.split()), frozenset(f"{needed} {optional}".split()))


_KINDS = {
    "first": _kind("acting question", "report_words date notes"),
    "later": _kind("acting question report turns notes", "report_words date"),
    "react": _kind("acting question report turns notes", "date"),
    "report": _kind("", "report_words", is_pair=False),
    "final": _kind("question report turns notes", "date"),
    "tags": _kind("tools", is_pair=False),
    "native": _kind("", is_pair=False),
    "repair": _kind("problems", is_pair=False),
    "format": _kind("schema question answer"),
    "choose": _kind("question candidates context"),
    "rate": _kind("question candidates context"),
    "sample": _kind("question context"),
    "forecast": _kind("question candidates steps context"),
    "slots": _kind("question"),
}


class _Parts(NamedTuple):
    """A pair's two texts."""

    system: str
    user: str
    places: tuple[str, ...]
    """Places of the system text."""


class Prompts:
    """The prompts of a chat reasoner; a builder's own folder replaces those that it holds."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Take the texts by name; `Prompts.load` reads them from files.

        Raises:
            SetupError: A prompt is missing, unknown, or has wrong places.
        """
        if unknown := sorted(set(texts) - set(_KINDS)):
            called = ", ".join(map(repr, unknown))
            names = ", ".join(sorted(_KINDS))
            raise SetupError(f"no prompt is called {called}; the names are {names}")
        if missing := sorted(set(_KINDS) - set(texts)):
            raise SetupError(f"the prompts {missing} are missing; Prompts.load() brings them")
        for name, text in texts.items():
            _check(name, text)
        self._texts = dict(texts)
        self._pairs = {name: _split(text) for name, text in texts.items() if _KINDS[name].is_pair}

    @classmethod
    def load(cls, folder: Path | None = None) -> "Prompts":
        """Read the prompts that come with sonde, and in their place those of a folder.

        Raises:
            SetupError: The folder holds no prompt, an unknown one, or one with wrong places.
        """
        if folder is None:
            return _own_prompts()
        texts = _read(folder)
        if not texts:
            raise SetupError(f"no prompt (*.md) in {folder}; the names are {sorted(_KINDS)}")
        return cls(_read(_OWN_FOLDER) | texts)

    def pair(self, name: str, values: Mapping[str, str]) -> tuple[Message, Message]:
        """Return a system and a user message, with their places filled."""
        if name not in self._pairs:
            raise KeyError(f"{name!r} is a snippet, not a pair of messages")
        parts = self._pairs[name]
        rules = _fill_again(parts.system, tuple((place, values[place]) for place in parts.places))
        return (
            Message(role="system", content=rules),
            Message(role="user", content=_fill(parts.user, values)),
        )

    def snippet(self, name: str, values: Mapping[str, str]) -> str:
        """Return a snippet with its places filled."""
        return _fill(self._texts[name], values)


@cache
def _own_prompts() -> Prompts:
    return Prompts(_read(_OWN_FOLDER))


def _read(folder: Path) -> dict[str, str]:
    try:
        files = sorted(folder.glob("*.md"))
        return {file.stem: file.read_text(encoding="utf-8") for file in files}
    except (OSError, UnicodeDecodeError) as err:
        raise SetupError(f"the prompts in {folder} cannot be read: {err}") from err


def _split(text: str) -> _Parts:
    parts = _PAIR.match(text)
    if parts is None:
        raise ValueError(f"no pair of messages: {text!r}")
    system = parts["system"]
    return _Parts(system, parts["user"], tuple(sorted(set(_PLACE.findall(system)))))


@lru_cache(_RULES_KEPT)
def _fill_again(template: str, values: tuple[tuple[str, str], ...]) -> str:
    return _fill(template, dict(values))


def _fill(template: str, values: Mapping[str, str]) -> str:
    """Fill each place once; blank lines that an empty value leaves in the template are closed."""
    slim = _PLACE.sub(lambda place: place[0] if values[place[1]] else "", template)
    slim = _BLANK_LINES.sub("\n\n", slim).strip()
    return _PLACE.sub(lambda place: values[place[1]], slim)


def _check(name: str, text: str) -> None:
    kind = _KINDS[name]
    places = set(_PLACE.findall(text))
    if kind.is_pair and not _PAIR.match(text):
        raise SetupError(
            f"the prompt {name!r} needs a line '<!-- system -->', then a line '<!-- user -->'"
        )
    if wrong := sorted(places - kind.allowed):
        raise SetupError(f"{name!r} has unknown places {wrong}; it may use {sorted(kind.allowed)}")
    if missing := sorted(kind.needed - places):
        raise SetupError(f"the prompt {name!r} lacks the places {missing}: write {{{{name}}}}")
