"""The journal: one JSON line an event, written once and flushed at once. It is the truth."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from ..records.errors import SetupError
from ..records.events import Event
from ..text.words import encodable

_EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="type")])


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalContents:
    """What a journal holds."""

    events: tuple[Event, ...]
    """Every event that can be read, in order."""
    unreadable_lines: int = 0
    """Lines that are no event: half-written ones, or of a newer version."""
    torn_bytes: int = 0
    """Length of a last line without an end: what a killed process left."""


class Journal:
    """The journal of one run, open for appending."""

    def __init__(self, path: Path) -> None:
        """Open or create the journal; a torn last line is closed off, not removed.

        Raises:
            SetupError: The file cannot be written.
        """
        self._path = path
        self._is_torn = False
        try:
            self._file = path.open("ab", buffering=0)
            self._is_torn = is_torn(path)
            if self._is_torn:
                self._write(b"")
        except OSError as err:
            raise self._failure(err) from err

    def append(self, event: Event) -> None:
        """Write one event and flush it.

        Raises:
            SetupError: The disk is full, or the file has become unwritable.
        """
        self.append_line(event_json(event))

    def append_line(self, line: bytes) -> None:
        """Write one line, given without its end, and flush it.

        Raises:
            SetupError: The disk is full, or the file has become unwritable.
        """
        try:
            self._write(line + b"\n")
        except OSError as err:
            raise self._failure(err) from err

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _write(self, line: bytes) -> None:
        left = b"\n" + line if self._is_torn else line  # what a full disk cut off stays by itself
        while left:  # unbuffered: what is written survives a killed process
            written = self._file.write(left)
            left = left[written:]
            self._is_torn = bool(left)

    def _failure(self, err: OSError) -> SetupError:
        return SetupError(
            f"cannot write the journal {self._path}: {os.strerror(err.errno or 0)}; free some "
            "space or set SONDE_HOME to another folder, then `sonde resume` the run"
        )


def event_json(event: Event) -> bytes:
    """Return an event as one line of JSON, without its end.

    Half of a character, as a file name can hold, becomes a question mark: UTF-8 cannot write it.
    """
    try:
        return _EVENT.dump_json(event)
    except PydanticSerializationError:
        plain: object = _EVENT.dump_python(event, mode="json")
        return encodable(json.dumps(plain, ensure_ascii=False)).encode()


def is_torn(path: Path) -> bool:
    """Return whether a file ends in the middle of a line."""
    size = path.stat().st_size
    if size == 0:
        return False
    with path.open("rb") as file:
        file.seek(size - 1)
        return file.read(1) != b"\n"


def read_journal(path: Path) -> JournalContents:
    """Read a journal, tolerating a torn tail and lines that are not understood.

    Raises:
        SetupError: There is no such file, or it cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as err:
        raise SetupError(f"cannot read the journal {path}: {err.strerror or err}") from err
    head, _, tail = data.rpartition(b"\n")
    lines = head.split(b"\n") if head else []
    events = list(_readable(lines))
    torn = parse_event(tail) if tail else None
    if torn is not None:  # a whole event that lacks only its end of line
        events.append(torn)
    return JournalContents(
        events=tuple(events),
        unreadable_lines=sum(1 for line in lines if line.strip()) - len(events) + bool(torn),
        torn_bytes=0 if torn is not None else len(tail),
    )


def _readable(lines: list[bytes]) -> Iterator[Event]:
    for line in lines:
        event = parse_event(line)
        if event is not None:
            yield event


def parse_event(line: bytes) -> Event | None:
    """Return the event of a line, or None where it holds none."""
    try:
        return _EVENT.validate_json(line)
    except (ValidationError, json.JSONDecodeError, UnicodeDecodeError):
        return None
