"""Putting the documents of one file into store and word index."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

from .documents import SourceDocument
from .file_kind import Unreadable
from .listing import ListedFile
from .manifest import FileTotals, StoredDocument, Stretch
from .passages import cut
from .store import Store
from .terms import TermIndex

_BATCH = 2_000
Item = TypeVar("Item")


class FileAdding:
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
        for piece in guarded(document.pieces):
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


class DocIds:
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


def guarded(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items; a parser that trips over a file makes it unreadable, and no more."""
    iterator = iter(items)
    while True:
        try:
            item = next(iterator)
        except StopIteration:
            return
        except (Unreadable, MemoryError):
            raise
        except Exception as err:  # parsers of foreign bytes fail in every way
            reason = f"{type(err).__name__}: {err}"
            raise Unreadable(f"it cannot be parsed ({reason}); save it as text") from err
        yield item
