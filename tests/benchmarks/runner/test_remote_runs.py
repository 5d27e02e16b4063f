"""Runs behind a URL: killed while they send, gone on with here and elsewhere, shared."""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("fsspec")

from remote_support import sit

from sonde.benchmarks.bench_run import BenchRun
from sonde.benchmarks.remote.place import bench_place
from sonde.benchmarks.runner.bench import BenchEnd
from sonde.benchmarks.runner.bench_journal import read_log
from sonde.benchmarks.runner.loading import load_run
from sonde.benchmarks.runner.merging import merge_runs
from sonde.benchmarks.runner.spec import Shard
from sonde.memory.home import Home
from sonde.records.errors import SetupError

_HERE = Path(__file__).parent
_SCORES = [1, 1, 1, 1, 1, 0]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder behind the URL."""
    monkeypatch.setenv("SONDE_TEST_STORE", str(tmp_path / "store"))
    return tmp_path / "store"


def _run_from(url: str, home: Path) -> BenchRun:
    """Return the run as a machine sees it that brings it from its URL."""
    return load_run(bench_place(url, Home(home)).folder)


def _told(run: BenchRun) -> Sequence[tuple[object, ...]]:
    attempts = [*run.attempts, *run.earlier]
    return sorted((a.task_id, a.epoch, a.retry, a.status, a.score, a.usage.total) for a in attempts)


def _started_ids(folder: Path) -> list[str]:
    lines = [
        line
        for path in folder.glob("journal-*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    return [
        json.loads(line)["attempt"] for line in lines if line.startswith('{"type":"attempt.started')
    ]


def _killed_while_sending(store: Path, suite: Path, home: Path, *, part: int) -> None:
    command = [sys.executable, str(_HERE / "remote_support.py"), store.as_uri(), str(suite)]
    died = subprocess.run(
        [*command, str(home), str(part)], capture_output=True, timeout=100, check=False
    )
    assert died.returncode == -signal.SIGKILL, died.stderr[-2000:]


def test_a_run_killed_between_parts_goes_on_from_its_mirror_and_loses_nothing(
    store: Path, suite_file: Path, tmp_path: Path
) -> None:
    here = tmp_path / "here"
    _killed_while_sending(store, suite_file, here, part=2)
    place, outcome = sit(store.as_uri(), suite_file, here)
    assert outcome.end is BenchEnd.FINISHED
    run = load_run(place.folder)
    assert [a.score for a in run.attempts] == _SCORES
    assert outcome.made + len([a for a in run.attempts if a.retry == 0]) >= 6
    assert len(run.earlier) == outcome.lost
    assert not read_log(place.folder).in_flight
    assert _told(_run_from(store.as_uri(), tmp_path / "there")) == _told(run)
    assert sit(store.as_uri(), suite_file, here)[1].made == 0


def test_another_machine_goes_on_with_a_run_whose_machine_is_gone(
    store: Path, suite_file: Path, tmp_path: Path
) -> None:
    gone, other = tmp_path / "gone", tmp_path / "other"
    _killed_while_sending(store, suite_file, gone, part=2)
    with pytest.raises(SetupError, match=r"another machine works on .* \(main; its last sign"):
        sit(store.as_uri(), suite_file, other)
    for claim in store.rglob("claim-main.json"):
        claim.write_text('{"at": 1}', encoding="utf-8")  # as after two minutes
    place, outcome = sit(store.as_uri(), suite_file, other)
    assert outcome.end is BenchEnd.FINISHED
    assert [a.score for a in load_run(place.folder).attempts] == _SCORES
    back, again = sit(store.as_uri(), suite_file, gone)  # it was not gone after all
    assert (again.made, again.tally.done) == (0, 6)
    run = load_run(back.folder)
    assert [a.score for a in run.attempts] == _SCORES
    started = _started_ids(back.folder)
    assert len(started) == len(set(started))
    assert len(run.attempts) + len(run.earlier) == len(started)


def test_two_shards_on_two_machines_under_one_url_are_one_run(
    store: Path, suite_file: Path, tmp_path: Path
) -> None:
    url = store.as_uri()
    for number in (1, 2):
        place, _ = sit(url, suite_file, tmp_path / f"host-{number}", shard=Shard(number, 2))
    whole = load_run(place.folder)
    assert [a.score for a in whole.attempts] == _SCORES
    alone, _ = sit((tmp_path / "alone").as_uri(), suite_file, tmp_path / "host-3")
    assert _told(whole) == _told(load_run(alone.folder))
    assert sit(url, suite_file, tmp_path / "host-3")[1].made == 0
    parts = [tmp_path / f"part-{number}" for number in (1, 2)]
    for number, part in enumerate(parts, start=1):
        sit(part.as_uri(), suite_file, tmp_path / "host-3", shard=Shard(number, 2))
    folders = [bench_place(part.as_uri(), Home(tmp_path / "host-4")).folder for part in parts]
    merge_runs(folders, tmp_path / "merged")
    assert _told(load_run(tmp_path / "merged")) == _told(whole)


def test_worker_processes_write_into_the_mirror_and_their_leader_sends(
    store: Path, suite_file: Path, tmp_path: Path
) -> None:
    place, _ = sit(store.as_uri(), suite_file, tmp_path / "here", executor="procs", max_conn=2)
    run = _run_from(store.as_uri(), tmp_path / "there")
    assert [a.score for a in run.attempts] == _SCORES
    assert _told(run) == _told(load_run(place.folder))
