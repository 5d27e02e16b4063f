"""A file system in memory that fails now and then, and counts what it is asked."""

from typing import Any, cast

from fsspec.implementations.memory import MemoryFileSystem


class FlakyFiles(MemoryFileSystem):
    """`flaky://`: the next `failures` writes fail."""

    protocol = "flaky"
    store: dict[str, Any] = {}  # noqa: RUF012 -- shared on purpose, as its parent's
    pseudo_dirs: list[str] = [""]  # noqa: RUF012
    failures = 0
    error: Exception = ConnectionError("the line is down")
    writes = 0

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **kwargs: Any) -> None:
        """Write, or fail."""
        cls = type(self)
        cls.writes += 1
        if cls.failures:
            cls.failures -= 1
            raise cls.error
        cast(Any, super()).pipe_file(path, value, mode=mode, **kwargs)
