"""A folder behind a URL, in any file system that fsspec knows; each file is written whole."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import urlsplit

from ...records.errors import SetupError
from ...records.extras import install_hint

_WAITS_S = (0.5, 1.0, 2.0, 4.0)
"""Seconds before each further try of what failed."""
_LONGEST_S = 15.0
"""Seconds after which nothing is tried again: some file systems try for long themselves."""
_HOPELESS = (PermissionError, NotImplementedError, FileNotFoundError)
"""What no further try mends."""
_AT_A_TIME = 64
"""Files that are read at one time, where the file system can."""
_T = TypeVar("_T")


class _FileSystem(Protocol):
    """What is used of a file system of fsspec."""

    def invalidate_cache(self) -> None: ...
    def ls(self, path: str, *, detail: bool) -> list[str]: ...
    def find(self, path: str, *, detail: bool) -> Mapping[str, Mapping[str, Any]]: ...
    def cat(self, path: list[str]) -> Mapping[str, bytes]: ...
    def cat_file(self, path: str) -> bytes: ...
    def pipe_file(self, path: str, value: bytes) -> None: ...
    def makedirs(self, path: str, exist_ok: bool) -> None: ...


def is_url(name: str) -> bool:
    """Return whether a name is a URL rather than a path.

    >>> is_url("s3://bucket/run"), is_url("runs/gaia")
    (True, False)
    """
    return "://" in name


def shown_url(url: str) -> str:
    """Return a URL as it may be shown and kept: without its password.

    >>> shown_url("sftp://ann:secret@host/runs")
    'sftp://ann:***@host/runs'
    """
    password = urlsplit(url).password
    return url if not password else url.replace(f":{password}@", ":***@", 1)


class Store:
    """The folder behind a URL. Every failure is a `SetupError` that names the URL and the cause."""

    def __init__(
        self,
        url: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open it; nothing is read or written yet.

        Args:
            url: Its URL, such as `s3://bucket/run`.
            sleep: Waits between tries.
            clock: Seconds, from any zero.

        Raises:
            SetupError: A package is missing, or the URL cannot be understood.
        """
        self.address = url.rstrip("/")
        """Its URL, with a password where it has one."""
        self.url = shown_url(self.address)
        """Its URL as it may be shown."""
        self._sleep = sleep
        self._clock = clock
        self._folders: set[str] = set()
        self._files, self._root = _opened(self.address, shown=self.url)

    @property
    def _is_object_store(self) -> bool:
        """Whether it has no folders, and serves several requests at a time."""
        return bool(getattr(self._files, "async_impl", False))

    def sizes(self) -> dict[str, int]:
        """Return everything that stands there, by its path from here, with its bytes.

        Raises:
            SetupError: It cannot be listed.
        """
        found = self._tried("list", self._listed)
        start = len(self._root)
        return {
            name[start:].lstrip("/"): int(about.get("size") or 0) for name, about in found.items()
        }

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return what stands under some paths.

        Raises:
            SetupError: One cannot be read.
        """
        names = list(paths)
        if not self._is_object_store:
            return {name: self._read(name) for name in names}
        batches = (names[at : at + _AT_A_TIME] for at in range(0, len(names), _AT_A_TIME))
        return {name: content for batch in batches for name, content in self._read_all(batch)}

    def write(self, path: str, content: bytes) -> None:
        """Write something, in place of what stands there.

        Raises:
            SetupError: It cannot be written.
        """
        place = f"{self._root}/{path}"
        folder = place.rpartition("/")[0]

        def pipe() -> None:
            if not self._is_object_store and folder not in self._folders:
                self._files.makedirs(folder, exist_ok=True)
            self._files.pipe_file(place, content)
            self._folders.add(folder)

        self._tried(f"write {path} to", pipe)

    def _read(self, path: str) -> bytes:
        return self._tried(
            f"read {path} from", lambda: self._files.cat_file(f"{self._root}/{path}")
        )

    def _read_all(self, names: list[str]) -> Iterable[tuple[str, bytes]]:
        """Return several files, which a file system of that kind brings at one time."""
        places = [f"{self._root}/{name}" for name in names]
        found = self._tried("read from", lambda: self._files.cat(places))
        start = len(self._root) + 1
        return [(place[start:], content) for place, content in found.items()]

    def _listed(self) -> Mapping[str, Mapping[str, Any]]:
        self._files.invalidate_cache()
        try:
            self._files.ls(self._root, detail=False)  # `find` takes what it cannot list for empty
        except FileNotFoundError:
            return {}
        return self._files.find(self._root, detail=True)

    def _tried(self, what: str, action: Callable[[], _T]) -> _T:
        """Return what an action returns, tried again a few times where it fails."""
        until = self._clock() + _LONGEST_S
        for wait_s in (*_WAITS_S, None):
            try:
                return action()
            except Exception as err:  # each file system has errors of its own
                is_hopeless = isinstance(err, _HOPELESS) or self._clock() > until
                if wait_s is None or is_hopeless:
                    raise SetupError(
                        f"cannot {what} {self.url}: {_told(err)}; see to the network, the "
                        "address and what you may do there"
                    ) from err
                self._sleep(wait_s)
                self._open_again()
        raise AssertionError("the last try returns or raises")

    def _open_again(self) -> None:
        """Connect anew where the file system keeps one connection, which may be what has failed."""
        if not self._is_object_store:
            self._files, self._root = _opened(self.address, shown=self.url, is_new=True)


def _opened(url: str, *, shown: str, is_new: bool = False) -> tuple[_FileSystem, str]:
    try:
        import fsspec.core  # here: it is an extra
    except ImportError as err:
        raise SetupError(f"{shown} needs: {install_hint('remote')}") from err
    try:
        files, root = cast(Any, fsspec.core).url_to_fs(url, skip_instance_cache=is_new)
    except ImportError as err:
        raise SetupError(f"cannot open {shown}: {err} (with pip, beside sonde)") from err
    except Exception as err:
        raise SetupError(
            f"cannot open {shown}: {_told(err)}; write a URL that fsspec knows, such as "
            "s3://BUCKET/RUN, gs://BUCKET/RUN, sftp://HOST/FOLDER or file:///FOLDER"
        ) from err
    return cast(_FileSystem, files), str(root).rstrip("/")


def _told(err: Exception) -> str:
    return f"{type(err).__name__}: {err}" if str(err) else type(err).__name__
