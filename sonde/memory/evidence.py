"""The evidence store: every observation of a run, whole, content-addressed, and found again.

One SQLite file a run. Pages that say the same are one entry; what leaves the prompt stays here.
What is written survives a killed process at once. It is left to the system when it reaches the
disk, as with the journal: flushing takes ten times as long as a round, and only a power cut in the
seconds after would need it.
"""

import sqlite3
from collections.abc import Generator, Iterable
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from ..records.errors import SetupError
from ..records.evidence import Passage
from ..text.shingles import jaccard, says_the_same, shingles, sketch
from ..text.words import content_stems

_SAME = 0.9  # Jaccard similarity of three-word runs from which two pages are one
_SCHEMA = """
    CREATE TABLE IF NOT EXISTS blob (digest TEXT PRIMARY KEY, text TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS page (number INTEGER PRIMARY KEY, passage TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS place (
        source TEXT, doc_id TEXT, start INTEGER, length INTEGER, number INTEGER NOT NULL,
        PRIMARY KEY (source, doc_id, start, length));
    CREATE TABLE IF NOT EXISTS sketch (hash INTEGER, number INTEGER, PRIMARY KEY (hash, number));
    CREATE VIRTUAL TABLE IF NOT EXISTS page_words USING fts5 (stems, content='');
"""
_PASSAGE = TypeAdapter(Passage)


class Added(NamedTuple):
    """Where a page stands in the store."""

    passage: Passage
    """The page as stored, with its evidence id."""
    is_new: bool
    """Whether it was not there before."""


class EvidenceStore:
    """Pages and texts of one run. Safe against a killed process: each addition is committed."""

    def __init__(self, path: Path, *, more_tables: str = "") -> None:
        """Open or create the store.

        Args:
            path: Its file.
            more_tables: SQL of further tables that are to stand in a new file.

        Raises:
            SetupError: The file cannot be written, or is no evidence store.
        """
        self._path = path
        self._has_pages: bool | None = None
        try:
            if not path.exists():
                path.write_bytes(_empty_database(more_tables))
            self._db = sqlite3.connect(path, timeout=10, check_same_thread=False)
            self._db.execute("PRAGMA synchronous=OFF")
            self._db.execute("SELECT 1 FROM blob LIMIT 0")  # tells of a damaged file now
        except (sqlite3.Error, OSError) as err:
            raise _failure(path, err) from err

    @property
    def connection(self) -> sqlite3.Connection:
        """The open file, for what keeps its tables in it too."""
        return self._db

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @property
    def has_pages(self) -> bool:
        """Whether a page was ever added; asked of the file once, since nobody else writes to it."""
        if self._has_pages is None:
            row = self._db.execute("SELECT 1 FROM page LIMIT 1").fetchone()
            self._has_pages = row is not None
        return self._has_pages

    def put(self, text: str) -> str:
        """Store a text and return its digest; the same text is stored once."""
        digest = sha256(text.encode()).hexdigest()[:32]
        with self._writing():
            self._db.execute("INSERT OR IGNORE INTO blob VALUES (?, ?)", (digest, text))
        return digest

    def fetch(self, digest: str) -> str:
        """Return a stored text.

        Raises:
            KeyError: There is none under this digest.
        """
        row = self._db.execute("SELECT text FROM blob WHERE digest = ?", (digest,)).fetchone()
        if row is None:
            raise KeyError(digest)
        return str(row[0])

    def missing(self, digests: Iterable[str]) -> list[str]:
        """Return the digests under which no text is stored."""
        known = "SELECT 1 FROM blob WHERE digest = ?"
        return [each for each in digests if not self._db.execute(known, (each,)).fetchone()]

    def add(self, passage: Passage) -> Added:
        """Store a page whole and return it with its evidence id (`e1`, `e2`, ...).

        A page that was stored before comes back under its first id, and so does a near-duplicate:
        nine tenths of the three-word runs in common, and no word of meaning that only one has.
        """
        place = (passage.source, passage.doc_id, passage.start, len(passage.text))
        known = self._db.execute(
            "SELECT number FROM place WHERE (source, doc_id, start, length) = (?, ?, ?, ?)", place
        ).fetchone()
        if known is not None and (page := self._page(int(known[0]))).text == passage.text:
            return Added(page, is_new=False)
        hashes = shingles(passage.text)
        with self._writing():
            twin = self._twin(passage.text, hashes)
            number = self._insert(passage, hashes) if twin is None else twin
            self._db.execute(
                "INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?, ?)", (*place, number)
            )
        self._has_pages = True
        return Added(self._page(number), is_new=twin is None)

    def get(self, evidence_id: str) -> Passage | None:
        """Return a page by its id, or None where there is none of that id."""
        number = evidence_id.strip().strip("[]").removeprefix("e")
        if not number.isdecimal() or len(number) > 12:
            return None
        row = self._db.execute(
            "SELECT passage FROM page WHERE number = ?", (int(number),)
        ).fetchone()
        return None if row is None else _PASSAGE.validate_json(row[0])

    def recall(self, query: str, *, limit: int = 3) -> list[Passage]:
        """Return the stored pages that match a query best (BM25), best first."""
        stems = dict.fromkeys(content_stems(query))
        if not stems:
            return []
        match = " OR ".join(f'"{stem}"' for stem in stems)
        rows = self._db.execute(
            "SELECT rowid FROM page_words WHERE page_words MATCH ? ORDER BY rank LIMIT ?",
            (match, limit),
        ).fetchall()
        return [self._page(int(row[0])) for row in rows]

    def pages(self) -> list[Passage]:
        """Return all pages, oldest first."""
        rows = self._db.execute("SELECT passage FROM page ORDER BY number").fetchall()
        return [_PASSAGE.validate_json(row[0]) for row in rows]

    @contextmanager
    def _writing(self) -> Generator[None]:
        """Commit what is written inside, or say why it cannot be."""
        try:
            with self._db:
                yield
        except sqlite3.OperationalError as err:
            raise SetupError(
                f"cannot write the evidence store {self._path}: {err}; free some space, then "
                "`sonde resume` the run"
            ) from err

    def _page(self, number: int) -> Passage:
        row = self._db.execute("SELECT passage FROM page WHERE number = ?", (number,)).fetchone()
        return _PASSAGE.validate_json(row[0])

    def _twin(self, text: str, hashes: frozenset[int]) -> int | None:
        keys = sketch(hashes)
        marks = ", ".join("?" * len(keys))
        rows = self._db.execute(
            f"SELECT DISTINCT number FROM sketch WHERE hash IN ({marks}) ORDER BY number LIMIT 32",
            keys,
        ).fetchall()
        for (number,) in rows:
            other = self._page(int(number)).text
            if says_the_same(other, text) and jaccard(hashes, shingles(other)) >= _SAME:
                return int(number)
        return None

    def _insert(self, passage: Passage, hashes: frozenset[int]) -> int:
        (last,) = self._db.execute("SELECT coalesce(max(number), 0) FROM page").fetchone()
        number = int(last) + 1
        page = replace(passage, evidence_id=f"e{number}")
        self._db.execute(
            "INSERT INTO page VALUES (?, ?)", (number, _PASSAGE.dump_json(page).decode())
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO sketch VALUES (?, ?)", [(h, number) for h in sketch(hashes)]
        )
        stems = " ".join(content_stems(f"{passage.title} {passage.text}"))
        self._db.execute("INSERT INTO page_words (rowid, stems) VALUES (?, ?)", (number, stems))
        return number


def _failure(path: Path, err: sqlite3.Error | OSError) -> SetupError:
    is_about_access = isinstance(err, (sqlite3.OperationalError, OSError))
    if not is_about_access or "no such table" in str(err):
        return SetupError(f"the evidence store {path} is damaged ({err}); ask the question again")
    return SetupError(
        f"cannot open the evidence store {path}: {err}; check the folder's permissions and free "
        "space, or set SONDE_HOME to another folder"
    )


@cache
def _empty_database(more_tables: str) -> bytes:
    """Return the file of an empty store: copying it takes a hundredth of making its tables anew."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(_SCHEMA + more_tables)
        file = bytearray(db.serialize())
    file[18:20] = b"\x02\x02"  # with a write-ahead log (SQLite's file format, section 1.3)
    return bytes(file)
