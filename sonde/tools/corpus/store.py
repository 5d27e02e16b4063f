"""Texts and the manifest, in one SQLite file: what was read, from which file, in which state.

A document's text stands here as the stretches that its passages were cut into, without a gap: a
passage is a stretch without the white space around it, so it cannot differ from its document.
"""

import sqlite3
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path

from .manifest import FileKey, FileState, FileTotals, StoredDocument, StoredFile, Stretch
from .terms import IndexBroken

_FORMAT = 3  # of tables, passages and word index together; another number builds everything anew
_SCHEMA = """
CREATE TABLE state (format INTEGER NOT NULL, stamp INTEGER NOT NULL);
CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT, root TEXT NOT NULL, relative TEXT NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, digest TEXT NOT NULL,
    documents INTEGER NOT NULL DEFAULT 0, passages INTEGER NOT NULL DEFAULT 0,
    characters INTEGER NOT NULL DEFAULT 0, skipped TEXT, note TEXT, UNIQUE (root, relative));
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, doc_id TEXT NOT NULL UNIQUE, record_id TEXT,
    title TEXT NOT NULL, characters INTEGER NOT NULL);
CREATE INDEX documents_of_file ON documents (file);
CREATE TABLE stretches (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX stretches_of_document ON stretches (document, start);
"""


class Store:
    """The SQLite file of one index. One writer at a time, which holds the index's lock."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @classmethod
    def open(cls, path: Path) -> "Store":
        """Open the store at this path, or begin one.

        Raises:
            IndexBroken: The file is damaged, or of another version.
        """
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")  # readers keep their view beside it
            connection.execute("PRAGMA synchronous = NORMAL")
            if not connection.execute("PRAGMA schema_version").fetchone()[0]:
                state = f"INSERT INTO state VALUES ({_FORMAT}, 0);"
                connection.executescript(f"BEGIN; {_SCHEMA} {state} COMMIT;")
            (form,) = connection.execute("SELECT format FROM state").fetchone() or (None,)
        except sqlite3.OperationalError:
            connection.close()
            raise
        except sqlite3.DatabaseError as err:
            connection.close()
            raise IndexBroken(f"the store {str(path)!r} is damaged: {err}") from err
        if form != _FORMAT:
            connection.close()
            raise IndexBroken(f"the store {str(path)!r} is of format {form}, not {_FORMAT}")
        return cls(connection)

    @property
    def stamp(self) -> int:
        """The commit of the word index that this store belongs to."""
        return int(self.connection.execute("SELECT stamp FROM state").fetchone()[0])

    @contextmanager
    def changing(self) -> Generator[None]:
        """Make all changes within this block last together, or none."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()

    @contextmanager
    def attempt(self) -> Generator[None]:
        """Take back the changes within this block, and them alone, if it raises."""
        self.connection.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO attempt")
            self.connection.execute("RELEASE attempt")
            raise
        self.connection.execute("RELEASE attempt")

    def pin(self) -> None:
        """Keep the view of this moment for all later reading, whatever others write."""
        self.connection.execute("BEGIN")
        self.connection.execute("SELECT stamp FROM state").fetchone()

    def close(self) -> None:
        """Let go of the file; what was not committed is lost."""
        self.connection.close()

    def set_stamp(self, stamp: int) -> None:
        """Note which commit of the word index belongs to this state."""
        self.connection.execute("UPDATE state SET stamp = ?", (stamp,))

    def files(self) -> Mapping[FileKey, StoredFile]:
        """Return the manifest."""
        rows = self.connection.execute(
            "SELECT id, root, relative, size, mtime_ns, digest FROM files"
        )
        return {
            FileKey(root=root, relative=relative): StoredFile(
                id=number, state=FileState(size=size, mtime_ns=mtime_ns, digest=digest)
            )
            for number, root, relative, size, mtime_ns, digest in rows
        }

    def add_file(self, key: FileKey, state: FileState, *, skipped: str | None = None) -> int:
        """Enter a file in the manifest and return its number."""
        cursor = self.connection.execute(
            "INSERT INTO files (root, relative, size, mtime_ns, digest, skipped)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (key.root, key.relative, state.size, state.mtime_ns, state.digest, skipped),
        )
        return cursor.lastrowid or 0

    def touch_file(self, file: int, *, mtime_ns: int) -> None:
        """Note that a file was written anew with the same bytes."""
        self.connection.execute("UPDATE files SET mtime_ns = ? WHERE id = ?", (mtime_ns, file))

    def close_file(self, file: int, totals: FileTotals, *, note: str | None) -> None:
        """Note what a file brought."""
        self.connection.execute(
            "UPDATE files SET documents = ?, passages = ?, characters = ?, note = ? WHERE id = ?",
            (totals.documents, totals.passages, totals.characters, note, file),
        )

    def remove_file(self, file: int) -> None:
        """Drop a file with its documents."""
        of_file = "(SELECT id FROM documents WHERE file = ?)"
        self.connection.execute(f"DELETE FROM stretches WHERE document IN {of_file}", (file,))
        self.connection.execute("DELETE FROM documents WHERE file = ?", (file,))
        self.connection.execute("DELETE FROM files WHERE id = ?", (file,))

    def doc_ids(self, *, file: int | None = None) -> set[str]:
        """Return the ids of all documents, or of those of one file."""
        rows = self.connection.execute(
            "SELECT doc_id FROM documents WHERE ?1 IS NULL OR file = ?1", (file,)
        )
        return {row[0] for row in rows}

    def last_stretch(self) -> int:
        """Return the highest number of a stretch; 0 where there is none."""
        return self.connection.execute("SELECT max(id) FROM stretches").fetchone()[0] or 0

    def last_document(self) -> int:
        """Return the highest number of a document; 0 where there is none."""
        return self.connection.execute("SELECT max(id) FROM documents").fetchone()[0] or 0

    def add_documents(self, documents: Iterable[StoredDocument]) -> None:
        """Enter documents."""
        self.connection.executemany(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)",
            (
                (each.id, each.file, each.doc_id, each.record_id, each.title, each.characters)
                for each in documents
            ),
        )

    def add_stretches(self, stretches: Iterable[Stretch]) -> None:
        """Enter stretches of documents."""
        self.connection.executemany(
            "INSERT INTO stretches VALUES (?, ?, ?, ?)",
            ((each.id, each.document, each.start, each.text) for each in stretches),
        )
