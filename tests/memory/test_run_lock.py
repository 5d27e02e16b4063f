"""One process a run."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sonde.memory.home import Home, RunFolder
from sonde.memory.run_lock import RunLock, is_locked
from sonde.records.errors import SetupError


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[RunFolder]:
    yield Home(tmp_path).new_run()


def test_a_lock_is_held_until_it_is_closed(folder: RunFolder) -> None:
    assert not is_locked(folder)
    with closing(RunLock(folder)):
        assert is_locked(folder)
        with pytest.raises(SetupError, match="another process"):
            RunLock(folder)
    assert not is_locked(folder)
    RunLock(folder).close()


def test_a_folder_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="permissions and free space"):
        RunLock(RunFolder(tmp_path / "missing"))


def test_a_damaged_lock_file_says_what_to_do(folder: RunFolder) -> None:
    folder.lock.write_bytes(b"not a database at all" * 100)
    with pytest.raises(SetupError, match="cannot write to the run's folder"):
        RunLock(folder)
    assert not is_locked(folder)
