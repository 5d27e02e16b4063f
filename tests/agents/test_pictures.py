"""Pictures that a model is shown: in every round, within the budget, and only on demand."""

import asyncio
import json
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from sonde.agents.agent import Agent
from sonde.agents.pictures import MOST_BYTES, read_pictures
from sonde.cli.main import app
from sonde.costs.budget import Budget
from sonde.memory.journal import read_journal
from sonde.models.recorded import RecordedModel
from sonde.models.scripted import ScriptedModel
from sonde.records.errors import SetupError
from sonde.records.events import ModelCallStarted
from sonde.records.messages import ChatRequest, Message

_SERVER = Path(__file__).parents[1] / "models" / "loopback" / "server.py"
_LOOK = (
    "<report>Nothing yet.</report>"
    '<tool_call>{"name": "calculate", "arguments": {"expression": "1 + 1"}}</tool_call>'
)
_ANSWER = "<report>Seen.</report><belief>a cat: 95%</belief><answer>a cat</answer>"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return _picture(tmp_path / "cat.png", side=1024)


@pytest.fixture
def service() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, str(_SERVER), "--seconds", "60", "--requests", "50"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{json.loads(server.stdout.readline())['port']}/s/see"
        server.communicate(timeout=10)


def _picture(path: Path, *, side: int) -> Path:
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", side, side) + bytes(9))
    return path


def _script(service: str, *texts: str) -> None:
    steps = [{"do": "ok", "text": text} for text in texts]
    with httpx.Client(trust_env=False, timeout=10) as client:
        client.put(f"{service}/script", json=steps).raise_for_status()


def _asked(service: str) -> list[str]:
    """Return the bodies that the server was sent, as JSON."""
    with httpx.Client(trust_env=False, timeout=10) as client:
        logged = client.get(f"{service}/log").raise_for_status().json()
    return [json.dumps(each) for each in logged["requests"]]


@pytest.mark.parametrize("protocol", ["text", "native"])
def test_every_round_shows_the_picture_after_the_question(
    home: Path, picture: Path, protocol: str
) -> None:
    model = ScriptedModel([_LOOK if protocol == "text" else "<report>-</report>", _ANSWER, _ANSWER])
    agent = Agent(model, images=[picture], tool_protocol=protocol, home=home, environ={})  # pyright: ignore[reportArgumentType] -- a str of the two
    agent.run("What is it?")
    shown = [[len(one.images) for one in request.messages][:2] for request in model.requests]
    assert len(shown) >= 2
    assert all(each == [0, 1] for each in shown)


def test_the_command_sends_the_picture_in_each_round_only_where_it_is_asked_to(
    home: Path, picture: Path, service: str
) -> None:
    _script(service, _LOOK, _ANSWER, _ANSWER)
    command = ["ask", "What is it?", "-f", str(picture), "-m", "openai:tiny", "-q"]
    command += ["--base-url", f"{service}/v1"]
    environ = {"SONDE_HOME": str(home)}
    seen = CliRunner().invoke(app, [*command, "--vision"], env=environ)
    assert seen.exit_code == 0, seen.output
    bodies = _asked(service)
    part = read_pictures([picture])[0].data_url
    assert len(bodies) == 2
    assert all(body.count(part) == 1 and "image_url" in body for body in bodies)
    CliRunner().invoke(app, command, env=environ)
    assert part not in _asked(service)[-1]


def test_the_budget_counts_the_picture_and_refuses_what_it_cannot_bear(
    home: Path, picture: Path
) -> None:
    def worst(*images: Path) -> int:
        agent = Agent(ScriptedModel([_ANSWER]), images=images, home=home, environ={}, seed=1)
        run = agent.home.run(agent.run("What is it?").run_id)
        events = read_journal(run.journal).events
        return next(one.worst_tokens for one in events if isinstance(one, ModelCallStarted))

    assert worst(picture) - worst() == 765
    least = _least_tokens(home)
    with pytest.raises(SetupError, match="too small for one round"):
        _run_within(least, home, picture)
    _run_within(least, home)


def _least_tokens(home: Path) -> int:
    with pytest.raises(SetupError, match=r"Budget\(tokens=") as refused:
        _run_within(100, home)
    return int(str(refused.value).split("Budget(tokens=")[1].split(")")[0])


def _run_within(tokens: int, home: Path, *images: Path) -> None:
    model = ScriptedModel([_ANSWER] * 3)
    agent = Agent(model, images=images, budget=Budget(tokens=tokens), home=home, environ={})
    agent.run("What is it?")


def test_what_cannot_be_shown_is_refused(home: Path, tmp_path: Path, picture: Path) -> None:
    text = tmp_path / "text.png"
    text.write_text("no picture", encoding="utf-8")
    large = _picture(tmp_path / "large.png", side=9)
    with large.open("ab") as handle:
        handle.truncate(MOST_BYTES + 1)
    wrong = ([text], "give a PNG"), ([large], "larger than 5 MiB"), ([picture] * 9, "9 pictures")
    for paths, why in (*wrong, ([tmp_path / "none.png"], "check the path")):
        with pytest.raises(SetupError, match=why):
            read_pictures(paths)
    with pytest.raises(SetupError, match="no chat model"):
        Agent(images=[picture], home=home, environ={})


def test_a_recording_tells_pictures_apart_and_holds_none(tmp_path: Path) -> None:
    paths = [_picture(tmp_path / f"{side}.png", side=side) for side in (8, 9)]
    requests = [
        ChatRequest(
            messages=(Message(role="user", content="?", images=read_pictures([path])),),
            max_output_tokens=9,
        )
        for path in paths
    ]
    folder = tmp_path / "calls"
    recorder = RecordedModel(folder, name="m", model=ScriptedModel(["eight", "nine"]))
    for request in requests:
        asyncio.run(recorder.complete(request))
    player = RecordedModel(folder, name="m")
    heard = [asyncio.run(player.complete(request)).text for request in reversed(requests)]
    assert heard == ["nine", "eight"]
    assert not any("base64" in file.read_text(encoding="utf-8") for file in folder.iterdir())
