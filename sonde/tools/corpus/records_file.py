"""JSON lines of `{doc_id, title, text}`: each line is a document."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from .decoding import Survey, text_lines

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line of a file of records."""

    record_id: str
    """Its own id; the number of its line where it has none."""
    title: str
    """Its title; its id where it has none."""
    text: str
    """Its text, as it stands in the file."""


class _Line(BaseModel):
    """A line as it may be written."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    doc_id: str | None = Field(default=None, validation_alias=AliasChoices("doc_id", "id"))
    title: str | None = None
    text: str


def holds_records(handle: BinaryIO, found: Survey) -> bool:
    """Tell whether the first line that is not blank is a record; the handle is wound back."""
    lines = text_lines(handle, found, newline="\n")
    first = next((line for line in lines if line.strip()), "")
    lines.close()
    handle.seek(0)
    return _record(first) is not None


def read_records(handle: BinaryIO, found: Survey, notes: list[str]) -> Iterator[Record]:
    """Yield the records; lines that hold none are told in `notes`."""
    unread: list[int] = []
    for number, line in enumerate(text_lines(handle, found, newline="\n"), start=1):
        if not line.strip():
            continue
        record = _record(line)
        if record is None or not record.text.strip():
            unread.append(number)
            continue
        record_id = record.doc_id or str(number)
        yield Record(record_id=record_id, title=record.title or record_id, text=record.text)
    if unread:
        shown = ", ".join(map(str, unread[:_MOST_NAMED]))
        more = ", ..." if len(unread) > _MOST_NAMED else ""
        notes.append(f"{len(unread)} lines hold no record with a text (lines {shown}{more})")


def _record(line: str) -> _Line | None:
    try:
        return _Line.model_validate_json(line)
    except ValidationError:
        return None
