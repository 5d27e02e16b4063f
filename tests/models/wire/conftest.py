"""A llama.cpp server with a tiny model of random weights, started once for all tests here."""

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sonde.models.endpoint import Attempt, Endpoint, RetrySchedule
from sonde.models.openai_compatible import OpenAICompatible
from sonde.models.openai_connection import Connection
from sonde.models.redaction import Secret

_PYTHON = Path(__file__).resolve().parents[3] / ".venv-wire/bin/python"
_START_S = 90.0
_CONTEXT = 512


class Wire:
    """The server's address, and a new model for each test."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.attempts: list[Attempt] = []

    def model(self) -> OpenAICompatible:
        """Return a model that has learned nothing of the server yet."""
        self.attempts = []
        return OpenAICompatible(
            "tiny",
            connection=Connection(base_url=self.base_url, key=Secret(""), is_direct=True),
            endpoint=Endpoint(schedule=RetrySchedule(attempts=3, base_s=0.05, total_s=60)),
            count_tokens=len,
            on_attempt=self.attempts.append,
        )


@pytest.fixture(scope="session")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """Make the model, start the server, and end it with the tests."""
    if not _PYTHON.exists():
        pytest.fail(f"there is no {_PYTHON}: `make test-wire` sets it up, and runs these tests")
    folder = tmp_path_factory.mktemp("wire")
    model = folder / "tiny.gguf"
    maker = Path(__file__).with_name("tiny_model.py")
    subprocess.run([_PYTHON, maker, model], check=True, timeout=60)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"model": model, "host": "127.0.0.1", "port": port, "n_ctx": _CONTEXT}
    options |= {"logits_all": "true", "model_alias": "tiny", "n_threads": 1}
    command = [str(_PYTHON), "-m", "llama_cpp.server"]
    command += [part for name, value in options.items() for part in (f"--{name}", str(value))]
    with (
        (folder / "log").open("w", encoding="utf-8") as log,
        subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT) as server,
    ):
        try:
            _await_start(f"http://127.0.0.1:{port}", server, folder / "log")
            yield Wire(f"http://127.0.0.1:{port}/v1")
        finally:
            server.terminate()
            server.wait(timeout=20)


def _await_start(root: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx.get(f"{root}/v1/models", timeout=5, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"the server did not start; its last words: {log.read_text()[-2_000:]}")
