"""How to go on with a run that came to no end: each kind of run by its own door."""

import json
from pathlib import Path

import pytest

from sonde.cli.going_on import way_on
from sonde.cli.stored_runs import stored_result
from sonde.cli.trace_html import trace_html
from sonde.cli.trace_story import story_of
from sonde.cli.trace_text import trace_text
from sonde.memory.evidence import EvidenceStore
from sonde.memory.home import RunFolder
from sonde.records.errors import SetupError
from sonde.records.events import RunStarted
from sonde.records.json_types import JsonObject


def _told(settings: JsonObject) -> str:
    return way_on(RunStarted(at=1.0, run_id="r1", question="Who?", settings=settings))


def test_each_kind_of_run_goes_on_by_its_own_door() -> None:
    assert _told({"origin": {"made_by": "sonde ask"}}) == "go on with: sonde resume r1"
    assert _told({"origin": {}}).endswith("agent.resume('r1')")
    assert _told({"team": []}) == "a team cannot go on with a run, so ask again"


def test_a_run_of_python_is_not_sent_to_the_command_that_refuses_it(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "r1")
    folder.path.mkdir()
    event = {"type": "run.started", "at": 1.0, "run_id": "r1", "question": "Who?"}
    folder.journal.write_text(json.dumps(event) + "\n", encoding="utf-8")
    EvidenceStore(folder.evidence).close()
    story = story_of(folder)
    assert "agent.resume('r1')" in trace_text(story)
    assert "agent.resume(" in trace_html(story)
    with pytest.raises(SetupError, match=r"came to no end; go on with it from Python.*resume\("):
        stored_result(folder)
