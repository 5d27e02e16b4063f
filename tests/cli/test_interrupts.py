"""Ctrl-C and SIGTERM: the run stops where it can go on, and its id is told."""

import asyncio
import re
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sonde.cli.interrupts import Interrupts

if TYPE_CHECKING:
    import subprocess

    from .conftest import ModelServer, Sonde

    Command = Callable[..., subprocess.Popen[bytes]]

QUESTION = "When was the bathyscaphe Trieste launched?"
ANSWER = "<report>r</report><answer>26 August 1953</answer>"
SIGNALS = [signal.SIGINT, signal.SIGTERM]


@pytest.mark.parametrize("sent", SIGNALS)
def test_a_signal_ends_with_130_and_the_run_goes_on_later(
    command: "Command",
    sonde: "Sonde",
    corpus: Path,
    model_server: "ModelServer",
    sent: signal.Signals,
) -> None:
    model = ("-m", "openai:tiny", "--base-url", model_server.url)
    with command("ask", QUESTION, "--corpus", corpus, *model) as process:
        assert model_server.was_asked.wait(60)
        process.send_signal(sent)
        _, err = process.communicate(timeout=60)
    found = re.search(rb"sonde: interrupted; go on with: sonde resume (\S+)\n", err)

    assert process.returncode == 130
    assert found is not None
    run_id = found.group(1).decode()
    assert "interrupted" in sonde("runs", "list").out
    assert "sonde resume" in sonde("runs", "show", run_id).err
    model_server.replies.append(ANSWER)
    code, out, _ = sonde("resume", run_id)
    assert code == 0
    assert out.startswith("26 August 1953\n")
    assert "price unknown" in out


def test_a_second_signal_ends_at_once(
    command: "Command", corpus: Path, model_server: "ModelServer"
) -> None:
    model = ("-m", "openai:tiny", "--base-url", model_server.url)
    with command("ask", QUESTION, "--corpus", corpus, *model) as process:
        assert model_server.was_asked.wait(60)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)

    assert process.returncode == 130


def test_a_run_under_way_is_listed_and_neither_resumed_nor_deleted(
    command: "Command", sonde: "Sonde", corpus: Path, model_server: "ModelServer", home: Path
) -> None:
    model = ("-m", "openai:tiny", "--base-url", model_server.url)
    with command("ask", QUESTION, "--corpus", corpus, *model) as process:
        assert model_server.was_asked.wait(60)
        (run,) = (home / "runs").iterdir()
        listed = sonde("runs", "list")
        resumed = sonde("resume", run.name)
        removed = sonde("runs", "rm", run.name, "--yes")
        shown = sonde("runs", "show", run.name)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)

    assert "running" in listed.out
    assert (resumed.code, removed.code, shown.code) == (2, 2, 2)
    assert "another process" in resumed.err
    assert "under way; stop it first" in removed.err
    assert "still under way" in shown.err
    assert run.is_dir()


def test_a_signal_that_another_thread_receives_is_heard_while_the_loop_waits() -> None:
    def receive() -> None:
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

    async def work() -> None:
        threading.Timer(0.2, receive).start()  # by then the loop waits
        asyncio.get_running_loop().call_later(20, woken.append, "by the clock")
        await asyncio.Event().wait()

    told: list[str] = []
    woken: list[str] = []
    with Interrupts(lambda: told.append("stopping")) as interrupts:
        before = signal.set_wakeup_fd(-1)
        signal.set_wakeup_fd(before)
        with pytest.raises(asyncio.CancelledError):
            interrupts.run(work())

    assert (told, woken) == (["stopping"], [])
    assert interrupts.was_asked
    assert signal.set_wakeup_fd(before) == before
