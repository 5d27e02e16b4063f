"""A process that is really killed loses nothing that it had finished, and books nothing twice."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from sonde.memory.home import Home
from sonde.memory.journal import read_journal
from sonde.records.events import DecisionMade, Event, ModelCalled, ModelCallStarted, ToolReturned

_SCRIPT = Path(__file__).parent / "killed_run.py"
_EVENTS_OF_A_WHOLE_RUN = 35
_ANSWER = "The last is value 28."


def _process(folder: Path, deed: str, kill_at: int = 0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(_SCRIPT), str(folder), deed, str(kill_at)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"SONDE_HOME": str(folder)},
    )


def _events(folder: Path) -> tuple[Event, ...]:
    (run,) = Home(folder).list_runs()
    return read_journal(run.journal).events


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def test_an_undisturbed_run_is_the_measure(tmp_path: Path) -> None:
    outcome = json.loads(_process(tmp_path, "run").stdout)
    assert outcome["answer"] == _ANSWER
    assert (outcome["rounds"], outcome["steps"]) == (5, 4)
    assert outcome["events"] == _EVENTS_OF_A_WHOLE_RUN
    assert outcome["tokens"] > 0


@pytest.mark.parametrize("kill_at", [2, 4, 5, 6, 7, 17, 33])
def test_a_run_killed_after_any_event_is_resumed_without_loss_or_repetition(
    tmp_path: Path, kill_at: int
) -> None:
    killed = _process(tmp_path, "run", kill_at)
    assert killed.returncode == -signal.SIGKILL
    before = _events(tmp_path)
    assert len(before) == kill_at
    outcome = json.loads(_process(tmp_path, "resume").stdout)
    assert outcome["answer"] == _ANSWER
    assert (outcome["rounds"], outcome["steps"]) == (5, 4)
    after = _events(tmp_path)
    assert after[:kill_at] == before
    _check_nothing_is_doubled(after)
    started = [event.call_id for event in after if isinstance(event, ModelCallStarted)]
    finished = [event.call_id for event in after if isinstance(event, ModelCalled)]
    made = len(_lines(tmp_path / "model_calls"))
    lost = len(started) - len(finished)
    assert len(finished) <= made <= len(started)
    assert lost <= 1
    assert (outcome["tokens"] is None) == (lost == 1)  # what a lost call took is unknown


def test_a_run_killed_again_and_again_still_comes_to_its_end(tmp_path: Path) -> None:
    killed = _process(tmp_path, "run", 4)
    assert killed.returncode == -signal.SIGKILL
    for _ in range(2):
        killed = _process(tmp_path, "resume", 6)
        assert killed.returncode == -signal.SIGKILL
    outcome = json.loads(_process(tmp_path, "resume").stdout)
    assert outcome["answer"] == _ANSWER
    assert (outcome["rounds"], outcome["steps"]) == (5, 4)
    _check_nothing_is_doubled(_events(tmp_path))


def test_a_finished_run_is_not_run_again(tmp_path: Path) -> None:
    first = json.loads(_process(tmp_path, "run").stdout)
    before = _events(tmp_path)
    again = json.loads(_process(tmp_path, "resume").stdout)
    assert {**again, "events": 0} == {**first, "events": 0}
    assert _events(tmp_path) == before


def _check_nothing_is_doubled(events: tuple[Event, ...]) -> None:
    decided = Counter(event.round for event in events if isinstance(event, DecisionMade))
    acted = Counter(event.round for event in events if isinstance(event, ToolReturned))
    assert decided == Counter([1, 2, 3, 4, 5])
    assert acted == Counter([1, 2, 3, 4])
    for kind in (ModelCallStarted, ModelCalled):
        ids = [event.call_id for event in events if isinstance(event, kind)]
        assert len(ids) == len(set(ids))
