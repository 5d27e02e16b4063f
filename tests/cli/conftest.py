"""The command in a home of its own, a small corpus, and a model server on 127.0.0.1."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from sonde.agents.agent import Agent
from sonde.cli.main import main
from sonde.models.scripted import ScriptedModel
from sonde.records.result import Result

DOCUMENTS = {
    "trieste.md": (
        "# Trieste\n\nThe bathyscaphe Trieste was launched on 26 August 1953 near Naples. "
        "It was designed by Auguste Piccard."
    ),
    "alvin.md": "# Alvin\n\nThe submersible Alvin was commissioned in 1964 at Woods Hole.",
    "meteor.md": "# Meteor\n\nThe ship Meteor crossed the Atlantic thirteen times.",
}
QUESTION = "When was the bathyscaphe Trieste launched?"
VARIABLES = ("SONDE_MODEL", "SONDE_READER", "OPENAI_API_KEY", "OPENAI_BASE_URL")


class Outcome(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


Sonde = Callable[..., Outcome]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("SONDE_HOME", str(folder))
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def sonde(home: Path, capsys: pytest.CaptureFixture[str]) -> Sonde:
    """Return the command, run in this process."""

    def run(*arguments: str | Path) -> Outcome:
        code = main([str(each) for each in arguments])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run


@pytest.fixture
def command(home: Path) -> Callable[..., "subprocess.Popen[bytes]"]:
    """Return the command, started as a process of its own."""

    def start(*arguments: str | bytes | Path, **options: object) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "sonde", *arguments],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "SONDE_HOME": str(home)},
            **{"stdout": subprocess.PIPE, **options},  # pyright: ignore[reportArgumentType, reportCallIssue] -- options of Popen
        )

    return start


@pytest.fixture
def scripted_run(home: Path, corpus: Path) -> Callable[[Sequence[str]], Result]:
    """Return what makes a finished run in the home, with a model that follows a script."""

    def make(replies: Sequence[str]) -> Result:
        agent = Agent(ScriptedModel(replies), corpus=corpus, home=home, environ={})
        return agent.run(QUESTION)

    return make


class ModelServer:
    """Answers chat completions with the texts it was given; with None it never answers."""

    def __init__(self) -> None:
        self.replies: list[str | int | None] = []
        """What comes next: a text, a status, or silence."""
        self.was_asked = threading.Event()
        self.is_over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                outer.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request by the script."""
        self.was_asked.set()
        reply = self.replies.pop(0) if self.replies else None
        if reply is None:
            self.is_over.wait(60)
            return
        is_text = isinstance(reply, str)
        data = json.dumps(_completion(reply) if is_text else {"error": "no"}).encode()
        handler.send_response(200 if is_text else reply)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def close(self) -> None:
        """Stop serving."""
        self.is_over.set()
        self._server.shutdown()
        self._server.server_close()


def _completion(text: str) -> Mapping[str, object]:
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": text},
    }
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    return {"id": "1", "object": "chat.completion", "created": 1, "model": "tiny"} | {
        "choices": [choice],
        "usage": usage,
    }


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    server = ModelServer()
    yield server
    server.close()


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A suite of two tasks with a corpus beside it, and a home."""
    monkeypatch.setenv("SONDE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "dives.jsonl"
    rows = [
        {"id": "a", "input": "Who designed the Trieste?", "target": "Auguste Piccard"},
        {"id": "b", "input": "In which year was Alvin commissioned?", "target": "1964"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    documents = tmp_path / "corpus"
    documents.mkdir()
    (documents / "trieste.md").write_text(
        "# Trieste\n\nThe bathyscaphe Trieste was designed by Auguste Piccard.", encoding="utf-8"
    )
    (documents / "alvin.md").write_text(
        "# Alvin\n\nThe submersible Alvin was commissioned in 1964.", encoding="utf-8"
    )
    return path
