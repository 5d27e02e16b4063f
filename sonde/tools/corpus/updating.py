"""Bringing an index up to date: what is new or changed is read, what is gone leaves."""

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from .adding import DocIds, FileAdding, guarded
from .decoding import Survey, survey
from .documents import SourceDocument, read_documents
from .file_kind import Unreadable
from .listing import ListedFile, Listing
from .manifest import FileKey, FileState, FileTotals, StoredFile
from .store import Store
from .summary import IndexProgress, Phase, SkippedFile
from .terms import TermIndex

_HELD_BYTES = 8 << 20  # a file of up to this size is read once, a larger one surveyed first
_UNSETTLED = -1  # no file has this time of change: a file that changed meanwhile is read again
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
        self._ids = DocIds(store.doc_ids())
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
        with ExitStack() as stack:
            try:
                handle = stack.enter_context(Path(file.path).open("rb"))
                self.read_now += 1
                source, state, found = _surveyed(handle)
            except FileNotFoundError:
                self._leave(file, known, "it vanished while the corpus was read")
            except OSError as err:
                reason = (err.strerror or type(err).__name__).lower()
                self._leave(file, known, f"it cannot be read ({reason}); check its permissions")
            else:
                self._replace(file, known, state=state, source=source, found=found)
        self._done += 1

    def _leave(self, file: ListedFile, known: StoredFile | None, reason: str) -> None:
        if known is not None:
            self.drop(known.id)
        self.skipped.append(SkippedFile(path=file.shown, reason=reason))

    def _replace(
        self,
        file: ListedFile,
        known: StoredFile | None,
        *,
        state: FileState,
        source: BinaryIO,
        found: Survey,
    ) -> None:
        if known is not None and known.state.digest == state.digest:
            self._store.touch_file(known.id, mtime_ns=state.mtime_ns)
            return
        if known is not None:
            self.drop(known.id)
        self._add(file, state, source=source, found=found)

    def _add(self, file: ListedFile, state: FileState, *, source: BinaryIO, found: Survey) -> None:
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
        adding = FileAdding(self._store, self._terms, file=number, stretch=self._next_stretch)
        for document in guarded(documents):
            doc_id = self._ids.take(file, document.record_id)
            adding.add(document, number=self._next_document, doc_id=doc_id)
            self._next_document += 1
            self._documents += 1
            if self._documents % 1_000 == 0:
                self.tell("reading", file.relative or file.name)
        self._next_stretch = adding.next_stretch
        return adding.finish()


class _Surveyed(NamedTuple):
    """An open file, after one pass over it."""

    source: BinaryIO
    state: FileState
    found: Survey


def _surveyed(handle: BinaryIO) -> _Surveyed:
    before = os.fstat(handle.fileno())
    source = BytesIO(handle.read()) if before.st_size <= _HELD_BYTES else handle
    found = survey(source)
    source.seek(0)
    after = os.fstat(handle.fileno())
    is_settled = (after.st_size, after.st_mtime_ns) == (found.size, before.st_mtime_ns)
    mtime_ns = before.st_mtime_ns if is_settled else _UNSETTLED
    state = FileState(size=found.size, mtime_ns=mtime_ns, digest=found.digest)
    return _Surveyed(source, state, found)
