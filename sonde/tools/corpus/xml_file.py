"""The text of an XML file: an element of plain fields as a row, prose as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from ...text.rows import row_text

_DEEPEST = 200


class _Field(NamedTuple):
    """What stands under a name in an element."""

    name: str
    """The child's or the attribute's name, without its namespace."""
    text: str
    """Its text on one line."""


@dataclass(slots=True)
class _Element:
    """An element that has begun and not ended."""

    name: str
    """Its name, without its namespace."""
    marks: list[_Field] = field(default_factory=list[_Field])
    """Its attributes."""
    fields: list[_Field] = field(default_factory=list[_Field])
    """Its children of plain text."""
    flow: list[str] = field(default_factory=list[str])
    """Its text and that of its children, in order."""
    is_prose: bool = False
    """Whether it has text of its own."""


class _Broken(Exception):
    """The file is not the XML that is read here."""


def xml_pieces(content: bytes) -> list[str] | None:
    """Return the text of an XML file in pieces; None where it is no XML that can be read.

    An element whose children are plain is one line, "name: value; name: value"; where a name comes
    twice, each child is a line; text with elements in it is prose. Entities that a file declares
    itself are not followed, so that none can blow up: such a file is not read as XML.
    """
    pieces: list[str] = []
    open_elements = [_Element("")]

    def begin(name: str, attributes: Mapping[str, str]) -> None:
        if len(open_elements) > _DEEPEST:
            raise _Broken
        marks = [
            _Field(_local(key), " ".join(value.split()))
            for key, value in attributes.items()
            if value.strip() and not key.startswith("xmlns")
        ]
        open_elements.append(_Element(_local(name), marks))

    def hear(text: str) -> None:
        open_elements[-1].flow.append(text)
        open_elements[-1].is_prose |= not text.isspace()

    def end(_: str) -> None:
        ended = open_elements.pop()
        _close(ended, open_elements[-1], pieces)

    def refuse(*_: object) -> None:
        raise _Broken

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = hear
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, _Broken):
        return None
    return [*pieces, *_lines(open_elements[0].fields)]


def _close(ended: _Element, parent: _Element, pieces: list[str]) -> None:
    """Hand an element's text to its parent, or put it among the pieces where it is whole."""
    text = " ".join("".join(ended.flow).split())
    if not ended.is_prose:
        pieces += _lines([*ended.marks, *ended.fields])
        return
    told = _Field(ended.name, text)
    if ended.marks and not parent.is_prose:
        pieces += _lines([*ended.marks, told])
    else:
        parent.fields.append(told)
    parent.flow.append(text)


def _lines(fields: list[_Field]) -> list[str]:
    """Return fields as one row; where a name comes twice, as lines without their names."""
    if len({each.name for each in fields}) < len(fields):
        return [f"{each.text}\n" for each in fields]
    return [f"{row_text(fields)}\n"] if fields else []


def _local(name: str) -> str:
    """Return a name without its namespace.

    >>> _local("dc:date")
    'date'
    """
    return name.rpartition(":")[2]
