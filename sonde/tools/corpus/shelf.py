"""Reading the store: passages by number, documents by id, totals."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from ...records.evidence import Passage
from .listing import Root
from .manifest import FileTotals
from .summary import CorpusStats, ReadNote, SkippedFile

_MOST_IDS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfDocument:
    """A document as it can be read."""

    number: int
    """Its number in the index."""
    doc_id: str
    """Its id."""
    source: str
    """Where it is, as people are shown it."""
    title: str
    """Its title."""
    characters: int
    """Length of its text."""


class Shelf:
    """Reads one view of the store; threads may share it."""

    def __init__(self, connection: sqlite3.Connection, roots: Sequence[Root]) -> None:
        self._connection = connection
        self._lock = Lock()
        self._roots = {root.key: root for root in roots}

    def passages(self, numbers: Sequence[int]) -> Mapping[int, Passage]:
        """Return passages by their numbers."""
        marks = ",".join("?" * len(numbers))
        rows = self._rows(
            "SELECT s.id, f.root, f.relative, d.record_id, d.doc_id, d.title, s.start, s.text"
            " FROM stretches s JOIN documents d ON d.id = s.document JOIN files f ON f.id = d.file"
            f" WHERE s.id IN ({marks})",
            numbers,
        )
        return {
            int(number): Passage(
                source=self._source(root, relative, record_id),
                doc_id=doc_id,
                title=title,
                text=text.strip(),
                start=start + len(text) - len(text.lstrip()),
            )
            for number, root, relative, record_id, doc_id, title, start, text in rows
        }

    def all_texts(self) -> list[tuple[int, str]]:
        """Return number, and title with text, of every passage."""
        rows = self._rows(
            "SELECT s.id, d.title, s.text FROM stretches s JOIN documents d ON d.id = s.document"
            " ORDER BY s.id",
            (),
        )
        return [(int(number), f"{title}\n{text.strip()}") for number, title, text in rows]

    def document(self, doc_id: str) -> ShelfDocument | None:
        """Return what is known of a document; None where there is none of this id."""
        rows = self._rows(
            "SELECT d.id, f.root, f.relative, d.record_id, d.title, d.characters"
            " FROM documents d JOIN files f ON f.id = d.file WHERE d.doc_id = ?",
            (doc_id,),
        )
        for number, root, relative, record_id, title, characters in rows:
            source = self._source(root, relative, record_id)
            return ShelfDocument(
                number=number, doc_id=doc_id, source=source, title=title, characters=characters
            )
        return None

    def text(self, document: ShelfDocument, *, start: int, end: int) -> str:
        """Return the characters from `start` to `end` of a document."""
        rows = self._rows(
            "SELECT start, text FROM stretches WHERE document = ?1 AND start < ?3 AND start >="
            " (SELECT max(start) FROM stretches WHERE document = ?1 AND start <= ?2)"
            " ORDER BY start",
            (document.number, start, end),
        )
        if not rows:
            return ""
        first = rows[0][0]
        return "".join(text for _, text in rows)[start - first : end - first]

    def some_doc_ids(self) -> list[str]:
        """Return ids of documents, at most 20,000."""
        rows = self._rows("SELECT doc_id FROM documents ORDER BY id LIMIT ?", (_MOST_IDS,))
        return [row[0] for row in rows]

    def stats(self, *, skipped: tuple[SkippedFile, ...], read_now: int) -> CorpusStats:
        """Return what the store holds, with what the caller knows."""
        totals = self.totals()
        files = self._rows("SELECT count(*) FROM files WHERE documents > 0", ())
        return CorpusStats(
            documents=totals.documents,
            passages=totals.passages,
            characters=totals.characters,
            files=files[0][0],
            skipped=skipped,
            notes=self._notes(),
            read_now=read_now,
        )

    def totals(self, root: Root | None = None) -> FileTotals:
        """Return what all files brought, or those below one root."""
        rows = self._rows(
            "SELECT coalesce(sum(documents), 0), coalesce(sum(passages), 0),"
            " coalesce(sum(characters), 0) FROM files WHERE ?1 IS NULL OR root = ?1",
            (root.key if root else None,),
        )
        documents, passages, characters = rows[0]
        return FileTotals(documents=documents, passages=passages, characters=characters)

    def skipped(self) -> tuple[SkippedFile, ...]:
        """Return the files that were read and hold nothing to index."""
        rows = self._rows(
            "SELECT root, relative, skipped FROM files WHERE skipped IS NOT NULL ORDER BY id", ()
        )
        return tuple(
            SkippedFile(path=self._source(root, relative, None), reason=reason)
            for root, relative, reason in rows
        )

    def _notes(self) -> tuple[ReadNote, ...]:
        rows = self._rows(
            "SELECT root, relative, note FROM files WHERE note IS NOT NULL ORDER BY id", ()
        )
        return tuple(
            ReadNote(path=self._source(root, relative, None), note=note)
            for root, relative, note in rows
        )

    def _source(self, root: str, relative: str, record_id: str | None) -> str:
        shown = self._roots[root].shown(relative)
        return shown if record_id is None else f"{shown}#{record_id}"

    def _rows(self, sql: str, values: Sequence[str | int | None]) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(sql, tuple(values)).fetchall()
