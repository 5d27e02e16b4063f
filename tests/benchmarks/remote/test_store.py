"""The folder behind a URL, over real file systems of fsspec."""

import sys

import pytest
from flaky import FlakyFiles

from sonde.benchmarks.remote.store import Store
from sonde.records.errors import SetupError


def test_what_is_written_is_listed_and_read(url: str) -> None:
    store = Store(url)
    assert store.sizes() == {}
    store.write("a/one.txt", b"first")
    store.write("a/one.txt", b"second")
    store.write("a/b/two.txt", b"")
    assert Store(url + "/").sizes() == {"a/one.txt": 6, "a/b/two.txt": 0}
    assert store.read(["a/one.txt", "a/b/two.txt"]) == {"a/one.txt": b"second", "a/b/two.txt": b""}


def test_what_fails_is_tried_again_with_longer_and_longer_waits() -> None:
    waits: list[float] = []
    store = Store("flaky://run", sleep=waits.append)
    FlakyFiles.failures = 3
    store.write("a", b"x")
    assert (waits, FlakyFiles.writes) == ([0.5, 1.0, 2.0], 4)
    assert store.read(["a"]) == {"a": b"x"}


def test_what_keeps_failing_is_told_after_five_tries() -> None:
    store = Store("flaky://run", sleep=lambda _: None)
    FlakyFiles.failures = 99
    with pytest.raises(
        SetupError, match="cannot write a to flaky://run: ConnectionError: the line"
    ):
        store.write("a", b"x")
    assert FlakyFiles.writes == 5


def test_a_file_system_that_tries_for_long_itself_is_not_asked_again_and_again() -> None:
    times = iter([0.0, 10.0, 20.0])
    store = Store("flaky://run", sleep=lambda _: None, clock=lambda: next(times))
    FlakyFiles.failures = 99
    with pytest.raises(SetupError, match="the line is down"):
        store.write("a", b"x")
    assert FlakyFiles.writes == 2


def test_what_is_not_allowed_is_not_tried_again() -> None:
    store = Store("flaky://run", sleep=lambda _: None)
    FlakyFiles.failures, FlakyFiles.error = 99, PermissionError("not yours")
    with pytest.raises(SetupError, match="see to the network, the address and what you may do"):
        store.write("a", b"x")
    assert FlakyFiles.writes == 1


def test_a_missing_package_and_an_unknown_kind_of_url_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(SetupError, match="Protocol not known: nowhere; write a URL that fsspec"):
        Store("nowhere://x")
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(
        SetupError, match=r"sftp://me:\*\*\*@host/x needs: pip install 'sonde\[remo"
    ):
        Store("sftp://me:secret@host/x")
