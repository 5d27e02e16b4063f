"""Bringing an index up to date: what is new or changed is read, what is gone leaves."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, TypeVar

from .decoding import Survey, survey
from .documents import SourceDocument, read_documents
from .file_kind import Unreadable
from .listing import ListedFile, Listing
from .manifest import FileKey, FileState, FileTotals, StoredDocument, StoredFile, Stretch
from .passages import cut
from .store import Store
from .summary import IndexProgress, Phase, SkippedFile
from .terms import TermIndex

_HELD_BYTES = 8 << 20  # a file of up to this size is read once, a larger one surveyed first
_BATCH = 2_000
_UNSETTLED = -1  # no file has this time of change: a file that changed meanwhile is read again
Item = TypeVar("Item")
OnProgress = Callable[[IndexProgress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an update did."""

    read_now: int
    """Files that were opened."""
    skipped: tuple[SkippedFile, ...]
    """Files that could not be opened; they are tried again next time."""


def bring_up_to_date(
    store: Store, terms: TermIndex, *, listing: Listing, on_progress: OnProgress | None
) -> Outcome:
    """Make the index agree with the files; size and time of change say which to look at.

    The word index is committed first and the store, with its stamp, second: a process that dies
    between the two leaves stamps that differ, and the next one builds the index anew.
    """
    stored = store.files()
    listed = {_key(file): file for file in listing.files}
    gone = [known for key, known in stored.items() if key not in listed]
    due = [file for key, file in listed.items() if _is_due(file, stored.get(key))]
    if not gone and not due:
        return Outcome(read_now=0, skipped=())
    with store.changing():
        update = _Update(store, terms, total=len(due), on_progress=on_progress)
        for known in gone:
            update.drop(known.id)
        for file in due:
            update.take(file, stored.get(_key(file)))
        stamp = terms.commit() if terms.has_changes else store.stamp
        update.tell("saving")
        store.set_stamp(stamp)
    update.tell("ready")
    return Outcome(read_now=update.read_now, skipped=tuple(update.skipped))


def _key(file: ListedFile) -> FileKey:
    return FileKey(root=file.root.key, relative=file.relative)


def _is_due(file: ListedFile, known: StoredFile | None) -> bool:
    if known is None:
        return True
    return (known.state.size, known.state.mtime_ns) != (file.size, file.mtime_ns)


class _Update:
    """One run over the files that are due."""

    def __init__(
        self, store: Store, terms: TermIndex, *, total: int, on_progress: OnProgress | None
    ) -> None:
        self._store = store
        self._terms = terms
        self._on_progress = on_progress
        self._total = total
        self._done = 0
        self._documents = 0
        self._ids = _DocIds(store.doc_ids())
        self._next_document = store.last_document() + 1
        self._next_stretch = store.last_stretch() + 1
        self.read_now = 0
        self.skipped: list[SkippedFile] = []

    def tell(self, phase: Phase, path: str | None = None) -> None:
        """Report how far the run is."""
        if self._on_progress is not None:
            self._on_progress(
                IndexProgress(
                    phase=phase,
                    files_done=self._done,
                    files_total=self._total,
                    documents=self._documents,
                    path=path,
                )
            )

    def drop(self, file: int) -> None:
        """Take a file out of the index."""
        self._ids.free(self._store.doc_ids(file=file))
        self._terms.remove_file(file)
        self._store.remove_file(file)

    def take(self, file: ListedFile, known: StoredFile | None) -> None:
        """Look at a file that is new or has another size or time than before."""
        self.tell("reading", file.relative or file.name)
        try:
            with file.path.open("rb") as handle:
                self.read_now += 1
                self._read(file, known, handle)
        except FileNotFoundError:
            self._leave(file, known, "it vanished while the corpus was read")
        except OSError as err:
            reason = (err.strerror or type(err).__name__).lower()
            self._leave(file, known, f"it cannot be read ({reason}); check its permissions")
        self._done += 1

    def _leave(self, file: ListedFile, known: StoredFile | None, reason: str) -> None:
        if known is not None:
            self.drop(known.id)
        self.skipped.append(SkippedFile(path=file.shown, reason=reason))

    def _read(self, file: ListedFile, known: StoredFile | None, handle: BinaryIO) -> None:
        before = os.fstat(handle.fileno())
        source = BytesIO(handle.read()) if before.st_size <= _HELD_BYTES else handle
        found = survey(source)
        source.seek(0)
        after = os.fstat(handle.fileno())
        is_settled = (after.st_size, after.st_mtime_ns) == (found.size, before.st_mtime_ns)
        mtime_ns = before.st_mtime_ns if is_settled else _UNSETTLED
        state = FileState(size=found.size, mtime_ns=mtime_ns, digest=found.digest)
        if known is not None and known.state.digest == found.digest:
            self._store.touch_file(known.id, mtime_ns=mtime_ns)
            return
        if known is not None:
            self.drop(known.id)
        self._add(file, state, source=source, found=found)

    def _add(
        self, file: ListedFile, state: FileState, *, source: BinaryIO, found: Survey
    ) -> None:
        notes: list[str] = []
        number = 0
        try:
            with self._store.attempt():
                number = self._store.add_file(_key(file), state)
                documents = read_documents(source, file.name, found=found, notes=notes)
                totals = self._add_documents(file, number, documents)
                self._store.close_file(number, totals, note="; ".join(notes) or None)
        except Unreadable as err:
            if self._terms.has_changes:
                self._terms.remove_file(number)
            self._store.add_file(_key(file), state, skipped=str(err))

    def _add_documents(
        self, file: ListedFile, number: int, documents: Iterable[SourceDocument]
    ) -> FileTotals:
        adding = _Adding(self._store, self._terms, file=number, stretch=self._next_stretch)
        for document in _guarded(documents):
            doc_id = self._ids.take(file, document.record_id)
            adding.add(document, number=self._next_document, doc_id=doc_id)
            self._next_document += 1
            self._documents += 1
            if self._documents % 1_000 == 0:
                self.tell("reading", file.relative or file.name)
        self._next_stretch = adding.next_stretch
        return adding.finish()


class _Adding:
    """Puts the documents of one file into store and word index, in batches."""

    def __init__(self, store: Store, terms: TermIndex, *, file: int, stretch: int) -> None:
        self._store = store
        self._terms = terms
        self._file = file
        self.next_stretch = stretch
        self._waiting_documents: list[StoredDocument] = []
        self._waiting: list[Stretch] = []
        self._documents = 0
        self._passages = 0
        self._characters = 0

    def add(self, document: SourceDocument, *, number: int, doc_id: str) -> None:
        start = 0
        for piece in _guarded(document.pieces):
            for text in cut(piece, is_row=document.is_cut):
                self._add_stretch(
                    Stretch(id=self.next_stretch, document=number, start=start, text=text),
                    title=document.title,
                )
                start += len(text)
        self._waiting_documents.append(
            StoredDocument(
                id=number,
                file=self._file,
                doc_id=doc_id,
                record_id=document.record_id,
                title=document.title,
                characters=start,
            )
        )
        self._documents += 1
        self._characters += start

    def finish(self) -> FileTotals:
        """Write what waits, and return what the file brought."""
        if not self._passages:
            raise Unreadable("it holds no text")
        self._flush()
        return FileTotals(
            documents=self._documents, passages=self._passages, characters=self._characters
        )

    def _add_stretch(self, stretch: Stretch, *, title: str) -> None:
        self.next_stretch += 1
        self._waiting.append(stretch)
        if not stretch.text.isspace():
            self._passages += 1
            self._terms.add(stretch.id, file=self._file, title=title, text=stretch.text)
        if len(self._waiting) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        self._store.add_stretches(self._waiting)
        self._store.add_documents(self._waiting_documents)
        self._waiting, self._waiting_documents = [], []


class _DocIds:
    """Gives each document an id that no other has."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self._repeats = Counter[str]()

    def free(self, ids: set[str]) -> None:
        self._taken -= ids

    def take(self, file: ListedFile, record_id: str | None) -> str:
        """Return the record's own id or the file's path; where it is taken, with a prefix."""
        path = file.relative or file.name
        doc_id = path if record_id is None else record_id
        if doc_id in self._taken:
            folder = file.root.resolved.name
            doc_id = f"{folder}/{path}" if record_id is None else f"{path}#{record_id}"
        longer = doc_id
        while longer in self._taken:
            self._repeats[doc_id] += 1
            longer = f"{doc_id}~{self._repeats[doc_id] + 1}"
        self._taken.add(longer)
        return longer


def _guarded(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items; a parser that trips over a file makes it unreadable, and no more."""
    iterator = iter(items)
    while True:
        try:
            item = next(iterator)
        except StopIteration:
            return
        except (Unreadable, MemoryError):
            raise
        except Exception as err:  # noqa: BLE001 - parsers of foreign bytes fail in every way
            reason = f"{type(err).__name__}: {err}"
            raise Unreadable(f"it cannot be parsed ({reason}); save it as text") from err
        yield item
