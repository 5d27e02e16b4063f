"""Stored runs: listed, shown, traced, packed, deleted."""

import json
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sonde.records.result import Result

if TYPE_CHECKING:
    from .conftest import Sonde

    MakeRun = Callable[[Sequence[str]], Result]

SEARCH = (
    '<report>Nothing yet.</report><belief>{"Naples": 0.6}</belief>'
    '<tool_call>{"name": "search_corpus", '
    '"arguments": {"queries": ["Trieste launched"]}}</tool_call>'
)
ANSWER = "<report>Launched in 1953.</report><answer>In 1953 [e1]</answer>"


@pytest.fixture
def run(scripted_run: "MakeRun") -> Result:
    return scripted_run([SEARCH, ANSWER])


def test_a_run_is_listed_with_state_question_answer_and_cost(sonde: "Sonde", run: Result) -> None:
    code, out, err = sonde("runs", "list")
    (entry,) = json.loads(sonde("runs", "list", "--json").out)

    assert (code, err) == (0, "")
    for cell in (run.run_id, "answered", run.question, run.answer, "unknown"):
        assert str(cell) in out
    assert (entry["run_id"], entry["state"], entry["cost_usd"]) == (run.run_id, "answered", None)


def test_an_empty_home_has_no_runs(sonde: "Sonde") -> None:
    assert sonde("runs", "list").out.startswith("no runs in ")
    assert json.loads(sonde("runs", "list", "--json").out) == []


def test_the_list_is_cut_and_says_so(sonde: "Sonde", scripted_run: "MakeRun") -> None:
    for _ in range(3):
        scripted_run([ANSWER])

    assert "1 earlier; --limit 3 shows all" in sonde("runs", "list", "-n", "2").err


def test_a_journal_that_is_gone_makes_a_run_unreadable_and_not_the_list(
    sonde: "Sonde", run: Result, home: Path
) -> None:
    (home / "runs" / run.run_id / "journal.jsonl").unlink()

    code, out, _ = sonde("runs", "list")

    assert code == 0
    assert "unreadable" in out


def test_a_run_is_shown_again_as_it_was(sonde: "Sonde", run: Result) -> None:
    shown = json.loads(sonde("runs", "show", run.run_id, "--format", "json").out)

    assert (shown["run_id"], shown["answer"]) == (run.run_id, run.answer)
    assert sonde("runs", "show", run.run_id[-6:]).out.startswith("In 1953 [e1]\n")


def test_a_trace_tells_what_was_searched_found_believed_and_decided(
    sonde: "Sonde", run: Result
) -> None:
    code, out, err = sonde("trace", run.run_id)

    assert (code, err) == (0, "")
    for words in (
        "round 1 · workspace of ",
        "decides    to go on; notes of ",
        "believes   60% Naples; none of those found ",
        "calls      search_corpus | Trieste launched",
        "e1    Trieste",
        "round 2 · ",
        "decides    to answer",
        "result\n  In 1953 [e1]",
    ):
        assert words in out


def test_a_trace_as_a_page_holds_the_same(sonde: "Sonde", run: Result, tmp_path: Path) -> None:
    page = tmp_path / "trace.html"

    assert sonde("trace", run.run_id, "--html", page).code == 0

    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "Trieste launched" in text
    assert "Launched in 1953." in text


def test_a_trace_needs_the_evidence(sonde: "Sonde", run: Result, home: Path) -> None:
    (home / "runs" / run.run_id / "evidence.db").unlink()

    code, _, err = sonde("trace", run.run_id)

    assert code == 2
    assert "has lost its evidence store" in err


@pytest.mark.parametrize("name", ["run.zip", "run.tar.gz"])
def test_an_export_holds_journal_result_and_a_whole_evidence_store(
    sonde: "Sonde", run: Result, tmp_path: Path, name: str
) -> None:
    archive, unpacked = tmp_path / name, tmp_path / "unpacked"

    assert sonde("runs", "export", run.run_id, "-o", archive).code == 0

    _unpack(archive, unpacked)
    folder = unpacked / run.run_id
    names = {path.name for path in folder.iterdir()}
    assert names == {"journal.jsonl", "result.json", "evidence.db"}
    with closing(sqlite3.connect(folder / "evidence.db")) as evidence:
        assert evidence.execute("SELECT count(*) FROM page").fetchone()[0] > 0


def _unpack(archive: Path, folder: Path) -> None:
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder)
    else:
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")


def test_an_export_replaces_a_file_only_by_force(
    sonde: "Sonde", run: Result, tmp_path: Path
) -> None:
    archive = tmp_path / "run.zip"
    archive.write_bytes(b"mine")

    refused = sonde("runs", "export", run.run_id, "-o", archive)
    kept = archive.read_bytes()
    forced = sonde("runs", "export", run.run_id, "-o", archive, "--force")

    assert (refused.code, kept, forced.code) == (2, b"mine", 0)
    assert "--force" in refused.err
    assert zipfile.is_zipfile(archive)


def test_an_export_needs_the_name_of_an_archive(
    sonde: "Sonde", run: Result, tmp_path: Path
) -> None:
    assert (
        "let it end in .zip or .tar.gz"
        in sonde("runs", "export", run.run_id, "-o", tmp_path / "run.txt").err
    )
    assert list(tmp_path.glob("run*")) == []


def test_a_run_is_deleted_only_when_somebody_says_yes(
    sonde: "Sonde", run: Result, home: Path
) -> None:
    folder = home / "runs" / run.run_id

    unasked = sonde("runs", "rm", run.run_id)
    stands = folder.is_dir()
    told = sonde("runs", "rm", run.run_id, "--yes")

    assert (unasked.code, stands, told.code) == (2, True, 0)
    assert "give --yes" in unasked.err
    assert not folder.exists()


def test_runs_are_deleted_by_their_age(sonde: "Sonde", run: Result, home: Path) -> None:
    young = sonde("runs", "rm", "--older-than", "1", "--yes")
    old = sonde("runs", "rm", "--older-than", "0", "--yes")

    assert "no run is older than 1 days" in young.err
    assert "deleted 1 run" in old.err
    assert list((home / "runs").iterdir()) == []


def test_settings_that_cannot_be_read_are_one_clear_line(
    sonde: "Sonde", run: Result, home: Path
) -> None:
    journal = home / "runs" / run.run_id / "journal.jsonl"
    text = journal.read_text(encoding="utf-8")
    journal.write_text(text.replace('"memory":"workspace"', '"memory":"elephant"'), "utf-8")

    code, out, err = sonde("resume", run.run_id)

    assert (code, out) == (2, "")
    assert err.startswith(f"sonde: the settings of run {run.run_id} cannot be read")
