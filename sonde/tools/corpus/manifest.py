"""What the store holds, as values: files in their last state, and stretches of documents."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKey:
    """What a file is known by."""

    root: str
    """Key of the root below which it lies."""
    relative: str
    """Its path below the root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """A file as it was when it was last read."""

    size: int
    """Its length in bytes."""
    mtime_ns: int
    """When it had last been changed."""
    digest: str
    """Hash of its bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file in the manifest."""

    id: int
    """Its number in the index."""
    state: FileState
    """How it stood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTotals:
    """What one file, or all of them, brought."""

    documents: int = 0
    """Documents."""
    passages: int = 0
    """Passages that can be found."""
    characters: int = 0
    """Characters of the texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document in the store."""

    id: int
    """Its number in the index."""
    file: int
    """Number of its file."""
    doc_id: str
    """Its id, which no other document of the corpus has."""
    record_id: str | None
    """Its own id within its file; None where the file is the document."""
    title: str
    """Its title."""
    characters: int
    """Length of its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of a document, to be stored."""

    id: int
    """Its number, which the word index knows it by."""
    document: int
    """Number of its document."""
    start: int
    """Offset of its first character in the document."""
    text: str
    """Its characters, white space included."""
