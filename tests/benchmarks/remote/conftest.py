"""URLs of real file systems: memory, a folder, and one that fails."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

pytest.importorskip("fsspec")
sys.path.insert(0, str(Path(__file__).parent))

import fsspec
from flaky import FlakyFiles
from fsspec.implementations.memory import MemoryFileSystem


@pytest.fixture(autouse=True)
def empty_memory() -> Iterator[None]:
    """Forget what stood in memory."""
    cast(Any, fsspec).register_implementation("flaky", FlakyFiles, clobber=True)
    yield
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]
    FlakyFiles.store.clear()
    FlakyFiles.pseudo_dirs[:] = [""]
    FlakyFiles.failures = FlakyFiles.writes = 0
    FlakyFiles.error = ConnectionError("the line is down")


@pytest.fixture(params=["memory", "file"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A folder that is not there yet."""
    return f"{request.param}://{tmp_path}/store/run"
