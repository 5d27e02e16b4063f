"""Which files a set of paths holds."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ...records.errors import SetupError
from .summary import SkippedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """One path that the user gave."""

    given: Path
    """The path as given; what people are shown starts with it."""
    resolved: Path
    """The same, absolute and without links: what the index knows it by."""

    @property
    def key(self) -> str:
        """The resolved path as text that can be stored, whatever bytes the name holds."""
        return str(self.resolved).encode("utf-8", "backslashreplace").decode()

    def shown(self, relative: str) -> str:
        """Return a file below this root as people are shown it."""
        return str(self.given / relative) if relative else str(self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """A file as it stood when the folder was listed."""

    root: Root
    """The path under which it was found."""
    relative: str
    """Its path below the root, with `/`; empty where the root is the file itself."""
    path: str
    """Where to open it."""
    size: int
    """Its length in bytes."""
    mtime_ns: int
    """When it was last changed, in nanoseconds."""

    @property
    def shown(self) -> str:
        """The file as people are shown it."""
        return self.root.shown(self.relative)

    @property
    def name(self) -> str:
        """Its name without folders."""
        return self.path.rpartition(os.sep)[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All files below a set of roots."""

    files: tuple[ListedFile, ...]
    """Files to read, in order of root and path, each real file once."""
    skipped: tuple[SkippedFile, ...]
    """What was passed over although it is not hidden."""


def resolve_roots(paths: Sequence[Path]) -> tuple[Root, ...]:
    """Return the roots of these paths in a stable order, each real path once.

    Raises:
        SetupError: No path was given, or one does not exist or is no file or folder.
    """
    if not paths:
        raise SetupError("a corpus needs at least one path; give a file or a folder")
    roots = {root.resolved: root for root in map(_resolve, reversed(paths))}
    return tuple(sorted(roots.values(), key=lambda root: root.resolved))


def digest_of(roots: Sequence[Root]) -> str:
    """Return a name for this set of roots that is fit for a folder."""
    names = b"\0".join(os.fsencode(root.resolved) for root in roots)
    return sha256(names).hexdigest()[:24]


def list_files(roots: Sequence[Root], *, without: Path) -> Listing:
    """Return the files below the roots; hidden ones and the folder `without` are left out."""
    files: dict[str, ListedFile] = {}
    skipped: list[SkippedFile] = []
    for root in roots:
        for found in _files_of(root, str(without)):
            if isinstance(found, SkippedFile):
                skipped.append(found)
            else:
                files.setdefault(found.path, found)
    return Listing(files=tuple(files.values()), skipped=tuple(skipped))


def _resolve(path: Path) -> Root:
    try:
        resolved = path.expanduser().resolve(strict=True)
        mode = resolved.stat().st_mode
    except FileNotFoundError as err:
        raise SetupError(f"there is no file or folder {str(path)!r}; check the path") from err
    except (OSError, RuntimeError) as err:
        raise SetupError(f"cannot reach {str(path)!r}: {err}; check path and permissions") from err
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        raise SetupError(f"{str(path)!r} is neither a file nor a folder; save its text to a file")
    return Root(given=path, resolved=resolved)


def _files_of(root: Root, without: str) -> Iterator[ListedFile | SkippedFile]:
    top = str(root.resolved)
    if not root.resolved.is_dir():
        now = root.resolved.stat()
        yield ListedFile(
            root=root, relative="", path=top, size=now.st_size, mtime_ns=now.st_mtime_ns
        )
        return
    folders = [top]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                ordered = sorted(entries, key=lambda entry: entry.name)
        except OSError as err:
            yield _skip(root, folder, f"the folder cannot be listed ({_plain(err)})")
            continue
        shown = [e for e in ordered if not e.name.startswith(".") and e.path != without]
        folders += [e.path for e in reversed(shown) if e.is_dir(follow_symlinks=False)]
        for entry in shown:
            if not entry.is_dir(follow_symlinks=False) and (found := _file_of(root, entry)):
                yield found


def _file_of(root: Root, entry: "os.DirEntry[str]") -> ListedFile | SkippedFile | None:
    try:
        entry.name.encode()
        now = entry.stat()
    except UnicodeEncodeError:
        return _skip(root, entry.path, "its name is not valid UTF-8; rename it")
    except FileNotFoundError:
        return _skip(root, entry.path, "a link to nothing") if entry.is_symlink() else None
    except OSError as err:
        return _skip(root, entry.path, f"cannot be reached ({_plain(err)})")
    if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root.resolved):
        return _skip(root, entry.path, "a link out of the folder; give its target as a path")
    if stat.S_ISDIR(now.st_mode):
        return None  # a link to a folder within the root, which is listed in its own place
    if not stat.S_ISREG(now.st_mode):
        return _skip(root, entry.path, "not a regular file")
    return ListedFile(
        root=root,
        relative=_below(root, entry.path),
        path=entry.path,
        size=now.st_size,
        mtime_ns=now.st_mtime_ns,
    )


def _below(root: Root, path: str) -> str:
    below = path[len(str(root.resolved)) :].lstrip(os.sep)
    return below.replace(os.sep, "/")


def _skip(root: Root, path: str, reason: str) -> SkippedFile:
    relative = _below(root, path).encode("utf-8", "backslashreplace").decode()
    return SkippedFile(path=root.shown(relative), reason=reason)


def _plain(err: OSError) -> str:
    return (err.strerror or type(err).__name__).lower()
