"""The inverted index: which passages hold which words. The one file that knows tantivy."""

import json
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tantivy import (
    Document,
    Filter,
    Index,
    IndexWriter,
    Occur,
    Query,
    Schema,
    SchemaBuilder,
    TextAnalyzer,
    TextAnalyzerBuilder,
    Tokenizer,
)

from ...text.words import STOP_WORDS, without_accents, words

_ANALYSER = "sonde_words"
_TITLE_BOOST = 0.75  # 0.5 to 1 find the same number of HotpotQA's pages; 0 and 3 find fewer
_HEAP_BYTES = 128_000_000
_THREADS = 2  # one alone spends more processor time in waiting than two do
_MOST_TERMS = 128  # of a question; past it, a query is a pasted document


class IndexBroken(Exception):
    """The index on disk cannot be used; it can be built anew."""


class IndexUnwritable(Exception):
    """The index cannot be written: the disk is full, or the folder is read-only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that was found."""

    passage: int
    """Its number."""
    score: float
    """BM25, summed over the words."""


class TermIndex:
    """Words of passages and titles, on disk."""

    def __init__(self, index: Index, *, folder: Path) -> None:
        self._index = index
        self._folder = folder
        self._analyser = _analyser()
        self._writer: IndexWriter | None = None
        index.register_tokenizer(_ANALYSER, self._analyser)
        self._searcher = index.searcher()

    @classmethod
    def open(cls, folder: Path) -> "TermIndex":
        """Open the index in a folder, or begin one.

        Raises:
            IndexBroken: What lies there is no index, or one of another version.
        """
        folder.mkdir(parents=True, exist_ok=True)
        try:
            return cls(Index(_schema(), str(folder)), folder=folder)
        except ValueError as err:  # what tantivy raises, whatever went wrong
            raise IndexBroken(f"the word index in {str(folder)!r} cannot be opened: {err}") from err

    @property
    def stamp(self) -> int:
        """Number of the last commit, by which the store knows that both belong together.

        Raises:
            IndexBroken: There is no record of it.
        """
        try:
            return int(json.loads((self._folder / "meta.json").read_bytes())["opstamp"])
        except (FileNotFoundError, ValueError, KeyError, TypeError) as err:
            raise IndexBroken(f"the word index in {str(self._folder)!r} is damaged") from err

    def add(self, passage: int, *, file: int, title: str, text: str) -> None:
        """Index a passage under its file."""
        document = Document()
        document.add_integer("passage", passage)
        document.add_integer("file", file)
        document.add_text("title", without_accents(title))
        document.add_text("body", without_accents(text))
        try:  # not by a context manager, which costs more than the call
            self._writing().add_document(document)
        except ValueError as err:
            raise IndexUnwritable(str(err)) from err

    def remove_file(self, file: int) -> None:
        """Drop what was indexed under a file."""
        with _as_unwritable():
            self._writing().delete_documents_by_term("file", file)

    def commit(self) -> int:
        """Make all changes last, and return the new stamp."""
        with _as_unwritable():
            writer = self._writing()
            writer.commit()
            writer.wait_merging_threads()
            self._writer = None
            self._index.reload()
        self._searcher = self._index.searcher()
        return self.stamp

    @property
    def has_changes(self) -> bool:
        """Whether something waits for a commit."""
        return self._writer is not None

    def close(self) -> None:
        """Let go of everything; changes without a commit are lost."""
        self._writer = None

    def stems(self, text: str) -> list[str]:
        """Return the words of a text as they stand in the index."""
        return self._analyser.analyze(without_accents(text))

    def search(self, question: str, *, limit: int, offset: int = 0) -> list[Hit]:
        """Return passages by BM25, best first; a question without a word finds nothing."""
        query = self._query(question)
        if query is None:
            return []
        found = self._searcher.search(query, limit, False, offset=offset).hits
        addresses = [address for _, address in found]
        numbers = self._searcher.fast_field_values("passage", addresses)
        hits = [
            Hit(passage=int(number), score=float(score))
            for (score, _), number in zip(found, numbers, strict=True)
            if number is not None
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage))

    def _query(self, question: str) -> Query | None:
        """Build a query from words alone: no character of a question is syntax."""
        asked = words(question)
        bearing = [word for word in asked if word not in STOP_WORDS]
        stems = list(dict.fromkeys(self.stems(" ".join(bearing or asked))))[:_MOST_TERMS]
        return Query.boolean_query(list(self._clauses(stems))) if stems else None

    def _clauses(self, stems: Sequence[str]) -> Iterator[tuple[Occur, Query]]:
        schema = self._index.schema
        for stem in stems:
            title = Query.term_query(schema, "title", stem, "freq")
            yield Occur.Should, Query.term_query(schema, "body", stem, "freq")
            yield Occur.Should, Query.boost_query(title, _TITLE_BOOST)

    def _writing(self) -> IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(_HEAP_BYTES, _THREADS)
        return self._writer


def _analyser() -> TextAnalyzer:
    """Return the analyser that agrees with `sonde.text.words`: split, lower case, stem."""
    splitting = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
    return splitting.filter(Filter.stemmer("english")).build()


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_integer_field("passage", fast=True)
    builder.add_integer_field("file", indexed=True)  # deleting by an unsigned one deletes nothing
    for name in ("title", "body"):
        builder.add_text_field(name, tokenizer_name=_ANALYSER, index_option="freq")
    return builder.build()


@contextmanager
def _as_unwritable() -> Generator[None]:
    """Say what kind of failure it is: while writing, tantivy fails for the disk alone."""
    try:
        yield
    except ValueError as err:
        raise IndexUnwritable(str(err)) from err
