"""Reading what a docstring says of a function and of its arguments, in Google style."""

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_ARGS_HEADING = re.compile(r"^(?:Args|Arguments|Parameters):\s*$")
_ENTRY = re.compile(r"^\*{0,2}(\w+)\s*(?:\([^)]*\))?:\s*(.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionText:
    """What a docstring says."""

    summary: str
    """The first paragraph, on one line; empty where there is none."""
    arguments: Mapping[str, str]
    """What it says of each argument that it names."""


def read_docstring(text: str | None) -> FunctionText:
    """Return the first paragraph of a docstring and its entries under `Args:`.

    >>> read_docstring("Find it.\\n\\nArgs:\\n    limit: How many\\n        to find.").arguments
    {'limit': 'How many to find.'}
    """
    clean = inspect.cleandoc(text or "")
    lines = clean.split("\n\n", 1)[0].splitlines()
    if lines and _ARGS_HEADING.match(lines[0]):
        lines = []
    return FunctionText(summary=_one_line(lines), arguments=dict(_entries(clean.splitlines())))


def _entries(lines: list[str]) -> Iterator[tuple[str, str]]:
    start = next((at for at, line in enumerate(lines, 1) if _ARGS_HEADING.match(line)), len(lines))
    block: list[str] = []
    for line in lines[start:]:
        if line and not line[0].isspace():
            break  # the next section
        block.append(line)
    name, words = "", list[str]()
    for line in inspect.cleandoc("\n".join(["", *block])).splitlines():
        entry = _ENTRY.match(line)
        if entry is None:
            words.append(line)
            continue
        if name:
            yield name, _one_line(words)
        name, words = entry[1], [entry[2]]
    if name:
        yield name, _one_line(words)


def _one_line(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())
