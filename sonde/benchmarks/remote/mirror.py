"""The mirror of a run behind a URL: its folder on this machine, as any run has one.

Whatever is done here is written into the mirror first, as fast as a disk takes it. `push` sends new
whole lines of its journals; `pull` brings the journals of other machines, each under a name of its
own. Both may be repeated, by several processes at once, and change nothing the second time.

    URL/WRITER/bench.json                           the manifest, as that machine knows it
    URL/WRITER/journal-NAME/START-LENGTH.jsonl      parts of its journals
    URL/WRITER/price-books/ID.json                  what its calls were priced by
    URL/WRITER/claim-NAME.json                      when its process last gave a sign
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from ...memory.home import Home
from ...records.errors import SetupError
from ..runner.manifest import MANIFEST, read_manifest, write_manifest
from ..runner.places import FOREIGN, agents_home, journal_path, journal_paths, worker_of
from .joining import joined, read_foreign
from .parts import MOST_BYTES, Part, Source, end_of, missing, part_path, parts_of, whole_lines
from .store import Store

_ABOUT = ".remote.json"
_BOOK = re.compile(r"[0-9a-f]{8}/price-books/([\w.+@-]+\.json)")


class Mirror:
    """A run's folder on this machine, and what stands of the run behind its URL."""

    def __init__(self, store: Store, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        """Open or make a mirror; nothing is sent or brought yet.

        Args:
            store: What stands behind the URL.
            folder: The folder here.
            most_bytes: Bytes after which a part ends with the line.

        Raises:
            SetupError: The folder cannot be written.
        """
        self.store = store
        self.folder = folder
        self.writer = _writer(folder, store.url)
        self._most_bytes = most_bytes
        self._sent: dict[str, int] = {}
        self._manifest = b""
        self._turn = threading.Lock()  # some file systems have one connection for all threads
        self.sent_bytes = 0
        """Bytes sent since it was opened: a sign of life."""

    @classmethod
    def of(cls, url: str, home: Home) -> "Mirror":
        """Return the mirror of a URL in a home.

        Raises:
            SetupError: The URL cannot be opened, or the home cannot be written.
        """
        store = Store(url)
        words = re.sub(r"[^A-Za-z0-9.]+", "-", store.url).strip("-.")[-60:]
        digest = hashlib.sha256(store.url.encode()).hexdigest()[:8]
        return cls(store, home.path / "bench-mirrors" / f"{words}-{digest}")

    def pull(self) -> None:
        """Bring what others have written, and whatever of our own is not here any more.

        Raises:
            SetupError: It cannot be read, a part is gone, or the runs there do not go together.
        """
        with self._turn:
            sizes = self.store.sizes()
            for source, parts in parts_of(sizes).items():
                self._bring(source, parts)
            self._bring_books(sizes)
            self._bring_manifest(sizes)

    def push(self, *, is_mine: Callable[[str], bool] = bool, anew: bool = False) -> int:
        """Send manifest, price books and new whole lines; return how many bytes of lines.

        Args:
            is_mine: Whether the journal of a worker is to be sent from here.
            anew: Whether to look first at what stands there, since others send journals of this
                mirror too.

        Raises:
            SetupError: It cannot be written.
        """
        with self._turn:
            return self._push(is_mine, anew=anew)

    def _push(self, is_mine: Callable[[str], bool], *, anew: bool) -> int:
        if anew:
            self._sent.clear()
        names = [name for path in journal_paths(self.folder) if (name := worker_of(path))]
        mine = [name for name in names if FOREIGN not in name and is_mine(name)]
        self._send_manifest()
        if mine and not all(name in self._sent for name in mine):
            self._look(mine)
        return sum(self._send(name) for name in mine)

    def _look(self, names: Iterable[str]) -> None:
        """See how much of each journal stands there, and send the price books that do not."""
        sizes = self.store.sizes()
        parts = parts_of(sizes)
        for name in names:
            self._sent[name] = end_of(parts.get(Source(self.writer, name), ()))
        for book in sorted((agents_home(self.folder) / "price-books").glob("*.json")):
            path = f"{self.writer}/price-books/{book.name}"
            if path not in sizes:
                self.store.write(path, book.read_bytes())

    def _send_manifest(self) -> None:
        path = self.folder / MANIFEST
        if path.is_file() and (content := path.read_bytes()) != self._manifest:
            self.store.write(f"{self.writer}/{MANIFEST}", content)
            self._manifest = content

    def _send(self, name: str) -> int:
        """Send what is new of a journal, in parts of whole lines."""
        begun = self._sent[name]
        with journal_path(self.folder, name).open("rb") as file:
            file.seek(begun)
            while lines := whole_lines(_stretch(file, self._most_bytes)):
                at = self._sent[name]
                path = part_path(Source(self.writer, name), at, len(lines))
                self.store.write(path, lines)
                self._sent[name] = at + len(lines)
                self.sent_bytes += len(lines)
                file.seek(self._sent[name])
        return self._sent[name] - begun

    def _bring(self, source: Source, parts: list[Part]) -> None:
        """Append to a journal here what stands there and is not here; all of it, or nothing."""
        is_own = source.writer == self.writer
        name = source.name if is_own else f"{source.name}{FOREIGN}{source.writer}"
        path = journal_path(self.folder, name)
        have = path.stat().st_size if path.exists() else 0
        wanted = list(missing(parts, have))
        if not wanted:
            return
        contents = self.store.read(each.part.path for each in wanted)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            if have:
                shutil.copyfile(path, draft)
            with draft.open("ab") as file:
                for each in wanted:
                    file.write(contents[each.part.path][each.skip :])
            draft.replace(path)
        except OSError as err:
            raise SetupError(
                f"cannot write {path}: {err.strerror or err}; free some space"
            ) from err
        finally:
            draft.unlink(missing_ok=True)

    def _bring_manifest(self, sizes: Iterable[str]) -> None:
        """Join the manifests of all machines into the one here."""
        has_own = (self.folder / MANIFEST).is_file()
        paths = [path for path in sizes if path.endswith(f"/{MANIFEST}")]
        wanted = [path for path in paths if not (has_own and path.startswith(self.writer))]
        contents = self.store.read(wanted)
        foreign = [
            read_foreign(each, f"{self.store.url}/{path}") for path, each in contents.items()
        ]
        if foreign:
            mine = read_manifest(self.folder) if has_own else None
            whole = joined(foreign, mine, name=self.store.url)
            if whole != mine:
                write_manifest(self.folder, whole)

    def _bring_books(self, sizes: Iterable[str]) -> None:
        for path in sizes:
            match = _BOOK.fullmatch(path)
            book = agents_home(self.folder) / "price-books" / (match[1] if match else "")
            if match is not None and not book.exists():
                book.parent.mkdir(parents=True, exist_ok=True)
                book.write_bytes(self.store.read([path])[path])


def _stretch(file: BinaryIO, most_bytes: int) -> bytes:
    """Return the next bytes of a journal; of a longer line than usual, all of it."""
    content = file.read(most_bytes)
    return content if b"\n" in content or len(content) < most_bytes else content + file.readline()


def _writer(folder: Path, url: str) -> str:
    """Return the name that a mirror writes under: drawn once, so that no two machines share it."""
    path = folder / _ABOUT
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            draft = path.with_name(f"{_ABOUT}.{os.getpid()}.{secrets.token_hex(4)}")
            told = {"url": url, "writer": secrets.token_hex(4)}
            draft.write_text(json.dumps(told) + "\n", encoding="utf-8")
            try:
                os.link(draft, path)  # whole, and never over another process's
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return str(json.loads(path.read_text(encoding="utf-8"))["writer"])
    except (OSError, ValueError, KeyError) as err:
        raise SetupError(
            f"cannot use {path}: {err}; set SONDE_HOME to a folder that you may write to"
        ) from err
