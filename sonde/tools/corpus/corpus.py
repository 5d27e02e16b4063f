"""A corpus: documents on disk, searched by words and read by offsets."""

import shutil
import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from types import TracebackType

from ...records.errors import SetupError, ToolError
from ...records.evidence import Passage
from ...records.mistakes import as_paths, is_path, mistaken
from ...records.tooling import Purchase
from ...text.words import words
from .hybrid import MeaningIndex, TextEmbedder, fused
from .listing import Root, digest_of, list_files, resolve_roots
from .locking import exclusive
from .shelf import Shelf, ShelfDocument
from .store import Store
from .summary import CorpusStats, IndexProgress, SkippedFile
from .terms import IndexBroken, IndexUnwritable, TermIndex
from .updating import bring_up_to_date

_LOCK_WAIT_S = 900.0  # longer than a first indexing of a few gigabytes takes
_SPARE = 8  # hits fetched beyond the limit, since some say the same as others
_MOST_PAGES = 20
_FUSED = 100  # hits of each ranking that are joined with the other's
_MOST_HINTS = 3


class Corpus:
    """Documents of one set of paths, as they were when it was opened; threads may share it."""

    def __init__(
        self, store: Store, terms: TermIndex, *, roots: Sequence[Root], stats: CorpusStats
    ) -> None:
        self._store = store
        self._terms = terms
        self._shelf = Shelf(store.connection, roots)
        self._stats = stats
        self._names = tuple(root.key for root in roots)
        self._meanings: MeaningIndex | None = None
        self._unbooked: list[Purchase] = []

    @classmethod
    def open(
        cls,
        paths: str | Path | Sequence[str | Path],
        *,
        index_root: str | Path,
        leave_out: Path | None = None,
        on_progress: Callable[[IndexProgress], None] | None = None,
        embedder: TextEmbedder | None = None,
        on_embedded: Callable[[int, int], None] | None = None,
    ) -> "Corpus":
        """Bring the index of these paths up to date, and open it.

        Args:
            paths: Files and folders; a folder is read with all folders in it.
            index_root: A folder that may hold the indexes of many sets of paths.
            leave_out: A folder that is never read; the folder of indexes by default.
            on_progress: Told of each file and each thousand documents while they are read.
            embedder: Makes passages and queries into vectors, so that search goes by meaning
                too; None searches by words alone. What it made is kept beside the index.
            on_embedded: Told how many of the new passages are embedded, and how many there are.

        Raises:
            SetupError: A path is missing or holds nothing to read, or `index_root` cannot be
                written.
            ModelError: The embedder failed.
        """
        example = 'Corpus.open(["docs"], index_root=Path("indexes"))'
        wanted = "a folder, a file or a list of them"
        roots = resolve_roots(as_paths("paths", paths, wanted=wanted, example=example))
        if not is_path(index_root):
            raise mistaken("index_root", index_root, wanted="a folder", example=example)
        index_root = Path(index_root)
        with _as_setup_error(index_root):
            folder = index_root.expanduser().resolve() / digest_of(roots)
            without = (leave_out or index_root).expanduser().resolve()
            folder.mkdir(parents=True, exist_ok=True)
            with exclusive(folder / "lock.sqlite", wait_s=_LOCK_WAIT_S):
                try:
                    corpus = _open_index(folder, roots, without=without, on_progress=on_progress)
                except IndexBroken:
                    shutil.rmtree(folder / "index")
                    corpus = _open_index(folder, roots, without=without, on_progress=on_progress)
        try:
            corpus._check_roots(roots)
            if embedder is not None:
                corpus._meanings = MeaningIndex.open(
                    folder / "vectors.sqlite",
                    corpus._shelf.all_texts(),
                    embedder,
                    on_progress=on_embedded,
                    on_bought=corpus._unbooked.append,
                )
        except BaseException:
            corpus.close()
            raise
        return corpus

    @property
    def names(self) -> tuple[str, ...]:
        """Its folders and files by the names under which another process would know them again."""
        return self._names

    def take_purchases(self) -> list[Purchase]:
        """Return what indexing and searches bought and nobody has booked; it is told once."""
        taken: list[Purchase] = []
        while self._unbooked:
            taken.append(self._unbooked.pop(0))
        return taken

    def worst_purchases(self, queries: Sequence[str]) -> list[Purchase]:
        """Return the most that searching for these can buy; nothing where search goes by words."""
        return self._meanings.worst(queries) if self._meanings is not None else []

    def search(self, query: str, *, limit: int = 8) -> list[Passage]:
        """Return the passages that fit a question best, best first.

        By BM25 over text and title; with an embedder, by reciprocal rank fusion of that and the
        cosine of meanings. Words that only hold a sentence together do not count, unless there
        are no others. Passages of the same words appear once.
        """
        found: dict[str, Passage] = {}
        for passage in self._ranked(query, size=limit + _SPARE):
            if len(found) >= limit:
                break
            found.setdefault(" ".join(words(passage.text)) or passage.text, passage)
        return list(found.values())

    def read(self, doc_id: str, *, start: int = 0, length: int = 4000) -> Passage:
        """Return a stretch of a document.

        Raises:
            ToolError: There is no such document, or no such place in it.
        """
        document = self._known(doc_id)
        if length < 1 or not 0 <= start < document.characters:
            raise ToolError(
                f"{doc_id!r} has {document.characters} characters; a start of {start} and a length"
                f" of {length} lie outside: start at 0 or above and below its end"
            )
        end = min(start + length, document.characters)
        return Passage(
            source=document.source,
            doc_id=doc_id,
            title=document.title,
            text=self._shelf.text(document, start=start, end=end),
            start=start,
        )

    def characters(self, doc_id: str) -> int:
        """Return how long a document is.

        Raises:
            ToolError: There is no such document.
        """
        return self._known(doc_id).characters

    def document_text(self, doc_id: str) -> str:
        """Return the whole text of a document.

        Raises:
            ToolError: There is no such document.
        """
        document = self._known(doc_id)
        return self._shelf.text(document, start=0, end=document.characters)

    def stats(self) -> CorpusStats:
        """Return what the corpus holds, and what was left out of it."""
        return self._stats

    def close(self) -> None:
        """Let go of the index."""
        self._terms.close()
        self._store.close()

    def __enter__(self) -> "Corpus":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ranked(self, query: str, *, size: int) -> Iterator[Passage]:
        """Yield hits, best first, repeats and all; they are fetched by pages of `size`."""
        if self._meanings is not None:
            yield from self._fused(query, self._meanings)
            return
        for page in range(_MOST_PAGES):
            hits = self._terms.search(query, limit=size, offset=page * size)
            passages = self._shelf.passages([hit.passage for hit in hits])
            for hit in hits:
                yield replace(passages[hit.passage], score=hit.score)
            if len(hits) < size:
                return

    def _fused(self, query: str, meanings: MeaningIndex) -> Iterator[Passage]:
        by_words = [hit.passage for hit in self._terms.search(query, limit=_FUSED)]
        both = fused([by_words, self._by_meaning(query, meanings)])
        passages = self._shelf.passages([number for number, _ in both])
        for number, score in both:
            yield replace(passages[number], score=score)

    def _by_meaning(self, query: str, meanings: MeaningIndex) -> list[int]:
        return meanings.search(query, limit=_FUSED, on_bought=self._unbooked.append)

    def _known(self, doc_id: str) -> ShelfDocument:
        document = self._shelf.document(doc_id)
        if document is None:
            hints = self._hints(doc_id)
            near = f"; near it: {', '.join(map(repr, hints))}" if hints else ""
            raise ToolError(f"there is no document {doc_id!r}{near}; search for it first")
        return document

    def _hints(self, doc_id: str) -> list[str]:
        """Return ids that look like this one, and ids of documents that its words find."""
        alike = get_close_matches(doc_id, self._shelf.some_doc_ids(), n=_MOST_HINTS)
        by_words = [passage.doc_id for passage in self.search(doc_id, limit=_MOST_HINTS)]
        return list(dict.fromkeys(alike + by_words))[:_MOST_HINTS]

    def _check_roots(self, roots: Sequence[Root]) -> None:
        """Refuse a path that brings nothing: the user expects it to be searched."""
        for root in roots:
            is_inside = any(
                other is not root and root.resolved.is_relative_to(other.resolved)
                for other in roots
            )
            if not is_inside and not self._shelf.totals(root).documents:
                raise SetupError(_nothing_in(root, self._stats.skipped))


def _open_index(
    folder: Path,
    roots: Sequence[Root],
    *,
    without: Path,
    on_progress: Callable[[IndexProgress], None] | None,
) -> Corpus:
    place = folder / "index"
    place.mkdir(exist_ok=True)
    store = Store.open(place / "texts.sqlite")
    terms: TermIndex | None = None
    try:
        terms = TermIndex.open(place / "words")
        if store.stamp != terms.stamp:
            raise IndexBroken(f"store and word index in {str(place)!r} do not belong together")
        listing = list_files(roots, without=without)
        outcome = bring_up_to_date(store, terms, listing=listing, on_progress=on_progress)
        store.pin()
        shelf = Shelf(store.connection, roots)
        skipped = (*listing.skipped, *outcome.skipped, *shelf.skipped())
        stats = shelf.stats(skipped=skipped, read_now=outcome.read_now)
        return Corpus(store, terms, roots=roots, stats=stats)
    except BaseException as err:
        if terms is not None:
            terms.close()
        store.close()
        if isinstance(err, sqlite3.DatabaseError) and not isinstance(err, sqlite3.OperationalError):
            raise IndexBroken(f"the store in {str(place)!r} is damaged: {err}") from err
        raise


def _nothing_in(root: Root, skipped: Sequence[SkippedFile]) -> str:
    given = str(root.given)
    below = [each for each in skipped if Path(each.path).is_relative_to(root.given)]
    if below and below[0].path == given:
        return f"{given!r} cannot be searched: {below[0].reason}"
    if below:
        first = f"{len(below)} were left out, the first is {below[0].path!r}: {below[0].reason}"
        return f"{given!r} holds no readable document; {first}"
    return f"{given!r} holds no readable document; put text, PDF, CSV or HTML files there"


@contextmanager
def _as_setup_error(index_root: Path) -> Generator[None]:
    try:
        yield
    except (OSError, sqlite3.OperationalError, IndexUnwritable, IndexBroken) as err:
        why = err.strerror if isinstance(err, OSError) and err.strerror else str(err)
        raise SetupError(
            f"the index cannot be kept in {str(index_root)!r}: {why};"
            " free space, or give another folder for it"
        ) from err
