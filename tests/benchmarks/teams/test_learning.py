"""From recorded runs of the real team to a gate: the same lesson as the simulation's."""

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sonde import SetupError
from sonde.agents.team.gate_file import GateFile
from sonde.agents.team.traces import label_links, read_trace
from sonde.agents.team.training import learn_gate
from sonde.benchmarks.shards.questions import make_questions
from sonde.benchmarks.shards.rollout import record
from sonde.benchmarks.shards.suite import open_shards
from sonde.benchmarks.shards.world import make_world
from sonde.benchmarks.teams.calibrating import Pair, calibrated, play_pairs
from sonde.benchmarks.teams.playing import play
from sonde.benchmarks.teams.recording import (
    RecordedRun,
    Recording,
    RecordingHead,
    add_run,
    latest_recording,
    new_recording,
    read_recording,
    recorded_tasks,
    traces_of,
)
from sonde.memory.home import Home
from sonde.memory.warehouse.queries import QUERIES
from sonde.memory.warehouse.taking_in import take_in_asked
from sonde.memory.warehouse.warehouse import Warehouse
from sonde.policies.gating.fitting import fit_gate
from sonde.policies.gating.gates import OpenGate
from sonde.policies.gating.risk import TooFewTasks, clopper_pearson_upper
from sonde.records.errors import SuiteError

_N = 40


def _recorded(home: Path) -> Recording:
    shards = open_shards("shards:4", home=str(home))
    team = shards.team.with_gate("open")
    suite = shards.suite
    head = RecordingHead(
        suite=suite.name, suite_sha256=suite.content_sha256, team_hash=team.hash, gate="open"
    )
    file = new_recording(team.home, head)

    async def run() -> None:
        async for each in play(team, suite, suite.tasks[:_N]):
            add_run(file, each)

    asyncio.run(run())
    return read_recording(file)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    _recorded(folder)
    return folder


def test_the_real_team_teaches_what_the_simulation_teaches(home: Path) -> None:
    team = open_shards("shards:4", home=str(home)).team
    recording = latest_recording(team.home)
    lesson = learn_gate(list(traces_of(recording, team.home)))
    world = make_world(4)
    questions = make_questions(world, 2_000, seed=5).take(range(_N))
    simulated = record(world, questions, OpenGate())
    assert len(recording.right) == simulated.outcome.is_right.sum()
    assert lesson.needed == simulated.lesson.is_needed.sum()
    assert np.allclose(lesson.gate.weights, fit_gate(simulated.lesson).weights, atol=1e-3)
    assert recorded_tasks(team.home, suite_sha256=recording.head.suite_sha256) == {
        f"shards-4-{row}" for row in range(_N)
    }


def test_one_recursive_query_over_the_warehouse_finds_the_same_messages(home: Path) -> None:
    place = Home(home)
    labelled = {run.run_id: read_trace(place.run(run.run_id).journal) for run in _runs(place)}
    walked = {
        (run_id, int(number) + 1, trace.members[i], trace.members[j])
        for run_id, trace in labelled.items()
        for number, i, j in np.argwhere(label_links(trace).is_needed).tolist()
    }
    with Warehouse(home / "warehouse.duckdb") as warehouse:
        take_in_asked(warehouse, place.runs)
        rows = warehouse.ask(QUERIES["lineage"]).rows
    assert {(str(run), round_, a, b) for _, run, round_, a, b in rows} == walked
    assert len(rows) == len(walked) > _N


def _runs(home: Home) -> tuple[RecordedRun, ...]:
    return latest_recording(home).runs


def test_parents_that_claims_do_not_name_are_found_again(home: Path, tmp_path: Path) -> None:
    """The same lesson from journals in which no claim names its parents."""
    shutil.copytree(home, tmp_path / "home")
    team = open_shards("shards:4", home=str(tmp_path / "home")).team
    recording = latest_recording(team.home)
    whole = learn_gate(list(traces_of(recording, team.home)))
    for run in recording.runs:
        journal = team.home.run(run.run_id).journal
        text = journal.read_text(encoding="utf-8")
        blank = "\n".join(_without_parents(line) for line in text.splitlines()) + "\n"
        journal.write_text(blank, encoding="utf-8")
    filled = learn_gate(list(traces_of(recording, team.home)))
    assert filled.needed >= 0.95 * whole.needed
    assert filled.needed <= 1.1 * whole.needed


def _without_parents(line: str) -> str:
    before, mark, rest = line.partition('"parents":[')
    return before + mark + rest[rest.index("]") :] if mark else line


def test_a_gate_is_calibrated_on_pairs_and_tells_what_it_saves(home: Path) -> None:
    shards = open_shards("shards:4", home=str(home))
    team = shards.team
    world = make_world(4)
    questions = make_questions(world, 100, seed=9)
    gate = fit_gate(record(world, questions, OpenGate()).lesson)
    file = _file(gate.weights.tolist(), team.hash)

    async def pairs() -> list[Pair]:
        tasks = shards.suite.tasks[100:120]
        return [pair async for pair in play_pairs(team, file, shards.suite, tasks)]

    played = asyncio.run(pairs())
    done = calibrated(file, team, played, alpha=0.2)
    seen = done.file.measured
    assert done.file.is_calibrated
    assert (done.file.alpha, done.file.n, done.complaint) == (0.2, 20, None)
    assert seen.gated_tokens is not None
    assert seen.novelty_tokens is not None
    assert seen.open_tokens is not None
    assert seen.gated_tokens < seen.novelty_tokens < seen.open_tokens
    assert [(alpha, tau is None) for alpha, tau, _ in seen.curve][:2] == [
        (0.01, True),
        (0.02, True),
    ]
    assert (seen.members, seen.decider) == (world.roles, "lead")
    with pytest.raises(TooFewTasks, match=r"20 calibration tasks are too few for alpha 0\.02"):
        calibrated(file, team, played, alpha=0.02)


def test_a_gate_no_cheaper_than_novelty_is_not_put_to_use(home: Path) -> None:
    shards = open_shards("shards:4", home=str(home))
    chatty = _file([9.0, *[0.0] * 11], shards.team.hash)
    spent = Pair(
        open_right=True,
        gated_right=True,
        escalated_right=True,
        confidence=0.9,
        open_tokens=300,
        gated_tokens=200,
        escalated_tokens=250,
        open_calls=9,
        gated_calls=8,
        escalated_calls=9,
        novelty_tokens=200,
        cost_usd=0.0,
    )
    busy = replace(spent, gated_tokens=100, gated_calls=10)
    calls = calibrated(chatty, shards.team, [busy] * 60, alpha=0.02)
    assert calls.complaint == "it calls members 10.0 times a task and the open team 9.0 times"
    fine = calibrated(chatty, shards.team, [replace(spent, gated_tokens=100)] * 60, alpha=0.02)
    assert fine.file.is_installed
    wrong = replace(spent, gated_tokens=100, escalated_right=False, confidence=float("nan"))
    lossy = calibrated(chatty, shards.team, [wrong, wrong, *[spent] * 58], alpha=0.02)
    assert lossy.complaint == (
        "2 of 60 tasks were lost even after full communication, more than alpha 0.02 allows"
    )
    assert lossy.file.measured.loss_bound == round(clopper_pearson_upper(2, 60), 4)
    done = calibrated(chatty, shards.team, [spent] * 60, alpha=0.02)
    assert not done.file.is_installed
    assert done.complaint is not None
    assert "200 message tokens a task and the novelty rule 200" in done.complaint


def test_a_run_without_an_answer_teaches_nothing_where_the_truth_is_withheld() -> None:
    run = RecordedRun(
        task_id="a", run_id="r", is_right=None, message_tokens=1, member_calls=1, cost_usd=0.0
    )
    silent = run.model_copy(update={"is_answered": False})
    wrong = run.model_copy(update={"is_right": False})
    head = RecordingHead(suite="s", suite_sha256="0", team_hash="0", gate="open")
    assert Recording(path=Path("x"), head=head, runs=(run, silent, wrong)).right == (run,)


def test_nothing_right_is_nothing_to_learn_from() -> None:
    with pytest.raises(SetupError, match="no recorded run was answered right"):
        learn_gate([])


def test_a_file_that_is_no_recording_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"type": "run"}\n', encoding="utf-8")
    with pytest.raises(SetupError, match="is no recording"):
        read_recording(tmp_path / "x.jsonl")


@pytest.mark.parametrize("name", ["shards:x", "shards:1:1", "shards:1:2:3", "shards:-1"])
def test_a_shards_suite_that_is_none_is_told(name: str) -> None:
    with pytest.raises(SuiteError, match="write shards, shards:SEED or shards:SEED:WORKERS"):
        open_shards(name)


def _file(weights: list[float], team_hash: str) -> GateFile:
    roles = make_world(4).roles
    return GateFile(weights=tuple(weights), roles=roles, team_hash=team_hash, fitted_on=9)


def test_a_damaged_journal_teaches_nothing(home: Path, tmp_path: Path) -> None:
    place = Home(home)
    whole = place.run(_runs(place)[0].run_id).journal.read_bytes()
    claim = whole.index(b'"type":"team.claim"')
    (tmp_path / "journal.jsonl").write_bytes(whole[:claim] + b"#" + whole[claim + 1 :])
    with pytest.raises(SetupError, match="is damaged"):
        read_trace(tmp_path / "journal.jsonl")


def test_a_recording_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    shards = open_shards("shards:4", home=str(tmp_path))

    async def run() -> None:
        async for each in play(shards.team, shards.suite, shards.suite.tasks[:1]):
            add_run(tmp_path / "gone" / "x.jsonl", each)

    with pytest.raises(SetupError, match="cannot write the recording"):
        asyncio.run(run())


def test_a_recording_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    head = RecordingHead(suite="s", suite_sha256="0", team_hash="0", gate="open")
    file = new_recording(Home(tmp_path), head, path=tmp_path / "r.jsonl")
    before = file.read_bytes()
    with pytest.raises(SetupError, match="is there already; name another file"):
        new_recording(Home(tmp_path), head, path=file)
    assert file.read_bytes() == before
