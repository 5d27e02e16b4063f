"""A quote cut into what stands before, in and after the words that are the answer."""

from pathlib import Path
from typing import NamedTuple

from ..records.evidence import Citation
from .printable import one_line

_LONGEST_SIDE = 400


class QuoteParts(NamedTuple):
    """A quote for reading: white space in single blanks, long sides cut."""

    before: str
    """Words before the answer."""
    answer: str
    """The answer's words; empty where none are marked."""
    after: str
    """Words after the answer."""


def quote_parts(citation: Citation) -> QuoteParts:
    """Return a citation's quote in three parts."""
    words, marked = citation.quote, citation.emphasis or ""
    at = words.find(marked) if marked else -1
    if at < 0:
        return QuoteParts("", "", _cut_end(one_line(words), 2 * _LONGEST_SIDE))
    before = one_line(words[:at]) + (" " if words[:at][-1:].isspace() else "")
    end = words[at + len(marked) :]
    after = (" " if end[:1].isspace() else "") + one_line(end)
    return QuoteParts(_cut_start(before), one_line(marked), _cut_end(after, _LONGEST_SIDE))


def from_here(source: str) -> str:
    """Return a path below this folder as it is written from here; any other source as it is."""
    path = Path(source)
    if not path.is_absolute():
        return source
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else source


def place_in_words(citation: Citation) -> str:
    """Return where a quote stands: title, source, id of the evidence."""
    parts = [one_line(citation.title)] if citation.title.strip() else []
    return ", ".join([*parts, f"{one_line(from_here(citation.source))} [{citation.id}]"])


def _cut_start(text: str) -> str:
    return text if len(text) <= _LONGEST_SIDE else "…" + text[-_LONGEST_SIDE:].lstrip()


def _cut_end(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rstrip() + "…"
