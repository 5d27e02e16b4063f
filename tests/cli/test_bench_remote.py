"""Benchmark commands whose runs are kept behind a URL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fsspec")

from fsspec.implementations.memory import MemoryFileSystem

from sonde.cli.main import main

_URL = "memory://bench/dives"


@pytest.fixture(autouse=True)
def empty_store() -> Iterator[None]:
    """What stands in memory is gone after each test."""
    yield
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]


def _run(suite: Path, *options: str) -> int:
    return main(["bench", "run", str(suite), "--agent", "extractive", "-q", *options])


def test_a_run_behind_a_url_is_resumed_told_and_asked_from_another_machine(
    suite: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _run(suite, "--limit", "1", "--out", _URL) == 0
    assert capsys.readouterr().out.startswith(f"{_URL}: 1 of 1 done")
    assert not (tmp_path / "memory:").exists()
    monkeypatch.setenv("SONDE_HOME", str(tmp_path / "another-machine"))
    assert _run(suite, "--out", _URL) == 0
    assert main(["bench", "resume", _URL]) == 0
    assert f"{_URL}: nothing to do; 2 of 2 done" in capsys.readouterr().out
    assert main(["bench", "score", _URL, "--scorer", "hotpot"]) == 0
    monkeypatch.setenv("SONDE_HOME", str(tmp_path / "third-machine"))
    assert main(["bench", "pareto", f"{_URL}:extractive"]) == 0
    assert "2 tasks" in capsys.readouterr().out
    assert main(["bench", "export", _URL, "--submission", "answers.jsonl"]) == 0
    assert "of 2 tasks have an answer" in capsys.readouterr().out
    assert main(["sql", "SELECT count(*) AS n FROM attempts", "--bench", _URL, "--csv"]) == 0
    assert capsys.readouterr().out == "n\n2\n"


def test_shards_behind_urls_are_merged_into_a_folder_or_a_url(
    suite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in ("1/2", "2/2"):
        assert _run(suite, "--shard", number, "--out", f"memory://part-{number[0]}") == 0
    for out in ("merged", "memory://merged"):
        assert main(["bench", "merge", "memory://part-1", "memory://part-2", "--out", out]) == 0
        assert f"{out}: extractive: 2 of 2 attempts" in capsys.readouterr().out
    assert main(["bench", "merge", "memory://part-1", "merged", "--out", "memory://more"]) == 2
    assert "hold the same attempts" in capsys.readouterr().err


def test_what_no_url_holds_is_told_with_the_next_step(
    suite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["resume"], ["score"], ["report"], ["reprice"]):
        assert main(["bench", *command, "memory://nothing"]) == 2
        assert "begin one: sonde bench run SUITE --agent NAME --out memory://" in (
            capsys.readouterr().err
        )
    assert _run(suite, "--out", "nowhere://x") == 2
    assert "Protocol not known: nowhere; write a URL that fsspec knows" in capsys.readouterr().err
