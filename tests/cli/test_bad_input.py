"""Bad input: one clear line on stderr, the right exit code, no traceback."""

import os
import resource
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sonde.memory.home import Home

if TYPE_CHECKING:
    import subprocess

    from .conftest import Sonde

    Command = Callable[..., subprocess.Popen[bytes]]

PROGRAM = b"\x7fELF\x02\x01\x01" + bytes(200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One bad input; `{corpus}` is a good corpus, `{folder}` holds the files of the row."""

    arguments: Sequence[str]
    says: str
    """Part of the line."""
    files: tuple[tuple[str, bytes | None], ...] = ()
    """Files by name; None makes a folder."""
    code: int = 2


GOOD = ("--corpus", "{corpus}")
ROWS = {
    "missing corpus": Row(
        arguments=("ask", "q", "--corpus", "{folder}/nowhere"), says="there is no file or folder"
    ),
    "missing file beside a good corpus": Row(
        arguments=("ask", "q", *GOOD, "-f", "{folder}/gone.txt"), says="check the path"
    ),
    "empty folder": Row(
        arguments=("ask", "q", "--corpus", "{folder}/empty"),
        files=(("empty", None),),
        says="holds no readable document",
    ),
    "empty file": Row(
        arguments=("ask", "q", "--corpus", "{folder}/empty.txt"),
        files=(("empty.txt", b""),),
        says="holds no text",
    ),
    "program that is named a text": Row(
        arguments=("ask", "q", "--corpus", "{folder}/liar.txt"),
        files=(("liar.txt", PROGRAM),),
        says="cannot be searched",
    ),
    "program that is named a PDF": Row(
        arguments=("index", "add", "{folder}/liar.pdf"),
        files=(("liar.pdf", PROGRAM),),
        says="cannot be searched",
    ),
    "half a PDF": Row(
        arguments=("index", "add", "{folder}/half.pdf"),
        files=(("half.pdf", b"%PDF-1.4 nothing more"),),
        says="cannot be searched",
    ),
    "nothing to search and no model": Row(arguments=("ask", "q"), says="--corpus PATH"),
    "empty question": Row(arguments=("ask", "", *GOOD), says="the question is empty"),
    "blank question": Row(arguments=("ask", " \n\t", *GOOD), says="the question is empty"),
    "question of control characters": Row(
        arguments=("ask", "\x1b\x07\x00"[:2], *GOOD), says="the question is empty"
    ),
    "question of 100,000 characters": Row(
        arguments=("ask", "a" * 100_000, *GOOD), says="100,000 characters, over the limit"
    ),
    "token limit below one round": Row(
        arguments=("ask", "q", *GOOD, "-q", "--max-tokens", "5"),
        says="too small for one round and an answer",
    ),
    "token limit that is no number": Row(
        arguments=("ask", "q", *GOOD, "--max-tokens", "many"), says="'--max-tokens'"
    ),
    "dollars below zero": Row(arguments=("ask", "q", *GOOD, "--max-usd=-1"), says="'--max-usd'"),
    "dollars without end": Row(
        arguments=("ask", "q", *GOOD, "--max-usd", "inf"), says="must be 0 or more, not inf"
    ),
    "workspace too small": Row(
        arguments=("ask", "q", *GOOD, "-q", "--workspace-tokens", "3"),
        says="too small for one round",
    ),
    "alpha out of range": Row(
        arguments=("ask", "q", *GOOD, "--alpha", "3"), says="between 0 and 1, not 3"
    ),
    "unknown memory": Row(
        arguments=("ask", "q", *GOOD, "--memory", "elephant"), says="'elephant' is not one of"
    ),
    "beliefs of a model that is not there": Row(
        arguments=("ask", "q", *GOOD, "--belief", "logprobs"),
        says="need a chat model, and none is asked here; name one (-m NAME), or take the reader's "
        "own (--belief stated)",
    ),
    "beliefs of a team": Row(
        arguments=("ask", "q", "--team", "t.yaml", "--belief", "samples"),
        says="leave out --team or --belief",
    ),
    "unknown format": Row(
        arguments=("ask", "q", *GOOD, "--format", "pdf"), says="'pdf' is not one of"
    ),
    "unknown option": Row(arguments=("ask", "q", "--nope"), says="see `sonde ask --help`"),
    "unknown command": Row(arguments=("fly",), says="'fly'; see `sonde --help`"),
    "quiet and verbose": Row(arguments=("ask", "q", *GOOD, "-q", "-v"), says="exclude each other"),
    "model without a key": Row(
        arguments=("ask", "q", "-m", "gpt-5-mini"), says="set OPENAI_API_KEY"
    ),
    "unknown provider": Row(arguments=("ask", "q", "-m", "nope:x"), says="no provider 'nope'"),
    "address that is none": Row(
        arguments=("ask", "q", "-m", "openai:x", "--base-url", "ftp://x"), says="no http address"
    ),
    "dollars for a model without a price": Row(
        arguments=(
            *("ask", "q", "-m", "openai:x", "--base-url", "http://127.0.0.1:9/v1"),
            *("--max-usd", "1"),
        ),
        says="no price is known",
    ),
    "output into no folder": Row(
        arguments=("ask", "q", *GOOD, "-o", "{folder}/none/a.md"), says="there is no folder"
    ),
    "output onto a folder": Row(
        arguments=("ask", "q", *GOOD, "-o", "{folder}"), says="is a folder"
    ),
    "show of an unknown run": Row(arguments=("runs", "show", "nope"), says="no run 'nope'"),
    "resume of an unknown run": Row(arguments=("resume", "nope"), says="no run 'nope'"),
    "trace of an unknown run": Row(arguments=("trace", "nope"), says="no run 'nope'"),
    "export of an unknown run": Row(
        arguments=("runs", "export", "nope", "-o", "{folder}/a.zip"), says="no run 'nope'"
    ),
    "nothing named to delete": Row(arguments=("runs", "rm"), says="name runs to delete"),
}


@pytest.mark.parametrize("name", ROWS)
def test_bad_input_is_one_clear_line(
    name: str, sonde: "Sonde", corpus: Path, tmp_path: Path
) -> None:
    row = ROWS[name]
    for file, data in row.files:
        path = tmp_path / file
        path.mkdir() if data is None else path.write_bytes(data)
    places = {"{corpus}": str(corpus), "{folder}": str(tmp_path)}

    code, out, err = sonde(*(_filled(each, places) for each in row.arguments))

    assert (code, out) == (row.code, "")
    assert row.says in err
    assert err.startswith("sonde: ")
    assert err.count("\n") == 1


def _filled(argument: str, places: dict[str, str]) -> str:
    for place, path in places.items():
        argument = argument.replace(place, path)
    return argument


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_an_unreadable_corpus_is_one_clear_line(sonde: "Sonde", corpus: Path) -> None:
    (corpus / "trieste.md").chmod(0)

    code, _, err = sonde("ask", "q", "--corpus", corpus / "trieste.md", "-q")

    assert code == 2
    assert err.startswith("sonde: ")


@pytest.mark.parametrize("arguments", [("ask", "q", "--corpus"), ("index", "add")])
def test_a_home_that_cannot_be_written_is_one_clear_line(
    sonde: "Sonde",
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("SONDE_HOME", str(tmp_path / "file" / "home"))

    code, out, err = sonde(*arguments, corpus)

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "set SONDE_HOME to a folder that you may write to" in err


def test_control_characters_of_a_question_reach_neither_screen_nor_model(
    sonde: "Sonde", corpus: Path
) -> None:
    code, out, err = sonde("ask", "When was the \x1b[2JTrieste\x07 launched?", "--corpus", corpus)

    assert code == 0
    assert "\x1b" not in out + err
    assert "\x07" not in out + err


def test_bytes_that_are_no_text_do_not_crash_the_command(sonde: "Sonde", corpus: Path) -> None:
    asked = sonde("ask", "When was the \udcff\udcfe Trieste launched?", "--corpus", corpus, "-v")
    lost = sonde("ask", "q", "--corpus", "/\udcff\udcfe")

    assert asked.code == 0
    assert lost.code == 2
    assert lost.err.startswith("sonde: the path b'/\\xff\\xfe' is not valid UTF-8; rename it")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_behind_stdout_is_one_clear_line_and_the_run_is_kept(
    command: "Command", corpus: Path, home: Path
) -> None:
    with (
        Path("/dev/full").open("wb") as full,
        command(
            "ask", "When was the Trieste launched?", "--corpus", corpus, "-q", stdout=full
        ) as process,
    ):
        _, err = process.communicate(timeout=60)

    assert process.returncode == 2
    assert err.startswith(b"sonde: cannot write to stdout: No space left on device")
    assert err.count(b"\n") == 1
    assert len(Home(home).list_runs()) == 1


@pytest.mark.parametrize("most_bytes", [4_096, 60_000, 100_000])
def test_a_disk_that_fills_up_is_one_clear_line_and_the_run_can_go_on(
    command: "Command", sonde: "Sonde", corpus: Path, home: Path, most_bytes: int
) -> None:
    long = "The bathyscaphe Trieste was launched in 1953. It dived often and deep. " * 600
    (corpus / "long.txt").write_text(long, encoding="utf-8")
    sonde("index", "add", corpus)
    question = ("ask", "When was the Trieste launched?", "--corpus", corpus, "-q")

    with command(*question, preexec_fn=_limit_of_files(most_bytes)) as process:
        _, err = process.communicate(timeout=60)

    assert process.returncode == 2
    assert err.startswith(b"sonde: ")
    assert err.count(b"\n") == 1
    for run in Home(home).list_runs():
        if run.journal.is_file() and run.journal.stat().st_size:
            assert sonde("resume", run.run_id, "-q").code in (0, 4)


def _limit_of_files(most_bytes: int) -> Callable[[], None]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    return limit
