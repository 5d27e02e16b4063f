"""A real server behind the URL, with folders and errors of its own: FTP on this machine."""

import importlib.util
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sonde.benchmarks.remote.mirror import Mirror
from sonde.benchmarks.remote.store import Store
from sonde.benchmarks.runner.places import journal_path
from sonde.memory.home import Home

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.skipif(not importlib.util.find_spec("pyftpdlib"), reason="needs pyftpdlib"),
]


@contextmanager
def _serving(folder: Path, port: int) -> Generator[None]:
    """Serve a folder until the end of the block."""
    command = [sys.executable, "-m", "pyftpdlib", "-i", "127.0.0.1", "-p", str(port), "-w"]
    with subprocess.Popen(
        [*command, "-u", "ann", "-P", "secret", "-d", str(folder)],
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert any("starting FTP server" in line for line in server.stderr or ())
            yield
        finally:
            server.kill()


@pytest.fixture
def port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_run_goes_over_a_server_from_one_machine_to_another(tmp_path: Path, port: int) -> None:
    url, served = f"ftp://ann:secret@127.0.0.1:{port}/runs/one", tmp_path / "served"
    served.mkdir()
    with _serving(served, port):
        one = Mirror.of(url, Home(tmp_path / "one"))
        journal_path(one.folder, "main").write_text("first\n", encoding="utf-8")
        one.pull()  # of nothing
        assert one.push() == 6
    with journal_path(one.folder, "main").open("a", encoding="utf-8") as file:
        file.write("second\n")
    with _serving(served, port):  # the first connection is dead
        assert one.push() == 7
        two = Mirror.of(url, Home(tmp_path / "two"))
        two.pull()
        brought = journal_path(two.folder, f"main~{one.writer}")
        assert brought.read_text("utf-8") == "first\nsecond\n"
        assert "secret" not in one.store.url + str(one.folder)
        assert len(Store(url).sizes()) == 2
