"""What a corpus tells about itself: how far indexing is, what was read, what was left out."""

from dataclasses import dataclass
from typing import Literal

Phase = Literal["reading", "saving", "ready"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexProgress:
    """How far bringing an index up to date is."""

    phase: Phase
    """Reading files, saving what was read, or done."""
    files_done: int
    """New or changed files that are read."""
    files_total: int
    """New or changed files in all."""
    documents: int
    """Documents taken from them so far."""
    path: str | None = None
    """The file at hand, relative to the path that was given; None between files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedFile:
    """A file that is not in the index."""

    path: str
    """The file, by the path as it was given."""
    reason: str
    """Why it was left out, and what to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNote:
    """A remark on a file that is in the index."""

    path: str
    """The file, by the path as it was given."""
    note: str
    """What was peculiar: bytes that were replaced, lines that were left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusStats:
    """What an open corpus holds."""

    documents: int
    """Documents: files, and records of JSON lines."""
    passages: int
    """Passages that can be found."""
    characters: int
    """Characters of all document texts."""
    files: int
    """Files that hold at least one document."""
    skipped: tuple[SkippedFile, ...]
    """Files that were left out."""
    notes: tuple[ReadNote, ...] = ()
    """Remarks on files that were read."""
    read_now: int = 0
    """Files that this opening had to read, since they were new or changed."""
