"""What a run was shown counts only while its evidence is there: gone is unknown, not nothing."""

import shutil
from typing import TYPE_CHECKING

from sonde.benchmarks.runner.judging import judged
from sonde.benchmarks.runner.loading import load_run
from sonde.benchmarks.runner.places import agents_home
from sonde.benchmarks.suites.suite import Task
from sonde.records.json_types import JsonObject

if TYPE_CHECKING:
    from conftest import Bench


def test_what_an_attempt_obtained_is_unknown_where_its_run_is_gone(bench: "Bench") -> None:
    bench.run(limit=1)
    (attempt,) = load_run(bench.folder).attempts
    required: JsonObject = {"required": ["Ohrid", "Prespa"]}
    task = Task(id="t1", input="What is twice 1?", target=("2",), metadata=required)
    home = agents_home(bench.folder)
    there = judged(attempt, task, scorer_name="gaia", home=home)
    assert (there.entities_required, there.entities_found) == (2, 0)
    shutil.rmtree(home / "runs")
    gone = judged(attempt, task, scorer_name="gaia", home=home)
    assert (gone.score, gone.entities_required, gone.entities_found) == (1.0, 2, None)
    again = judged(there, task, scorer_name="f1", home=home)
    assert (again.entities_required, again.entities_found) == (2, 0)
