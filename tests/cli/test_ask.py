"""`ask` from end to end: a question, documents, an answer."""

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sonde.cli.options import MemoryName
from sonde.memory.home import Home
from sonde.memory.policy import MemoryPolicy

if TYPE_CHECKING:
    import subprocess

    from .conftest import ModelServer, Sonde

    Command = Callable[..., subprocess.Popen[bytes]]

QUESTION = "When was the bathyscaphe Trieste launched?"
KEYS = {
    *("run_id", "question", "answer", "confidence", "confidence_set", "certificate", "citations"),
    *("set_certificate", "set_rule", "trail"),
    *("stop_reason", "rounds", "steps", "usage", "cost_usd", "cost_known", "wall_s"),
    *("warnings", "model", "cpu_s", "stop_detail"),
}
ANSWER = "<report>It is known.</report><answer>26 August 1953 [e1]</answer>"
SEARCH = (
    '<report>Nothing yet.</report><tool_call>{"name": "search_corpus", '
    '"arguments": {"queries": ["Trieste launched"]}}</tool_call>'
)


def test_a_question_is_answered_offline_with_quotes_at_their_offsets(
    sonde: "Sonde", corpus: Path
) -> None:
    code, out, _ = sonde("ask", QUESTION, "--corpus", corpus, "--format", "json")
    result = json.loads(out)

    assert code == 0
    assert result.keys() == KEYS
    assert "26 August 1953" in result["answer"]
    assert (result["stop_reason"], result["cost_usd"], result["cost_known"]) == (
        "answered",
        0.0,
        True,
    )
    assert set(result["usage"].values()) == {None, False}
    for citation in result["citations"]:
        text = Path(citation["source"]).read_text(encoding="utf-8")
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_the_answer_stands_first_and_the_bill_last(sonde: "Sonde", corpus: Path) -> None:
    code, out, err = sonde("ask", QUESTION, "--corpus", corpus)
    lines = out.splitlines()

    assert code == 0
    assert "26 August 1953" in lines[0]
    assert f"on {lines[0]} near" in out  # text for a pipe: nothing in it is markup
    assert "no model tokens" in lines[-1]
    assert "$0.00 (no model was paid) · answered · run " in lines[-1]
    assert "[1] search_corpus" in err


def test_quiet_leaves_stderr_empty(sonde: "Sonde", corpus: Path) -> None:
    assert sonde("ask", QUESTION, "--corpus", corpus, "-q").err == ""


def test_verbose_tells_of_belief_and_workspace(sonde: "Sonde", corpus: Path) -> None:
    err = sonde("ask", QUESTION, "--corpus", corpus, "-v").err

    assert "[1] workspace of " in err
    assert " bits, " in err


def test_a_question_may_come_from_stdin(
    sonde: "Sonde", corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = io.BytesIO(QUESTION.encode() + b" \xff\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data, encoding="utf-8"))
    out = sonde("ask", "-", "--corpus", corpus, "--format", "json").out

    assert json.loads(out)["question"] == f"{QUESTION} \ufffd"


def test_a_file_joins_the_corpus(sonde: "Sonde", corpus: Path, tmp_path: Path) -> None:
    page = tmp_path / "kaiko.txt"
    page.write_text("The probe Kaiko was built by Mitsui in Japan.", encoding="utf-8")

    out = sonde(
        "ask", "Who built the probe Kaiko?", "--corpus", corpus, "-f", page, "--format", "json"
    ).out

    assert str(page) in {each["source"] for each in json.loads(out)["citations"]}


def test_events_are_streamed_as_lines_of_json_that_end_with_the_result(
    sonde: "Sonde", corpus: Path
) -> None:
    events = [
        json.loads(line)
        for line in sonde("ask", QUESTION, "--corpus", corpus, "--json").out.splitlines()
    ]

    assert events[0]["type"] == "run.started"
    assert events[-1]["type"] == "run.stopped"
    assert "26 August 1953" in events[-1]["result"]["answer"]


def test_the_name_of_the_file_chooses_the_format(
    sonde: "Sonde", corpus: Path, tmp_path: Path
) -> None:
    page, data = tmp_path / "a.html", tmp_path / "a.json"

    assert sonde("ask", QUESTION, "--corpus", corpus, "-o", page).out == ""
    assert sonde("ask", QUESTION, "--corpus", corpus, "-o", data, "-q").out == ""

    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert json.loads(data.read_text(encoding="utf-8")).keys() == KEYS


def test_a_limit_ends_with_3_and_a_question_without_an_answer_with_4(
    sonde: "Sonde", corpus: Path
) -> None:
    limited = sonde("ask", QUESTION, "--corpus", corpus, "--max-rounds", "1", "--format", "json")
    unknown = sonde("ask", "Zqx wvut blorf?", "--corpus", corpus)

    assert limited.code == 3
    assert json.loads(limited.out)["stop_reason"] == "budget_rounds"
    assert unknown.code == 4
    assert unknown.out.startswith("I could not answer this from what was searched.")


def test_a_model_answers_and_its_tokens_are_on_the_bill(
    sonde: "Sonde", corpus: Path, model_server: "ModelServer", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONDE_MODEL", "openai:tiny")
    model_server.replies += [SEARCH, ANSWER]

    code, out, err = sonde("ask", QUESTION, "--corpus", corpus, "--base-url", model_server.url)

    assert code == 0
    assert out.startswith("26 August 1953 [e1]\n")
    assert "220 tokens (200 in, 20 out)" in out
    assert "price unknown" in out
    assert "220 tokens" in err


def test_a_model_that_fails_ends_with_5(sonde: "Sonde", model_server: "ModelServer") -> None:
    model_server.replies += [422] * 9

    code, out, err = sonde("ask", QUESTION, "-m", "openai:tiny", "--base-url", model_server.url)

    assert code == 5
    assert (out + err).count("HTTP 422: no; change the request as the message says") == 1
    assert "when that is mended: sonde resume" in err
    assert "Traceback" not in err


def test_a_run_at_its_limit_goes_on_with_a_larger_one(
    sonde: "Sonde", corpus: Path, home: Path
) -> None:
    limited = sonde("ask", QUESTION, "--corpus", corpus, "--max-rounds", "1", "--format", "json")
    run_id = json.loads(limited.out)["run_id"]

    same = sonde("resume", run_id)
    freed = sonde("resume", run_id, "--max-rounds", "8", "--format", "json")

    assert same.code == 3
    assert "a larger one lets it go on" in same.err
    assert (freed.code, json.loads(freed.out)["stop_reason"]) == (0, "answered")
    assert len(Home(home).list_runs()) == 1


def test_a_run_that_was_started_from_python_is_not_resumed_here(
    sonde: "Sonde", scripted_run: Callable[..., object], home: Path
) -> None:
    scripted_run(["<report>r</report><answer>yes</answer>"])
    (run,) = Home(home).list_runs()

    code, out, err = sonde("resume", run.run_id)

    assert (code, out) == (2, "")
    assert f"agent.resume({run.run_id!r})" in err


def test_a_reader_that_goes_away_ends_the_command_quietly(command: "Command", corpus: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with command("ask", QUESTION, "--corpus", corpus, "-q", stdout=writing) as process:
        os.close(writing)
        _, err = process.communicate(timeout=60)

    assert (process.returncode, err) == (141, b"")


def test_the_memory_policies_of_the_command_are_those_of_the_package() -> None:
    assert {MemoryPolicy(name) for name in MemoryName.__args__} == set(MemoryPolicy)
